import type { Clock } from "./clock";
import { installEvents, installPromise, queueEvent } from "./events";
import { installGlobals } from "./globals";
import { makeInterpreterObject } from "./interpreter-object";
import type { WatchdogRecord } from "./interpreter-object";
import { Loop } from "./loop";
import { makeCrypto, makeNet, makeStorage, makeTls } from "./modules";
import type { Network } from "./network";
import { exceptionText, inspected, printed } from "./print";
import { BoardRandom } from "./random";
import { Realm } from "./realm";
import { Sockets } from "./sockets";
import type { FlashStorage } from "./storage";
import { Wifi } from "./wifi";
import type { WifiOptions } from "./wifi";

export interface RuntimeOptions {
  clock: Clock;
  flash: FlashStorage;
  network: Network;
  connectFault?(host: string, port: number): string | undefined;
  wifi?: WifiOptions;
  crypto: boolean;
  serial: string;
  analogRead(): number;
  /** One line of console output, as bytes without the line's end. */
  print(bytes: string): void;
  /** `load`, `reset` and `E.reboot`: starts afresh, with or without the saved program. */
  restart(load: boolean): void;
  /** `echo(on)`: whether the console shows what is typed, and the prompt. */
  echo(on: boolean): void;
}

const VERSION = "2v29";
/** Variables of an ESP32 build, and what its interpreter uses before any program (measured on a 32-bit build). */
const TOTAL_VARIABLES = 16383;
const IDLE_VARIABLES = 60;
/** Variables that one timer takes, and bytes that one variable of a string holds (measured). */
const TIMER_VARIABLES = 6;
const EVENT_VARIABLES = 6;
const SOCKET_VARIABLES = 30;
const STRING_BYTES = 10;

/** Everything that a power cut takes away: the interpreter's world from one boot to the next. */
export class Runtime {
  readonly loop: Loop;
  readonly wifi?: Wifi;
  readonly watchdog: WatchdogRecord = { automatic: false, kicks: 0, fed: 0 };
  private readonly realm = new Realm();
  private readonly sockets: Sockets;
  private readonly interpreter: object;
  private errorFlags: string[] = [];
  private stopped = false;
  private guard?: { handle: unknown };

  constructor(private readonly options: RuntimeOptions) {
    const { realm } = this;
    this.loop = new Loop(options.clock, (thrown) => this.reportException(thrown));
    this.sockets = new Sockets(realm, this.loop, options);
    this.loop.onTurn = () => this.sockets.idle();
    const random = new BoardRandom();
    const print = (...values: unknown[]) => {
      if (!this.stopped) options.print(values.map(printed).join(" "));
    };
    if (options.wifi) {
      this.sockets.silent = true;
      this.wifi = new Wifi(realm, this.loop, options.wifi, (up) => this.setNetwork(up));
    }
    const restart = (load: boolean) => () => this.loop.queueEvent(() => options.restart(load));
    this.interpreter = makeInterpreterObject(realm, {
      random,
      watchdog: this.watchdog,
      feed: () => this.feedWatchdog(),
      takeErrorFlags: () => this.errorFlags.splice(0),
      reboot: restart(true),
    });
    installEvents(realm, this.loop, (object) => this.sockets.dataHandlerAdded(object));
    installPromise(realm, this.loop);
    installGlobals(realm, this.loop, {
      print,
      random,
      serial: options.serial,
      version: VERSION,
      analogRead: () => options.analogRead(),
      memory: () => this.memory(),
      reset: restart(false),
      load: restart(true),
      echo: (on) => options.echo(on),
      storedModule: (name) => options.flash.read(name),
      modules: {
        net: makeNet(realm, this.sockets, print),
        tls: makeTls(realm, this.sockets, print),
        Storage: makeStorage(realm, options.flash),
        crypto: options.crypto ? makeCrypto(realm) : undefined,
        Wifi: this.wifi?.module,
      },
    });
    realm.define(realm.own.global, "E", this.interpreter);
  }

  /** Runs the saved program, if there is one and it is wanted. */
  start(load: boolean): void {
    const code = load ? this.options.flash.read(".bootcde") : undefined;
    if (code === undefined) return;
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
  }

  raiseErrorFlag(flag: string): void {
    if (this.errorFlags.includes(flag)) return;
    this.errorFlags.push(flag);
    queueEvent(this.loop, this.interpreter, "errorFlag", [this.realm.array(this.errorFlags)]);
  }

  private feedWatchdog(): void {
    this.watchdog.fed = this.options.clock.now();
    if (!this.guard) this.guardFor(this.watchdog.timeout);
  }

  /** Lets the watchdog look in so many seconds. The interpreter itself never hangs here, so that one it feeds never bites. */
  private guardFor(seconds: number | undefined): void {
    if (seconds === undefined) return;
    const { clock } = this.options;
    const look = () => {
      this.guard = undefined;
      const { timeout, automatic, fed } = this.watchdog;
      const left = automatic ? timeout! : timeout! - (clock.now() - fed) / 1000;
      if (left > 0) this.guardFor(left);
      else this.options.restart(true);
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
    else if (!this.stopped) this.options.print("Uncaught " + exceptionText(thrown));
  }

  /**
   * `process.memory()`. The host cannot know what closures would take on a board, so `usage` counts what the simulator can
   * see, at the cost measured on the interpreter: timers, queued events, sockets and the bytes queued in them. A leak of
   * those shows; a leak of anything else needs the real interpreter.
   */
  private memory(): object {
    const usage =
      IDLE_VARIABLES +
      this.loop.timerCount * TIMER_VARIABLES +
      this.loop.eventCount * EVENT_VARIABLES +
      this.sockets.count * SOCKET_VARIABLES +
      Math.ceil(this.sockets.queuedBytes() / STRING_BYTES);
    const free = Math.max(TOTAL_VARIABLES - usage, 0);
    return this.realm.object({ free, usage, total: TOTAL_VARIABLES, history: 0, gc: 0, gctime: 1, blocksize: 14 });
  }
}
