/**
 * SHA-1 (FIPS 180-4) and HMAC (RFC 2104) over byte strings: strings whose character codes are all 0–255.
 *
 * SHA-1 no longer resists collisions: use it inside HMAC, or where a protocol names it, never for signatures of documents.
 *
 * Written for interpreters that parse a loop again on every turn: what counts is the number of tokens that run.
 */

/**
 * SHA-1 of a byte string.
 *
 * @param bytes - any length below 2^29 bytes (the length field is 32 bits wide here, of the standard's 64)
 * @returns the digest, 20 bytes
 */
export function sha1(bytes: string): string {
  let a: number, b: number, c: number, d: number, e: number, i: number, k: number, half: number;
  // The message schedule, W0…W79 and two words of slack, and the same words seen from Wt−14, Wt−8 and Wt on, where t = i + 16:
  // an offset view costs one token where index arithmetic costs three.
  const w = new Int32Array(82);
  const w2 = new Int32Array(w.buffer, 4 * 2);
  const w8 = new Int32Array(w.buffer, 4 * 8);
  const w16 = new Int32Array(w.buffer, 4 * 16);
  const h = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);
  const length = bytes.length;
  let block: string;
  let start: number;
  let digest = "";

  for (start = 0; start < length + 9; start += 64) {
    // Padding: one bit, then zeros, which come by themselves (charCodeAt past the end is NaN, and NaN << n is 0), then the length.
    block = bytes.substr(start, 64);
    if (start === (length & -64)) block += "\x80";
    k = 0;
    for (i = 0; i < 16; i++) {
      w[i] =
        (block.charCodeAt(k++) << 24) |
        (block.charCodeAt(k++) << 16) |
        (block.charCodeAt(k++) << 8) |
        block.charCodeAt(k++);
    }
    if (start > length - 56) w[15] = length << 3;

    // Three at a time, so that Wt−3 is still at hand in a variable. 64 is not a multiple of 3: hence the slack.
    b = w[13];
    c = w[14];
    d = w[15];
    for (i = 0; i < 64;) {
      a = w[i] ^ w2[i] ^ w8[i] ^ b;
      w16[i++] = b = (a << 1) | (a >>> 31);
      a = w[i] ^ w2[i] ^ w8[i] ^ c;
      w16[i++] = c = (a << 1) | (a >>> 31);
      a = w[i] ^ w2[i] ^ w8[i] ^ d;
      w16[i++] = d = (a << 1) | (a >>> 31);
    }

    // Five rounds a turn: the five variables change roles instead of values. Sums stay below 2^36, and every `<<`, `>>>`,
    // `&` and store takes them modulo 2^32, so nothing needs truncating.
    a = h[0];
    b = h[1];
    c = h[2];
    d = h[3];
    e = h[4];
    i = 0;
    for (half = 0; half < 2; half++) {
      // Ch (rounds 0–19) and Maj (40–59) differ in one operand.
      k = half ? 0x8f1bbcdc : 0x5a827999;
      while (i % 40 < 20) {
        e += ((a << 5) | (a >>> 27)) + ((b & c) | (d & (half ? b | c : -1 ^ b))) + w[i++] + k;
        b = (b << 30) | (b >>> 2);
        d += ((e << 5) | (e >>> 27)) + ((a & b) | (c & (half ? a | b : -1 ^ a))) + w[i++] + k;
        a = (a << 30) | (a >>> 2);
        c += ((d << 5) | (d >>> 27)) + ((e & a) | (b & (half ? e | a : -1 ^ e))) + w[i++] + k;
        e = (e << 30) | (e >>> 2);
        b += ((c << 5) | (c >>> 27)) + ((d & e) | (a & (half ? d | e : -1 ^ d))) + w[i++] + k;
        d = (d << 30) | (d >>> 2);
        a += ((b << 5) | (b >>> 27)) + ((c & d) | (e & (half ? c | d : -1 ^ c))) + w[i++] + k;
        c = (c << 30) | (c >>> 2);
      }
      // Parity (rounds 20–39 and 60–79).
      k = half ? 0xca62c1d6 : 0x6ed9eba1;
      while (i % 40) {
        e += ((a << 5) | (a >>> 27)) + (b ^ c ^ d) + w[i++] + k;
        b = (b << 30) | (b >>> 2);
        d += ((e << 5) | (e >>> 27)) + (a ^ b ^ c) + w[i++] + k;
        a = (a << 30) | (a >>> 2);
        c += ((d << 5) | (d >>> 27)) + (e ^ a ^ b) + w[i++] + k;
        e = (e << 30) | (e >>> 2);
        b += ((c << 5) | (c >>> 27)) + (d ^ e ^ a) + w[i++] + k;
        d = (d << 30) | (d >>> 2);
        a += ((b << 5) | (b >>> 27)) + (c ^ d ^ e) + w[i++] + k;
        c = (c << 30) | (c >>> 2);
      }
    }
    h[0] += a;
    h[1] += b;
    h[2] += c;
    h[3] += d;
    h[4] += e;
  }

  for (i = 0; i < 5; i++) {
    a = h[i];
    digest += String.fromCharCode((a >> 24) & 255, (a >> 16) & 255, (a >> 8) & 255, a & 255);
  }
  return digest;
}

/**
 * HMAC of a message.
 *
 * @param hash - a hash with blocks of 64 bytes: SHA-1, SHA-256 or MD5, not SHA-384 or SHA-512
 * @param key - bytes of any length; one longer than 64 bytes is hashed first
 * @param message - bytes of any length
 * @returns as many bytes as `hash` returns
 */
export function hmac(hash: (bytes: string) => string, key: string, message: string): string {
  let inner = "";
  let outer = "";
  let code: number;
  let i: number;
  if (key.length > 64) key = hash(key);
  for (i = 0; i < 64; i++) {
    // Past the end of the key this is NaN, which counts as the zero that pads it.
    code = key.charCodeAt(i);
    inner += String.fromCharCode(code ^ 0x36);
    outer += String.fromCharCode(code ^ 0x5c);
  }
  return hash(outer + hash(inner + message));
}

const DIGITS = "0123456789abcdef";

/**
 * Bytes in hexadecimal.
 *
 * @param bytes - bytes of any length
 * @returns two lower-case digits a byte
 */
export function hex(bytes: string): string {
  let digits = "";
  let i: number;
  for (i = 0; i < bytes.length; i++) {
    const code = bytes.charCodeAt(i);
    digits += DIGITS.charAt(code >> 4) + DIGITS.charAt(code & 15);
  }
  return digits;
}
