import type { Clock } from "./clock";
import { Dialer } from "./dial";
import { addConsole, makeNrf, makeTelnetServer } from "./doors";
import { makeEsp32 } from "./esp32-object";
import { installEvents, installPromise, queueEvent } from "./events";
import { installGlobals } from "./globals";
import type { Hardware } from "./hardware";
import { VERSIONS } from "./images";
import { makeInterpreterObject } from "./interpreter-object";
import type { WatchdogRecord } from "./interpreter-object";
import { Loop } from "./loop";
import { Memory } from "./memory";
import { makeCrypto, makeNet, makeStorage, makeTls } from "./modules";
import type { Network } from "./network";
import { exceptionText, inspected, printed } from "./print";
import { BoardRandom } from "./random";
import { makeFlash } from "./raw-flash";
import { Realm } from "./realm";
import { Servers } from "./servers";
import { Sockets } from "./sockets";
import { whilePowered } from "./while-powered";
import type { WifiOptions } from "./wifi-air";
import { makeWifi } from "./wifi-module";

/** How an interpreter begins anew: without the saved program, with it, or with the whole chip. */
export type Restart = "reset" | "load" | "reboot";

export interface RuntimeOptions {
  clock: Clock;
  hardware: Hardware;
  network: Network;
  connectFault?(host: string, port: number): string | undefined;
  air: WifiOptions;
  crypto: boolean;
  serial: string;
  analogRead(): number;
  restart(how: Restart): void;
  /** Counts calls of the program's code, over all restarts. */
  step(): number;
  /** `echo(on)`: whether the console shows what is typed, and the prompt. */
  echo(on: boolean): void;
}

/** Everything that a power cut takes away: the interpreter's world from one boot to the next. */
export class Runtime {
  readonly loop: Loop;
  readonly watchdog: WatchdogRecord = { automatic: false, kicks: 0, fed: 0 };
  readonly servers: Servers;
  private readonly realm = new Realm();
  private readonly sockets: Sockets;
  private readonly interpreter: object;
  private readonly memory: Memory;
  private errorFlags: string[] = [];
  private stopped = false;
  private guard?: { handle: unknown };
  /** When the chip's idle task ran last. */
  private idled = 0;

  constructor(private readonly options: RuntimeOptions) {
    const { realm } = this;
    const { hardware, network } = options;
    const { traits } = hardware;
    const stopped = () => this.stopped;
    const printLine = (line: string) => {
      if (!this.stopped) hardware.console.print(line);
    };
    this.memory = new Memory(traits.variables, hardware.ble || hardware.image === "LINUX");
    this.loop = new Loop(options.clock, (thrown) => this.reportException(thrown));
    const dialer = new Dialer(realm, this.loop, { ...options, print: printLine, stopped });
    this.sockets = new Sockets(realm, this.loop, {
      network,
      dial: (target, ca) => dialer.dial(target, ca),
      free: (descriptor) => hardware.sockets.free(descriptor),
    });
    this.servers = new Servers(realm, hardware.sockets, printLine);
    this.loop.onTurn = () => this.turn();
    this.loop.onStep = () => {
      if (options.step() === traits["exhaust-at-step"]) this.outOfMemory();
    };
    const random = new BoardRandom();
    const print = (...values: unknown[]) => printLine(values.map(printed).join(" "));
    const restart = (how: Restart) => () => this.loop.queueEvent(() => options.restart(how));
    this.interpreter = makeInterpreterObject(realm, {
      random,
      watchdog: this.watchdog,
      feed: () => this.feedWatchdog(),
      takeErrorFlags: () => this.errorFlags.splice(0),
      reboot: restart("reboot"),
    });
    addConsole(realm, this.interpreter, hardware);
    installEvents(realm, this.loop, (object) => this.sockets.dataHandlerAdded(object));
    installPromise(realm, this.loop);
    const flash = whilePowered(hardware.flash, stopped);
    installGlobals(realm, this.loop, {
      print,
      random,
      serial: options.serial,
      version: VERSIONS[hardware.release],
      board: hardware.image,
      console: () => hardware.console.device,
      analogRead: () => options.analogRead(),
      memory: (collect) => this.processMemory(collect),
      reset: restart("reset"),
      load: restart("load"),
      echo(on) {
        hardware.console.echo = on;
        options.echo(on);
      },
      storedModule: (name) => flash.read(name),
      modules: {
        net: makeNet(realm, this.sockets, this.servers, print),
        tls: traits.tls === "absent" ? undefined : makeTls(realm, this.sockets, print),
        Storage: makeStorage(realm, flash),
        crypto: options.crypto && hardware.libraries.crypto ? makeCrypto(realm) : undefined,
        ...this.chipModules(printLine, stopped),
      },
    });
    realm.define(realm.own.global, "E", this.interpreter);
    const { libraries } = hardware;
    if (libraries.bluetooth) realm.define(realm.own.global, "NRF", makeNrf(realm, this.loop, hardware));
    if (hardware.image !== "LINUX") {
      const reboot = restart("reboot");
      realm.define(realm.own.global, "ESP32", makeEsp32(realm, hardware, { print: printLine, reboot }));
    }
  }

