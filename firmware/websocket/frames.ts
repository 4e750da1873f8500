import type { Bytes, Runtime } from "../seams";
import { uint16 } from "../bytes";

/** Opcodes (RFC 6455, section 5.2). */
export const CONTINUATION = 0;
export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

/**
 * A whole client frame: FIN set, masked with 32 fresh bits (RFC 6455, sections 5.2 and 5.3).
 *
 * Four zero bytes in front of the payload turn into the masking key itself, whatever the byte order of the machine.
 */
export function clientFrame(runtime: Runtime, opcode: number, payload: Bytes): Bytes {
  const length = payload.length;
  const key = runtime.random();
  const buffer = runtime.buffer("\x00\x00\x00\x00" + payload + "\x00\x00\x00".substr(0, -length & 3));
  const words = new Uint32Array(buffer);
  // Four bytes at a time, in their place: a function for `map` would cost twice as much. The array is asked for none of its
  // properties, since the first such question makes variables that stay.
  for (let i = (length + 7) >> 2; i--;) words[i] ^= key;
  return (
    String.fromCharCode(128 | opcode) +
    (length < 126
      ? String.fromCharCode(128 | length)
      : length < 65536
        ? "\xfe" + uint16(length)
        : "\xff\x00\x00\x00\x00" + uint16(length >>> 16) + uint16(length)) +
    runtime.bytes(buffer).substr(0, length + 4)
  );
}
