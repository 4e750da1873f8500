import type { Bytes, Runtime, Socket, SocketOptions, SocketSink } from "../seams";
import { sha1 } from "../vendor/tiny-hmac-sha1";
import { reseedRandom, seedRandom } from "./entropy";
import { connectSocket } from "./sockets";
import { BoardStore } from "./storage";
import type { EspruinoCrypto, EspruinoProcess, EspruinoRequire, EspruinoUtilities } from "./espruino";

declare const E: EspruinoUtilities;
declare const process: EspruinoProcess;
declare const require: EspruinoRequire;
/** Seconds since 1970, or since boot where nothing has set the clock. */
declare function getTime(): number;
declare function setTimeout<T>(fn: (owner: T) => void, ms: number, owner?: T): unknown;
declare function clearTimeout(handle: unknown): void;

/** The interpreter's own module, or nothing on a board built without it. */
function nativeCrypto(): EspruinoCrypto | undefined {
  try {
    return require("crypto");
  } catch {
    return;
  }
}

/** Text, where the bytes are more than ASCII. */
function asText(bytes: Bytes): string {
  const text = E.asUTF8(bytes);
  return text.length < bytes.length ? text : bytes;
}

/** What the firmware needs of the place it runs in, on Espruino. */
class BoardRuntime implements Runtime {
  store = new BoardStore();
  private _crypto = nativeCrypto();
  /** An ESP32's build has none: text is a row of UTF-8 bytes there already. */
  private _unicode = E.isUTF8("\u4e2d");

  /** `alone`: the board is the firmware's own, watchdog and all. */
  constructor(private _alone: boolean | undefined) {}

  setTimeout<T>(fn: (owner: T) => void, ms: number, owner?: T): unknown {
    return setTimeout(fn, ms, owner);
  }

  clearTimeout(handle: unknown): void {
    clearTimeout(handle);
  }

  now(): number {
    return getTime() * 1000;
  }

  random(): number {
    // The interpreter's generator gives 31 bits.
    return E.hwRand() ^ (E.hwRand() << 1);
  }

  sha1(bytes: Bytes): Bytes {
    const native = this._crypto;
    return native && native.SHA1 ? E.toString(native.SHA1(bytes)) : sha1(bytes);
  }

  sha256(bytes: Bytes): Bytes | undefined {
    const native = this._crypto;
    return native && native.SHA256 ? E.toString(native.SHA256(bytes)) : undefined;
  }

  buffer(bytes: Bytes): ArrayBuffer {
    return E.toArrayBuffer(bytes);
  }

  bytes(buffer: ArrayBuffer): Bytes {
    return E.toString(buffer);
  }

  encode(value: unknown): Bytes | undefined {
    if (typeof value === "string") return E.isUTF8(value) ? E.fromUTF8(value) : value;
    return value instanceof ArrayBuffer || value instanceof Uint8Array ? E.toString(value) : undefined;
  }

  decode(bytes: Bytes): string {
    return this._unicode ? asText(bytes) : bytes;
  }

  watchdog(seconds: number, auto: boolean): void {
    const env = process.env;
    // These images' watchdog watches the idle task as well, which never runs while a socket is open.
    if (env.BOARD === "ESP32_IDF4" || (env.BOARD === "ESP32C3_IDF4" && +env.VERSION.substr(2, 2) < 29)) return;
    E.enableWatchdog(seconds, auto);
  }

  feed(): void {
    if (this._alone) E.kickWatchdog();
  }

  connect(options: SocketOptions, sink: SocketSink): Socket {
    if (options.tls) reseedRandom(this);
    return connectSocket(options, sink);
  }
}

let shared: Runtime | undefined;

/** The runtime, one for all. The first call seeds the random generator. */
export function boardRuntime(alone?: boolean): Runtime {
  if (!shared) {
    shared = new BoardRuntime(alone);
    seedRandom(shared);
  }
  return shared;
}