  /** What only a chip has. */
  private chipModules(print: (line: string) => void, stopped: () => boolean): Record<string, object | undefined> {
    const { hardware } = this.options;
    if (!hardware.libraries.wifi) return {};
    const flow = () => this.setNetwork(hardware.driver.flows);
    this.sockets.silent = !hardware.driver.flows;
    return {
      Wifi: makeWifi(this.realm, this.loop, hardware, { print, flow, leak: (count) => this.memory.leak(count) }),
      TelnetServer: hardware.libraries.telnet ? makeTelnetServer(this.realm, this.loop, hardware) : undefined,
      Flash: makeFlash(this.realm, whilePowered(hardware.rawFlash, stopped)),
    };
  }

  /** Runs the saved program, if there is one and it is wanted. */
  start(load: boolean): void {
    const code = load ? this.options.hardware.flash.read(".bootcde") : undefined;
    this.loop.wake();
    if (code === undefined) return;
    this.memory.load(code);
    this.loop.guard(() => this.realm.run(code, ".bootcde"));
    this.loop.flushException();
  }

  /** Types a line (a byte string); `done` is told the value, where it gives one, as the console shows it. */
  type(line: string, done: (shown: string) => void = () => undefined): void {
    this.loop.queueInput(() => done(inspected(this.realm.run(line, "console"))));
  }

  /** Runs `then` when what was typed so far has run, and what it threw is printed. */
  afterInput(then: () => void): void {
    this.loop.queueInput(then);
  }

  stop(): void {
    this.stopped = true;
    if (this.guard) this.options.clock.clearTimeout(this.guard.handle);
    this.guard = undefined;
    this.loop.stop();
    this.sockets.destroy();
    this.servers.stop();
  }

  raiseErrorFlag(...flags: string[]): void {
    const fresh = flags.filter((flag) => !this.errorFlags.includes(flag));
    if (fresh.length === 0) return;
    this.errorFlags.push(...fresh);
    queueEvent(this.loop, this.interpreter, "errorFlag", [this.realm.array(this.errorFlags)]);
  }

  private turn(): boolean {
    const { hardware } = this.options;
    hardware.telnet.idle();
    if (!this.socketsOpen) this.idled = this.options.clock.now();
    if (this.usage() > this.memory.total) this.outOfMemory();
    return this.sockets.idle();
  }

  /** What the interpreter does when it has no variable left: it tells, drops intervals and what was queued, and goes on. */
  outOfMemory(): void {
    const told = this.errorFlags.includes("MEMORY");
    this.raiseErrorFlag("LOW_MEMORY", "MEMORY");
    this.loop.removeIntervals();
    this.sockets.dropQueued();
    if (!told) this.print("New interpreter error: LOW_MEMORY,MEMORY");
  }

  private print(line: string): void {
    if (!this.stopped) this.options.hardware.console.print(line);
  }

  private feedWatchdog(): void {
    this.watchdog.fed = this.options.clock.now();
    if (!this.socketsOpen) this.idled = this.watchdog.fed;
    if (!this.guard) this.guardFor(this.watchdog.timeout);
  }

  /** Lets the watchdog look in so many seconds. The interpreter itself never hangs here, so that one it feeds never bites. */
  private guardFor(seconds: number | undefined): void {
    if (seconds === undefined) return;
    const { clock } = this.options;
    const look = () => {
      this.guard = undefined;
      const { timeout, automatic, fed } = this.watchdog;
      const after = (since: number) => timeout! - (clock.now() - since) / 1000;
      const idle = this.options.hardware.traits["idle-watchdog"] ? after(this.idled) : timeout!;
      const left = Math.min(automatic ? timeout! : after(fed), idle);
      if (left > 0) this.guardFor(left);
      else this.options.restart("reboot");
    };
    this.guard = { handle: clock.setTimeout(look, seconds * 1000) };
  }

  private setNetwork(up: boolean): void {
    this.sockets.silent = !up;
    this.loop.wake();
  }

  private reportException(thrown: unknown): void {
    const process = this.realm.own.global.process as Record<string, unknown>;
    if (process["#onuncaughtException"]) queueEvent(this.loop, process, "uncaughtException", [thrown]);
    else this.print("Uncaught " + exceptionText(thrown));
  }

  /** While one is, the interpreter never sleeps. */
  private get socketsOpen(): boolean {
    return this.sockets.count > 0;
  }

  private usage(): number {
    return this.memory.usage({
      timers: this.loop.timerCount,
      events: this.loop.eventCount,
      sockets: this.sockets.count,
      connecting: this.sockets.connecting,
      bytes: this.sockets.queuedBytes(),
    });
  }

  /** `process.memory()` (jswrap_process.c:220): without the collector two fields are missing. */
  private processMemory(collect: boolean): object {
    const { total } = this.memory;
    const usage = this.usage();
    const collected = collect ? { gc: 0, gctime: 1 } : {};
    return this.realm.object({
      free: Math.max(total - usage, 0),
      usage,
      total,
      history: 0,
      ...collected,
      blocksize: 14,
    });
  }
}
