import type { Bytes } from "./seams";

/** A 16-bit integer, 0–65535, high byte first (MQTT 3.1.1, section 1.5.2; RFC 6455, section 5.2). */
export function uint16(value: number): Bytes {
  return String.fromCharCode((value >> 8) & 255, value & 255);
}

/** The 16-bit integer at `at`; NaN-free only where both bytes are there. */
export function uint16At(bytes: Bytes, at: number): number {
  return (bytes.charCodeAt(at) << 8) | bytes.charCodeAt(at + 1);
}

/** What a person may read of bytes from the network: printable ASCII, at most 80 characters. */
export function printable(bytes: Bytes): string {
  let text = "";
  for (let i = 0; i < bytes.length && i < 80; i++) {
    const code = bytes.charCodeAt(i);
    text += code > 31 && code < 127 ? bytes.charAt(i) : ".";
  }
  return text;
}

/**
 * Where `needle` begins in `bytes`, or -1. Espruino's own `indexOf` also finds a needle that the end of the string cuts
 * short ("ab\r\n" has "\r\n\r\n" at 2, in 2v29): only a needle of one character is safe with it.
 */
export function find(bytes: Bytes, needle: Bytes): number {
  const at = bytes.indexOf(needle);
  return at + needle.length > bytes.length ? -1 : at;
}

/** True for text of at least one character, all of them printable ASCII, none a space or in `barred`. */
export function isPlain(text: unknown, barred: string): boolean {
  if (typeof text !== "string" || !text) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 33 || code > 126 || barred.indexOf(text.charAt(i)) >= 0) return false;
  }
  return true;
}

const NAME = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_";

/** True for text of at least one letter, digit, dot, hyphen or underscore, or one of `more`: what a host name is made of. */
export function isName(text: unknown, more: string): boolean {
  if (typeof text !== "string" || !text) return false;
  for (let i = 0; i < text.length; i++) if ((NAME + more).indexOf(text.charAt(i)) < 0) return false;
  return true;
}
