import { join } from "node:path";
import { assertBytes, textToBytes } from "./board";
import type { Board, BoardOptions } from "./board";
import { hostClock } from "./clock";
import type { Clock } from "./clock";
import { LineReader } from "./console";
import { SERIAL } from "./console-device";
import { Hardware } from "./hardware";
import type { ImageName, Release } from "./images";
import type { WatchdogRecord } from "./interpreter-object";
import { hostNetwork } from "./network";
import type { Network } from "./network";
import { Settings } from "./nvs";
import { RawFlash } from "./raw-flash";
import { Runtime } from "./runtime";
import type { Restart } from "./runtime";
import { ESP32_STORAGE_BYTES, FlashStorage } from "./storage";
import type { Stranger } from "./stranger";
import type { Traits } from "./traits";
import { traitsOf } from "./traits";
import type { WifiOptions } from "./wifi-air";
import { ANY } from "./wifi-air";
import type { WifiEvent } from "./wifi-events";

export interface SimulatedBoardOptions extends Omit<BoardOptions, "directory"> {
  /** Where its Storage lives; without one it lives in memory, as long as this object. */
  directory?: string;
  /** Which build it runs. Default: the ESP32's. LINUX has no Wi-Fi, and its network is simply up. */
  image?: ImageName;
  /** Default: the last release, 2v29. */
  release?: Release;
  /** What is otherwise than on that image. */
  traits?: Partial<Traits>;
  /** The time it lives in. Default: the host's clock, `speed` times as fast. */
  clock?: Clock;
  /** Where its connections go. Default: real sockets. */
  network?: Network;
  /** Asked before each connect; a text is thrown as the board throws it ("Unable to create socket", "Unable to locate host"). */
  connectFault?(host: string, port: number): string | undefined;
  /** Flash for Storage in bytes. Default: an ESP32's, 917504. */
  storageBytes?: number;
  /** The Wi-Fi network around it. Default: one for whatever name and password it has. */
  wifi?: WifiOptions;
  /** The native hashes, `require("crypto")`. Default: where the image has them. */
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
 * What the host's engine cannot be made to do, the simulator does not do: it hoists, counts no closures, knows no limit of
 * `apply`, keeps the code of a literal like "\u4f60", lets `arr.length = 0` and `Array.prototype.slice.call` work, answers
 * unknown members of typed arrays and strings with undefined, has complete regular expressions and Number.EPSILON, goes
 * on with `for…in` after a delete, refuses the trailing comma that the board's JSON.parse lets pass, and prints objects
 * in one line. A power cut closes sockets, where a board's peers would hear nothing. For the language there are the
 * build's gate and the real interpreter.
 *
 * What only a chip has is in `traits.ts`, each as its C source has it. On the host's clock no call takes time, and with real
 * sockets a refused or silent server is told later, by closing: both need a clock and a network that the test owns.
 */
export class SimulatedBoard implements Board {
  readonly image: ImageName;
  readonly release: Release;
  readonly traits: Traits;
  private readonly flash: FlashStorage;
  private readonly rawFlash: RawFlash;
  private readonly settings: Settings;
  private readonly clock: Clock;
  /** The network in the air, whatever the board does. */
  private readonly air: WifiOptions;
  private hardware?: Hardware;
  private runtime?: Runtime;
  /** Calls of the program's code since the first power-on. */
  private steps = 0;

  constructor(private readonly options: SimulatedBoardOptions) {
    const { directory, image = "ESP32", release = "2v29" } = options;
    const file = (name: string) => directory && join(directory, name);
    this.image = image;
    this.release = release;
    this.traits = traitsOf(image, release, options.traits);
    this.flash = new FlashStorage(file("storage"), options.storageBytes ?? ESP32_STORAGE_BYTES);
    this.rawFlash = new RawFlash(file("flash.bin"));
    this.settings = new Settings(file("settings.json"));
    this.clock = options.clock ?? hostClock(options.speed ?? 1);
    this.air = { ...(options.wifi ?? { ssid: ANY }) };
  }

  powerOn(): Promise<void> {
    if (!this.runtime) this.boot("reboot");
    return Promise.resolve();
  }

  powerOff(): Promise<void> {
    this.runtime?.stop();
    this.hardware?.stop();
    this.runtime = undefined;
    this.hardware = undefined;
    return Promise.resolve();
  }

  /** On the serial port; lost while the console is elsewhere. */
  type(line: string): void {
    const runtime = this.powered();
    if (this.serialHasConsole) runtime.type(textToBytes(line));
  }

