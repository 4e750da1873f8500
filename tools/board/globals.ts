import type { Loop } from "./loop";
import type { BoardRandom } from "./random";
import type { Realm } from "./realm";

export interface GlobalHooks {
  /** `print` and every method of `console`. */
  print(...values: unknown[]): void;
  /** The interpreter's own modules. */
  modules: Record<string, object | undefined>;
  /** The code of a module that is a file in Storage. */
  storedModule(name: string): string | undefined;
  random: BoardRandom;
  serial: string;
  version: string;
  /** The image's name. */
  board: string;
  /** Where the console is. */
  console(): string | null;
  analogRead(): number;
  /** @param collect whether the garbage collector runs first. */
  memory(collect: boolean): object;
  reset(): void;
  load(): void;
  echo(on: boolean): void;
}

/** Puts the board's own functions into the global scope. */
export function installGlobals(realm: Realm, loop: Loop, hooks: GlobalHooks): void {
  const { global } = realm.own;
  const define = (members: Record<string, unknown>) => {
    for (const [name, member] of Object.entries(members)) realm.define(global, name, member);
  };
  const log = hooks.print;
  const loaded = new Map<string, object>();
  define({
    ...timerFunctions(realm, loop),
    global,
    print: log,
    console: realm.object({ log, debug: log, info: log, warn: log, error: log }),
    process: realm.object({
      version: hooks.version,
      env: realm.object({
        VERSION: hooks.version,
        BOARD: hooks.board,
        SERIAL: hooks.serial,
        CONSOLE: hooks.console(),
      }),
      memory: (collect: unknown) => hooks.memory(collect === undefined || Boolean(collect)),
    }),
    require(name: unknown) {
      const key = String(name);
      const found = (Object.hasOwn(hooks.modules, key) && hooks.modules[key]) || loaded.get(key);
      if (found) return found;
      const code = hooks.storedModule(key);
      if (code === undefined) throw new realm.own.Error(`Module "${key}" not found`);
      const module = realm.object({ exports: realm.object() }) as { exports: object };
      const run = realm.run(`(function (exports, module) {${code}\n})`, key) as (...args: object[]) => void;
      run.call(module.exports, module.exports, module);
      loaded.set(key, module.exports);
      return module.exports;
    },
    getSerial: () => hooks.serial,
    btoa: (data: unknown) =>
      (typeof data === "string" ? Buffer.from(data, "latin1") : Buffer.from(data as Uint8Array)).toString("base64"),
    atob: (text: unknown) => Buffer.from(String(text), "base64").toString("latin1"),
    analogRead: () => hooks.analogRead(),
    digitalRead: () => 0,
    digitalWrite: () => undefined,
    analogWrite: () => undefined,
    pinMode: () => undefined,
    echo: (on: unknown) => hooks.echo(Boolean(on)),
    reset: () => hooks.reset(),
    load: () => hooks.load(),
  });
  for (let pin = 0; pin < 40; pin++) realm.define(global, `D${pin}`, realm.object());
  const math = global.Math as object;
  realm.define(math, "random", () => hooks.random.fraction());
  realm.define(math, "randInt", (range: number) => hooks.random.next() % range);
  realm.define(math, "clip", (value: number, low: number, high: number) => Math.min(Math.max(value, low), high));
  correctDate(realm, loop);
}

function timerFunctions(realm: Realm, loop: Loop): Record<string, unknown> {
  const { Error } = realm.own;
  const callback = (fn: unknown, args: unknown[]) => {
    if (typeof fn === "string") return () => void realm.run(fn, "timer");
    if (typeof fn !== "function") throw new Error("Function or String not supplied!");
    return () => void (fn as (...args: unknown[]) => void).apply(realm.own.global, args);
  };
  const set =
    (repeat: boolean) =>
    (fn: unknown, ms: unknown, ...args: unknown[]) =>
      loop.addTimer(callback(fn, args), Number(ms), repeat);
  const clear =
    (name: string) =>
    (...ids: unknown[]) => {
      if (ids.length === 0) return loop.removeAllTimers();
      if (ids[0] === undefined) throw new Error(`${name}(undefined) not allowed. Use ${name}() instead`);
      loop.removeTimer(Number(ids[0]));
    };
  return {
    setTimeout: set(false),
    setInterval: set(true),
    clearTimeout: clear("clearTimeout"),
    clearInterval: clear("clearInterval"),
    changeInterval(id: unknown, ms: unknown) {
      if (!loop.changeInterval(Number(id), Number(ms))) throw new Error("Unknown Interval");
    },
    getTime: () => loop.systemTime() / 1000,
    setTime: (seconds: unknown) => loop.setSystemTime(Number(seconds) * 1000),
  };
}

/** The board's Date lives in the board's time. */
function correctDate(realm: Realm, loop: Loop): void {
  const Native = realm.own.Date;
  const now = () => loop.systemTime();
  const BoardDate = function (...args: unknown[]): unknown {
    if (!new.target) return new Native(now()).toString();
    return Reflect.construct(Native, args.length ? args : [now()], new.target);
  };
  BoardDate.prototype = Native.prototype;
  realm.define(Native.prototype, "constructor", BoardDate);
  realm.define(BoardDate, "now", now);
  realm.define(BoardDate, "parse", Native.parse);
  realm.define(realm.own.global, "Date", BoardDate);
}
