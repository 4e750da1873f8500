/** The firmware's runtime in a browser: its hashes are by hand or from a library, since the browser's own make one wait. */
import { sha256 } from "@noble/hashes/sha2.js";
import { fail } from "../../../firmware/errors";
import type { Bytes, Runtime } from "../../../firmware/seams";
import { sha1 } from "../../../firmware/vendor/tiny-hmac-sha1";
import { textOf } from "../inspect/field";

/** Timers that also run on time where the page is not looked at. */
export interface Timers {
  setTimeout(fn: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}

/** A row of bytes as an array. */
export function arrayOf(bytes: Bytes): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes, (byte) => byte.charCodeAt(0));
}

/** An array as a row of bytes. */
export function bytesOf(array: Uint8Array): Bytes {
  let bytes = "";
  // A call takes only so many arguments.
  for (let at = 0; at < array.length; at += 8192) bytes += String.fromCharCode(...array.subarray(at, at + 8192));
  return bytes;
}

/** Text as UTF-8, an array as it is; undefined for anything else, lone surrogates among it. */
export function encode(value: unknown): Bytes | undefined {
  if (typeof value === "string") {
    return /\p{Surrogate}/u.test(value) ? undefined : bytesOf(new TextEncoder().encode(value));
  }
  return value instanceof Uint8Array ? bytesOf(value) : undefined;
}

/** Bytes as text where they are UTF-8, unchanged where they are not. */
export function decode(bytes: Bytes): string {
  return textOf(bytes) ?? bytes;
}

export function browserRuntime(timers: Timers): Runtime {
  return {
    setTimeout: (fn, ms, owner) => timers.setTimeout(() => fn(owner as never), ms),
    clearTimeout: (handle) => timers.clearTimeout(handle),
    now: () => performance.now(),
    random: () => crypto.getRandomValues(new Int32Array(1))[0],
    sha1,
    sha256: (bytes) => bytesOf(sha256(arrayOf(bytes))),
    encode,
    decode,
    buffer: (bytes) => arrayOf(bytes).buffer,
    bytes: (buffer) => bytesOf(new Uint8Array(buffer)),
    watchdog: () => undefined,
    feed: () => undefined,
    connect() {
      throw fail("connect-failed", "a browser opens WebSockets only");
    },
  };
}