  /**
   * As `type`, for a byte string; `shown` is told the value as the console shows it, `done` when all of the line is over. False
   * where the console is elsewhere: nothing is told then.
   */
  enter(line: string, shown: (value: string) => void, done: () => void): boolean {
    const runtime = this.powered();
    if (!this.serialHasConsole) return false;
    runtime.type(line, shown);
    runtime.afterInput(done);
    return true;
  }

  /** Whether the serial port is where the interpreter's console is. */
  get serialHasConsole(): boolean {
    return this.hardware?.console.device === SERIAL;
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

  /** The network in the air changes: goes (`absent`), comes back, has another password, says nothing (`mute`). */
  changeWifi(change: Partial<WifiOptions>): void {
    Object.assign(this.air, change);
    this.hardware?.driver.changed();
  }

  /** The access point goes away, or comes back. */
  setWifiPresent(present: boolean): void {
    this.changeWifi({ absent: !present });
  }

  /** The link stays, with its address, and nothing passes until the board disconnects and connects. */
  deafenWifi(): void {
    this.radio().deafen();
  }

  /** The driver does nothing more until a reboot or a power cut. */
  wedgeWifi(): void {
    this.radio().wedge();
  }

  /** The address is gone, which no event tells. */
  loseAddress(): void {
    this.radio().loseAddress();
  }

  /** The next event of this name is lost, as while the collector runs (jsvar.c:607). */
  loseNextEvent(event: WifiEvent): void {
    this.radio().loseNext(event);
  }

  /** What a stranger can reach just now: "telnet", "ble", "access-point", "port 80". */
  listening(): string[] {
    const { hardware, runtime } = this;
    if (!hardware || !runtime) return [];
    const found: string[] = [];
    if (hardware.telnet.listens) found.push("telnet");
    if (hardware.bluetooth.advertises) found.push("ble");
    if (hardware.driver.accessPointOpen) found.push("access-point");
    return [...found, ...runtime.servers.ports.map((port) => `port ${port}`)];
  }

  /** Somebody connects to port 23; undefined where that door is shut, or nobody reaches it. */
  openTelnet(): Stranger | undefined {
    const { hardware } = this;
    return hardware?.reachable ? hardware.telnet.accept((line) => this.powered().type(textToBytes(line))) : undefined;
  }

  /** Somebody connects by BLE; undefined where the board does not advertise. */
  connectBle(): Stranger | undefined {
    return this.hardware?.bluetooth.connect((line) => this.powered().type(textToBytes(line)));
  }

  /** Sockets of its TCP/IP stack that are left. */
  get socketsLeft(): number {
    return this.hardware?.sockets.left ?? 0;
  }

  /** Raises an error flag of the interpreter, for example "MEMORY": `E.getErrorFlags()` tells it once. */
  raiseErrorFlag(flag: string): void {
    this.powered().raiseErrorFlag(flag);
  }

  /** Memory runs out, just now. */
  exhaustMemory(): void {
    this.powered().outOfMemory();
  }

  /** What the program did with the watchdog since it booted. */
  get watchdog(): Readonly<WatchdogRecord> {
    return this.powered().watchdog;
  }

  private powered(): Runtime {
    if (!this.runtime) throw new Error("the board is off");
    return this.runtime;
  }

  private radio() {
    this.powered();
    return this.hardware!.driver;
  }

  private boot(how: Restart): void {
    this.runtime?.stop();
    if (how === "reboot") this.hardware?.stop();
    const { options } = this;
    const hardware = how === "reboot" ? this.makeHardware() : this.hardware!;
    this.hardware = hardware;
    const runtime = new Runtime({
      clock: this.clock,
      hardware,
      network: options.network ?? hostNetwork,
      connectFault: options.connectFault,
      air: this.air,
      crypto: options.crypto ?? true,
      serial: options.serial ?? "240ac400-0001",
      analogRead: options.analogRead ?? Math.random,
      restart: (again) => this.boot(again),
      step: () => ++this.steps,
      echo: (on) => options.onEcho?.(on),
    });
    this.runtime = runtime;
    hardware.begin();
    options.onBoot?.();
    runtime.start(how !== "reset");
    // main.c:126: once, when the program has run; which may itself have restarted the board.
    if (how === "reboot" && this.runtime === runtime) hardware.restoreWifi();
  }

  private makeHardware(): Hardware {
    const lines = new LineReader((line) => this.options.onLine(line));
    return new Hardware({
      image: this.image,
      release: this.release,
      traits: this.traits,
      clock: this.clock,
      air: this.air,
      flash: this.flash,
      rawFlash: this.rawFlash,
      settings: this.settings,
      serialLine: (bytes) => lines.push(Buffer.from(bytes + "\n", "latin1")),
    });
  }
}
