import { join } from "node:path";
import { assertBytes, textToBytes } from "./board";
import type { Board, BoardOptions } from "./board";
import { hostClock } from "./clock";
import type { Clock } from "./clock";
import { LineReader } from "./console";
import { hostNetwork } from "./network";
import type { Network } from "./network";
import { Runtime } from "./runtime";
import { ESP32_STORAGE_BYTES, FlashStorage } from "./storage";
import type { WatchdogRecord } from "./interpreter-object";
import type { WifiOptions } from "./wifi";

export interface SimulatedBoardOptions extends Omit<BoardOptions, "directory"> {
  /** Where its Storage lives; without one it lives in memory, as long as this object. */
  directory?: string;
  /** The time it lives in. Default: the host's clock, `speed` times as fast. */
  clock?: Clock;
  /** Where its connections go. Default: real sockets. */
  network?: Network;
  /** Asked before each connect; a text is thrown as the board throws it ("Unable to create socket", "Unable to locate host"). */
  connectFault?(host: string, port: number): string | undefined;
  /** Flash for Storage in bytes. Default: an ESP32's, 917504. */
  storageBytes?: number;
  /** Gives it a `Wifi` module and that network around it; without it the network is simply up, and there is no such module. */
  wifi?: WifiOptions;
  /** The native hashes, `require("crypto")`. Default true. */
  crypto?: boolean;
  /** Its serial number, as `getSerial()` gives it. Default `240ac400-0001`. */
  serial?: string;
  /** What `analogRead` of any pin gives, 0–1. Default: noise. */
  analogRead?(): number;
  /** Its interpreter begins anew: powered on, `reset`, `load`. Its console echoes from then on. */
  onBoot?(): void;
  /** `echo(on)` was called. */
  onEcho?(on: boolean): void;
}

/**
 * An ESP32 with Espruino in the host's process: runs an ES5 program in a bare context, as unkindly as the board would.
 *
 * What the host's engine cannot be made to do, the simulator does not do: it hoists, knows no limit of memory or of
 * `apply`, keeps the code of a literal like "\u4f60", lets `arr.length = 0` and `Array.prototype.slice.call` work, answers
 * unknown members of typed arrays and strings with undefined, has complete regular expressions and Number.EPSILON, goes
 * on with `for…in` after a delete, refuses the trailing comma that the board's JSON.parse lets pass, and prints objects
 * in one line. A power cut closes sockets, where a board's peers would hear nothing. For the language there are the
 * build's gate and the real interpreter.
 */
export class SimulatedBoard implements Board {
  private readonly flash: FlashStorage;
  private readonly clock: Clock;
  /** The network in the air, whatever the board does. */
  private readonly air?: WifiOptions;
  private runtime?: Runtime;

  constructor(private readonly options: SimulatedBoardOptions) {
    const { directory } = options;
    this.flash = new FlashStorage(directory && join(directory, "storage"), options.storageBytes ?? ESP32_STORAGE_BYTES);
    this.clock = options.clock ?? hostClock(options.speed ?? 1);
    this.air = options.wifi && { ...options.wifi };
  }

  powerOn(): Promise<void> {
    if (!this.runtime) this.boot(true);
    return Promise.resolve();
  }

  powerOff(): Promise<void> {
    this.runtime?.stop();
    this.runtime = undefined;
    return Promise.resolve();
  }

  type(line: string): void {
    this.powered().type(textToBytes(line));
  }

  /** As `type`, for a byte string; `shown` is told the value as the console shows it, `done` when all of the line is over. */
  enter(line: string, shown: (value: string) => void, done: () => void): void {
    const runtime = this.powered();
    runtime.type(line, shown);
    runtime.afterInput(done);
  }

  writeFile(name: string, content: string): Promise<void> {
    return new Promise((resolve) => {
      assertBytes(content);
      if (content === "") this.flash.erase(name);
      else this.flash.write(name, content);
      resolve();
    });
  }

  readFile(name: string): Promise<string | undefined> {
    return Promise.resolve(this.flash.read(name));
  }

  /** Moves its clock forward (or back) as SNTP does: pending timers are due that much sooner. */
  stepClock(seconds: number): void {
    this.powered().loop.step(seconds * 1000);
  }

  /** The network in the air changes: goes (`absent`), comes back, has another password, says nothing (`mute`). Needs the `wifi` option. */
  changeWifi(change: Partial<WifiOptions>): void {
    if (!this.air) throw new Error("this board has no Wi-Fi: give it the wifi option");
    Object.assign(this.air, change);
    this.runtime?.wifi?.changed();
  }

  /** The access point goes away, or comes back. Needs the `wifi` option. */
  setWifiPresent(present: boolean): void {
    this.changeWifi({ absent: !present });
  }

  /** Raises an error flag of the interpreter, for example "MEMORY": `E.getErrorFlags()` tells it once. */
  raiseErrorFlag(flag: string): void {
    this.powered().raiseErrorFlag(flag);
  }

  /** What the program did with the watchdog since it booted. */
  get watchdog(): Readonly<WatchdogRecord> {
    return this.powered().watchdog;
  }

  private powered(): Runtime {
    if (!this.runtime) throw new Error("the board is off");
    return this.runtime;
  }

  /** @param load whether `.bootcde` runs. */
  private boot(load: boolean): void {
    this.runtime?.stop();
    const { options } = this;
    const lines = new LineReader((line) => options.onLine(line));
    const runtime = new Runtime({
      clock: this.clock,
      flash: this.flash,
      network: options.network ?? hostNetwork,
      connectFault: options.connectFault,
      wifi: this.air,
      crypto: options.crypto ?? true,
      serial: options.serial ?? "240ac400-0001",
      analogRead: options.analogRead ?? Math.random,
      print: (bytes) => lines.push(Buffer.from(bytes + "\n", "latin1")),
      restart: (again) => this.boot(again),
      echo: (on) => options.onEcho?.(on),
    });
    this.runtime = runtime;
    options.onBoot?.();
    runtime.start(load);
  }
}
