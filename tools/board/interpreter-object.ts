import { crc32 } from "node:zlib";
import type { BoardRandom } from "./random";
import type { Realm } from "./realm";

export interface WatchdogRecord {
  /** Seconds, as given to `E.enableWatchdog`; undefined while none is enabled. */
  timeout?: number;
  /** The interpreter feeds it by itself. */
  automatic: boolean;
  kicks: number;
  /** When it was enabled or kicked last, in milliseconds of the board's clock. */
  fed: number;
}

export interface InterpreterHooks {
  random: BoardRandom;
  watchdog: WatchdogRecord;
  /** The watchdog was enabled or kicked. */
  feed(): void;
  /** The flags so far; the call clears them. */
  takeErrorFlags(): string[];
  reboot(): void;
}

/**
 * The object `E` of an ESP32 build (no Unicode). Differences from the board: `E.toArrayBuffer` copies, where the board's
 * result shares its bytes with the string; a watchdog that bites leaves no trace but the boot.
 */
export function makeInterpreterObject(realm: Realm, hooks: InterpreterHooks): object {
  const { own } = realm;
  const { random, watchdog } = hooks;
  const E = realm.object();
  const members: Record<string, unknown> = {
    toString: (...values: unknown[]) => byteString(realm, values),
    toArrayBuffer: (text: unknown) =>
      typeof text === "string" ? realm.arrayBuffer(Buffer.from(text, "latin1")) : undefined,
    toUint8Array: (...values: unknown[]) =>
      new own.Uint8Array(realm.arrayBuffer(Buffer.from(byteString(realm, values), "latin1"))),
    mapInPlace(
      from: ArrayLike<number>,
      to: number[],
      map?: ArrayLike<number> | ((value: number, at: number) => number),
    ) {
      for (let i = 0; i < from.length; i++) {
        const value = from[i]!;
        to[i] = typeof map === "function" ? map(value, i) : map ? map[value]! : value;
      }
    },
    isUTF8: () => false,
    fromUTF8: () => undefined,
    asUTF8() {
      throw new own.Error("Unicode not supported on this build");
    },
    CRC32: (...values: unknown[]) => crc32(Buffer.from(byteString(realm, values), "latin1")),
    hwRand: () => random.next(),
    srand: (seed: number) => random.seed(seed),
    getErrorFlags: () => realm.array(hooks.takeErrorFlags()),
    setFlags: () => undefined,
    defrag: () => undefined,
    enableWatchdog(timeout: number, automatic?: boolean) {
      watchdog.timeout = Number(timeout);
      watchdog.automatic = automatic === undefined || Boolean(automatic);
      hooks.feed();
    },
    kickWatchdog() {
      watchdog.kicks++;
      hooks.feed();
    },
    reboot: () => hooks.reboot(),
  };
  for (const [name, member] of Object.entries(members)) realm.define(E, name, member);
  return E;
}

/** What `E.toString` makes of numbers, strings, arrays (nested), buffers and views: each element's low byte. */
function byteString(realm: Realm, values: unknown[]): string {
  const bytes: number[] = [];
  const add = (value: unknown): void => {
    if (typeof value === "number" || typeof value === "boolean") bytes.push(Number(value) & 255);
    else if (typeof value === "string") for (let i = 0; i < value.length; i++) bytes.push(value.charCodeAt(i) & 255);
    else if (Array.isArray(value)) value.forEach(add);
    else if (value instanceof realm.own.ArrayBuffer) bytes.push(...new Uint8Array(value));
    else if (ArrayBuffer.isView(value)) Array.from(value as unknown as ArrayLike<number>).forEach(add);
    else if (typeof value === "object" && value !== null) addDescribed(value as Described);
    else throw new realm.own.TypeError(`Expecting Number or iterable, got ${String(value)}`);
  };
  const addDescribed = ({ data, count, callback }: Described) => {
    if (typeof callback === "function") return add(callback());
    if (data === undefined || count === undefined) {
      throw new realm.own.TypeError(
        "If specifying an object, it must be of the form {data : ..., count : N} or {callback : fn}",
      );
    }
    for (let i = 0; i < count; i++) add(data);
  };
  values.forEach(add);
  return Buffer.from(bytes).toString("latin1");
}

interface Described {
  data?: unknown;
  count?: number;
  callback?: () => unknown;
}
