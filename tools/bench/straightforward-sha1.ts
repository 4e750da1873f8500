/** SHA-1 as FIPS 180-4 writes it down, nothing unrolled: what the vendored one is measured against. */

const K = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];

function rotl(x: number, n: number): number {
  return (x << n) | (x >>> (32 - n));
}

function f(t: number, x: number, y: number, z: number): number {
  if (t < 20) return (x & y) ^ (~x & z);
  if (t < 40 || t >= 60) return x ^ y ^ z;
  return (x & y) ^ (x & z) ^ (y & z);
}

function word(bytes: string, at: number): number {
  return (
    (bytes.charCodeAt(at) << 24) |
    (bytes.charCodeAt(at + 1) << 16) |
    (bytes.charCodeAt(at + 2) << 8) |
    bytes.charCodeAt(at + 3)
  );
}

function bytesOf(x: number): string {
  return String.fromCharCode((x >> 24) & 255, (x >> 16) & 255, (x >> 8) & 255, x & 255);
}

export function sha1(bytes: string): string {
  const h = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  const w = new Int32Array(80);
  let padded = bytes + "\x80";
  while (padded.length % 64 !== 60) padded += "\0";
  padded += bytesOf(8 * bytes.length);
  for (let start = 0; start < padded.length; start += 64) {
    for (let t = 0; t < 16; t++) w[t] = word(padded, start + 4 * t);
    for (let t = 16; t < 80; t++) w[t] = rotl(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
    let [a, b, c, d, e] = [h[0], h[1], h[2], h[3], h[4]];
    for (let t = 0; t < 80; t++) {
      const sum = (rotl(a, 5) + f(t, b, c, d) + e + K[Math.floor(t / 20)] + w[t]) | 0;
      e = d;
      d = c;
      c = rotl(b, 30);
      b = a;
      a = sum;
    }
    h[0] = (h[0] + a) | 0;
    h[1] = (h[1] + b) | 0;
    h[2] = (h[2] + c) | 0;
    h[3] = (h[3] + d) | 0;
    h[4] = (h[4] + e) | 0;
  }
  return bytesOf(h[0]) + bytesOf(h[1]) + bytesOf(h[2]) + bytesOf(h[3]) + bytesOf(h[4]);
}
