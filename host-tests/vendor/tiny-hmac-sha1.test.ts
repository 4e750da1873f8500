import { createHash, createHmac, randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { env } from "node:process";
import { hex, hmac, sha1 } from "../../firmware/vendor/tiny-hmac-sha1";
import { compile, minifiedSize } from "../../tools/bench/compile";
import { findEspruino } from "../../tools/board/espruino";
import { evaluate } from "../fixtures/interpreter";

const PACKAGE = join(__dirname, "../../firmware/vendor/tiny-hmac-sha1");

const nodeHash = (name: string) => (bytes: string) =>
  createHash(name).update(bytes, "latin1").digest().toString("latin1");
const nodeHmac = (name: string, key: string, message: string) =>
  createHmac(name, Buffer.from(key, "latin1")).update(message, "latin1").digest("hex");

/** Repeatable bytes: set SEED to the number in a failing test's name. */
const seed = Number(env.SEED ?? randomInt(2 ** 31));
function randomBytes(stream: number): (length: number) => string {
  let state = (seed ^ Math.imul(stream, 0x9e3779b9)) | 1;
  return (length) => {
    let bytes = "";
    while (bytes.length < length) {
      // xorshift32
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      bytes += String.fromCharCode((state >>> 11) & 255);
    }
    return bytes;
  };
}

const fips180: [string, string, string][] = [
  ["no bits", "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
  ["24 bits", "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"],
  ["448 bits", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1"],
  [
    "896 bits",
    "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
    "a49b2446a02c645bf419f995b67091253a04a259",
  ],
];

const oneTo25 = Array.from({ length: 25 }, (_, i) => String.fromCharCode(i + 1)).join("");
const rfc2202: [string, string, string, string][] = [
  ["1: a key of 20 bytes", "\x0b".repeat(20), "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00"],
  [
    "2: a key shorter than the digest",
    "Jefe",
    "what do ya want for nothing?",
    "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
  ],
  ["3: bytes over 127", "\xaa".repeat(20), "\xdd".repeat(50), "125d7342b9ac11cd91a39af48aa17b4f63f175d3"],
  ["4: a key of 25 different bytes", oneTo25, "\xcd".repeat(50), "4c9007f4026250c6bc8414f9bf50c86c2d7235da"],
  ["5: truncation", "\x0c".repeat(20), "Test With Truncation", "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04"],
  [
    "6: a key longer than a block",
    "\xaa".repeat(80),
    "Test Using Larger Than Block-Size Key - Hash Key First",
    "aa4ae5e15272d00e95705637ce8a3b55ed402112",
  ],
  [
    "7: key and data longer than a block",
    "\xaa".repeat(80),
    "Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data",
    "e8e99d0f45237d786d6bbaa7965c7808bbff1a91",
  ],
];

const signatures: [string, string, string, string, string][] = [
  [
    "the documented example",
    "sha1",
    "secret",
    "clientId12345deviceNamedeviceproductKeypktimestamp789",
    "fafd82a3d602b37fb0fa8b7892f24a477f851a14",
  ],
  [
    "a device with a 32-character secret",
    "sha1",
    "fbh47lGBSayncmTHEjF1E5x4CZdeJTO9",
    "clientId2UCRZpAbCGC.ExampleDevdeviceNameExampleDevproductKey2UCRZpAbCGCtimestamp2524608000000",
    "326a4a6ed38b1bd5ddb6a5d11d27928bfb5a62d0",
  ],
  [
    "hmacsha256",
    "sha256",
    "Y877Bgo8X5owd3lcB5wWDjryNPoBUdiH",
    "clientIdpaho_mqtt&a11xsrWmW14deviceNamepaho_mqttproductKeya11xsrWmW14timestamp2524608000000",
    "36e955dc3d9d012ef62c80657a29328b1cfae6186c611a17dc7939fab6378ed9",
  ],
];

describe("sha1", () => {
  test.each(fips180)("FIPS 180-4 example: %s", (_name, message, digest) => {
    expect(hex(sha1(message))).toBe(digest);
  });

  test("FIPS 180-4 example: one million times 'a'", () => {
    expect(hex(sha1("a".repeat(1_000_000)))).toBe("34aa973cd4c4daa4f61eeb2bdbad27316534016f");
  });

  test(`agrees with node:crypto at every length from 0 to 300 (seed ${seed})`, () => {
    const random = randomBytes(1);
    for (let length = 0; length <= 300; length++) {
      const message = random(length);
      expect([length, hex(sha1(message))]).toEqual([length, hex(nodeHash("sha1")(message))]);
    }
  });

  test("returns 20 bytes, those over 127 included", () => {
    const digest = sha1("\xff\x80\x00\x7f");
    expect(digest).toBe(nodeHash("sha1")("\xff\x80\x00\x7f"));
    expect(digest).toHaveLength(20);
  });
});

describe("hmac", () => {
  test.each(rfc2202)("RFC 2202 HMAC-SHA1 test case %s", (_name, key, message, digest) => {
    expect(hex(hmac(sha1, key, message))).toBe(digest);
  });

  test.each(signatures)("a platform's signature: %s", (_name, method, key, content, digest) => {
    expect(hex(hmac(method === "sha1" ? sha1 : nodeHash(method), key, content))).toBe(digest);
  });

  test(`agrees with node:crypto at every message length from 0 to 300 (seed ${seed})`, () => {
    const random = randomBytes(2);
    for (let length = 0; length <= 300; length++) {
      const key = random(20);
      const message = random(length);
      expect([length, hex(hmac(sha1, key, message))]).toEqual([length, nodeHmac("sha1", key, message)]);
    }
  });

  test.each(["sha1", "sha256", "md5"])(`fits %s at every key length from 0 to 200 (seed ${seed})`, (name) => {
    const random = randomBytes(3);
    const hash = name === "sha1" ? sha1 : nodeHash(name);
    for (let length = 0; length <= 200; length++) {
      const key = random(length);
      const message = random(33);
      expect([length, hex(hmac(hash, key, message))]).toEqual([length, nodeHmac(name, key, message)]);
    }
  });
});

describe("hex", () => {
  test("writes every byte as two lower-case digits", () => {
    const all = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join("");
    expect(hex(all)).toBe(Buffer.from(all, "latin1").toString("hex"));
  });

  test("of nothing is nothing", () => {
    expect(hex("")).toBe("");
  });
});

test("the README states the minified size", async () => {
  const readme = readFileSync(join(PACKAGE, "README.md"), "utf8");
  expect(readme).toContain(`${await minifiedSize(join(PACKAGE, "index.ts"))} bytes`);
});

(findEspruino() === undefined ? describe.skip : describe)("compiled to ES5, on the Espruino interpreter", () => {
  const literal = (bytes: string) =>
    `"${Array.from(bytes, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`).join("")}"`;
  const literals = (rows: string[][]) => `[${rows.map((row) => `[${row.map(literal).join()}]`).join()}]`;
  const onBoard = async (program: string): Promise<unknown> =>
    JSON.parse(await evaluate(`${await compile(join(PACKAGE, "index.ts"), "iife", "vendored")}\n${program}`));

  const lengths = [0, 1, 2, 3, 4, 31, 54, 55, 56, 57, 60, 63, 64, 65, 118, 119, 120, 121, 127, 128, 129, 300, 1000];
  const random = randomBytes(4);
  const messages = [...fips180.map(([, message]) => message), ...lengths.map((length) => random(length))];
  const digests = messages.map((message) => hex(nodeHash("sha1")(message)));

  test(`sha1 agrees with node:crypto around every padding edge (seed ${seed})`, async () => {
    const result = await onBoard(
      `print(JSON.stringify(${literals([messages])}[0].map(function (m) { return vendored.hex(vendored.sha1(m)); })));`,
    );
    expect(result).toEqual(digests);
  });

  test(`hmac agrees with node:crypto, keys shorter and longer than a block (seed ${seed})`, async () => {
    const cases = [
      ...rfc2202.map(([, key, message]) => [key, message]),
      ...signatures.map(([, , key, content]) => [key, content]),
      ...[0, 1, 20, 63, 64, 65, 128, 200].map((length) => [random(length), random(length)]),
    ];
    const result = await onBoard(
      `print(JSON.stringify(${literals(cases)}.map(function (c) {
        return vendored.hex(vendored.hmac(vendored.sha1, c[0], c[1]));
      })));`,
    );
    expect(result).toEqual(cases.map(([key, message]) => nodeHmac("sha1", key, message)));
  });

  test(`the native crypto.SHA1, where there is one, gives the same bytes (seed ${seed})`, async () => {
    const result = await onBoard(
      `var native;
      try { native = require("crypto").SHA1; } catch (e) {}
      print(JSON.stringify(native ? ${literals([messages])}[0].map(function (m) {
        return vendored.hex(E.toString(native(m)));
      }) : "none"));`,
    );
    expect([digests, "none"]).toContainEqual(result);
  });
});
