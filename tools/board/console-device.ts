/** Where the interpreter's console is: a device's name, or nowhere. */
export type Device = string | null;

export const SERIAL = "Serial1";
export const TELNET = "Telnet";
export const BLUETOOTH = "Bluetooth";

/**
 * The console and its one lock (jsinteractive.c:228): a console that is not forced follows whoever connects by telnet or BLE. The device
 * outlives load(); that it was forced does not (848, JSIS_SOFTINIT_MASK).
 */
export class ConsoleDevice {
  forced = false;
  /** Tells of a move, on either device, while the console echoes. */
  echo = true;
  private current: Device = SERIAL;

  constructor(private readonly write: (device: Device, line: string) => void) {}

  get device(): Device {
    return this.current;
  }

  move(device: Device, force: boolean): void {
    this.forced = force;
    const before = this.current;
    if (device === before) return;
    if (this.echo) this.write(before, `-> ${String(device)}`);
    this.current = device;
    if (this.echo) this.write(device, `<- ${String(before)}`);
  }

  print(line: string): void {
    this.write(this.current, line);
  }

  /** load() and reset(). */
  begin(): void {
    this.forced = false;
    this.echo = true;
  }
}

/** What `E.setConsole` takes for a device on this image; undefined where the interpreter throws (jsdevices.c:753, jswrap_espruino.c:1506). */
export function consoleDevice(given: unknown, telnet: boolean, bluetooth: boolean): Device | undefined {
  if (given === null) return null;
  if (given === TELNET) return telnet ? TELNET : undefined;
  if (given === BLUETOOTH) return bluetooth ? BLUETOOTH : undefined;
  return typeof given === "string" && /^Serial[123]$/.test(given) ? given : undefined;
}
