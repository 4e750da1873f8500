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
  const words = runtime.words("\x00\x00\x00\x00" + payload + "\x00\x00\x00".substr(0, -length & 3));
  // Four bytes at a time, in their place. A function for `map` would cost twice as much.
  for (let i = words.length; i--;) words[i] ^= key;
  return (
    String.fromCharCode(128 | opcode) +
    (length < 126
      ? String.fromCharCode(128 | length)
      : length < 65536
        ? "\xfe" + uint16(length)
        : "\xff\x00\x00\x00\x00" + uint16(length >>> 16) + uint16(length)) +
    runtime.bytes(words).substr(0, length + 4)
  );
}
