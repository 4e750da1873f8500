import type { Bytes, Runtime } from "../seams";
import { sha1 } from "../vendor/tiny-hmac-sha1";
import { seedRandom } from "./entropy";
import { connectSocket } from "./sockets";
import { boardStore } from "./storage";
import type { EspruinoCrypto, EspruinoRequire, EspruinoUtilities } from "./espruino";

declare const E: EspruinoUtilities;
declare const require: EspruinoRequire;
/** Seconds since 1970, or since boot where nothing has set the clock. */
declare function getTime(): number;
declare function setTimeout(fn: () => void, ms: number): unknown;
declare function clearTimeout(handle: unknown): void;

/** The interpreter's own module, or nothing on a board built without it. */
function nativeCrypto(): EspruinoCrypto | undefined {
  try {
    return require("crypto");
  } catch {
    return;
  }
}

/** Text or an array as bytes. On builds without Unicode, an ESP32's among them, text already is a row of UTF-8 bytes. */
function encode(value: unknown): Bytes | undefined {
  if (typeof value === "string") return E.isUTF8(value) ? E.fromUTF8(value) : value;
  return value instanceof ArrayBuffer || value instanceof Uint8Array ? E.toString(value) : undefined;
}

/** Bytes as text, on builds with Unicode. */
function decode(bytes: Bytes): string {
  const text = E.asUTF8(bytes);
  return text.length < bytes.length ? text : bytes;
}

function unchanged(bytes: Bytes): string {
  return bytes;
}

let shared: Runtime | undefined;

/**
 * What the firmware needs of the place it runs in, on Espruino. The first call seeds the random generator. `alone`: the
 * board is the firmware's own, watchdog and all.
 */
export function boardRuntime(alone?: boolean): Runtime {
  if (shared) return shared;
  const native = nativeCrypto();
  const runtime: Runtime = {
    setTimeout: setTimeout,
    clearTimeout: clearTimeout,
    now: () => getTime() * 1000,
    // The interpreter's generator gives 31 bits.
    random: () => E.hwRand() ^ (E.hwRand() << 1),
    sha1: native && native.SHA1 ? (bytes) => E.toString(native.SHA1(bytes)) : sha1,
    sha256: native && native.SHA256 && ((bytes) => E.toString(native.SHA256!(bytes))),
    words: (bytes) => new Uint32Array(E.toArrayBuffer(bytes)),
    bytes: (array) => E.toString(array.buffer as ArrayBuffer),
    encode: encode,
    decode: E.isUTF8("\u4e2d") ? decode : unchanged,
    store: boardStore,
    watchdog: E.enableWatchdog,
    feed: alone ? E.kickWatchdog : undefined,
    connect: connectSocket,
  };
  seedRandom(runtime.sha1);
  shared = runtime;
  return runtime;
}
