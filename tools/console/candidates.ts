/** Which serial ports there are, and which of them may be a board. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { SerialPort } from "serialport";
import { Failure, UsageError } from "../command-line/exit";

export interface Candidate {
  path: string;
  /** The maker's name and what identifies the device, as far as the system knows them. */
  description: string;
}

/** What a Linux kernel calls serial ports on USB. */
const USB_SERIAL = /^tty(USB|ACM)\d+$/;
/** A computer's own serial ports, there whether or not anything is plugged in; Bluetooth and debug consoles on macOS. */
const NO_BOARD = /^\/dev\/(ttyS\d+|(tty|cu)\.(Bluetooth|debug).*)$/;

/** The serial ports that may be a board, best known first. */
export async function listCandidates(): Promise<Candidate[]> {
  try {
    const ports = (await SerialPort.list()).filter(({ path }) => !NO_BOARD.test(path));
    const usb = ports.filter(({ vendorId }) => vendorId !== undefined);
    return (usb.length > 0 ? usb : ports).map(({ path, manufacturer, vendorId, productId, serialNumber }) => ({
      path,
      description: [manufacturer, vendorId && `${vendorId}:${productId}`, serialNumber && `serial ${serialNumber}`]
        .filter(Boolean)
        .join(", "),
    }));
  } catch {
    // Listing asks udevadm, which small systems and containers do without.
    return scanDevices("/dev");
  }
}

/** The serial ports on USB that a folder of devices holds. */
export function scanDevices(directory: string): Candidate[] {
  if (!existsSync(directory)) return [];
  const names = readdirSync(directory).filter((name) => USB_SERIAL.test(name));
  return names.sort().map((name) => ({ path: join(directory, name), description: "" }));
}

export function describeCandidates(candidates: readonly Candidate[]): string {
  return candidates.map(({ path, description }) => `  ${path.padEnd(20)}  ${description}`.trimEnd()).join("\n");
}

/** The one port there is. A Failure where there is none; a UsageError that lists them where there are several. */
export function onlyCandidate(candidates: readonly Candidate[]): string {
  if (candidates.length === 1) return candidates[0].path;
  if (candidates.length === 0) {
    throw new Failure(
      "no serial port found: plug the board in (with a cable that carries data), or name it: --port /dev/ttyUSB0 or --port tcp://host:port",
    );
  }
  throw new UsageError(`there are several ports: choose one with --port\n${describeCandidates(candidates)}`);
}

/** The port that was named, or else the only one there is. */
export async function choosePort(named: string | undefined): Promise<string> {
  return named ?? onlyCandidate(await listCandidates());
}
