import type { Bytes } from "../../firmware/seams";
import { changedAt, lyingPacket } from "../fixtures/packet-fuzz";
import { seed, Seeded } from "../fixtures/seeded";
import type { Fields } from "../fixtures/server-packets";
import { CAP, cut, randomPacket, Reader } from "../fixtures/server-packets";

const ROUNDS = 800;

/** Pushes `bytes` cut at random, and checks what must hold for any bytes at all. */
function survive(random: Seeded, bytes: Bytes): Reader {
  const chunks = cut(random, bytes, random.pick([1, 3, 50, 536]));
  const reader = new Reader();
  expect(() => reader.push(...chunks)).not.toThrow();
  // The fixed header, up to five bytes, may come on top.
  expect(reader.held).toBeLessThanOrEqual(CAP);
  // The shortest packet has two bytes.
  expect(reader.packets.length).toBeLessThanOrEqual(bytes.length / 2);
  if (reader.fault !== undefined) expect(reader.fault).toMatch(/^malformed-packet: ./);
  for (const packet of reader.packets) {
    if (packet.type === "PUBLISH") expect(packet.topic).toMatch(/^[^\0]+$/);
    if (packet.type === "PUBLISH" && packet.qos) expect(packet.messageId).toBeGreaterThan(0);
  }
  return reader;
}

describe(`fuzz (SEED=${seed})`, () => {
  it("by mutation: whatever came before the first changed byte comes out right", () => {
    const random = new Seeded(100);
    for (let round = 0; round < ROUNDS; round++) {
      const packets = Array.from({ length: 12 }, () => randomPacket(random, 40));
      const bytes = packets.map(([packet]) => packet).join("");
      const at = random.below(bytes.length);
      const expected: Fields[] = [];
      let end = 0;
      for (const [packet, fields] of packets) if ((end += packet.length) <= at) expected.push(fields);
      const reader = survive(random, changedAt(random, bytes, at));
      expect(reader.packets.slice(0, expected.length)).toEqual(expected);
    }
  });

  it("by structure: lengths that lie", () => {
    const random = new Seeded(101);
    const faults = new Set<string>();
    for (let round = 0; round < ROUNDS; round++) {
      const bytes = Array.from({ length: 8 }, () => lyingPacket(random)).join("");
      const { fault } = survive(random, bytes);
      if (fault !== undefined) faults.add(fault);
    }
    // Else the generator would not reach what it is here for.
    expect(faults.size).toBeGreaterThan(8);
  });

  it("by chance: bytes of no structure at all", () => {
    const random = new Seeded(102);
    for (let round = 0; round < ROUNDS; round++) survive(random, random.bytes(random.below(300)));
  });
});

describe("work", () => {
  let reads = 0;
  let copied = 0;

  beforeEach(() => {
    reads = copied = 0;
    const { charCodeAt, substr } = String.prototype;
    jest.spyOn(String.prototype, "charCodeAt").mockImplementation(function (this: string, at) {
      reads++;
      return charCodeAt.call(this, at);
    });
    jest.spyOn(String.prototype, "substr").mockImplementation(function (this: string, from, length) {
      const part = substr.call(this, from, length);
      copied += part.length;
      return part;
    });
  });

  afterEach(() => jest.restoreAllMocks());

  it("grows with the number of packets, not with the size of the chunk", () => {
    const count = 20000;
    new Reader().push("\xd0\x00".repeat(count));
    expect(reads).toBeLessThanOrEqual(4 * count);
    expect(copied).toBe(0);
  });

  it("does not depend on the payload's size", () => {
    const reader = new Reader(100000).push("\x30\xc3\xd0\x05\x00\x01t" + "p".repeat(0x16840) + "\xd0\x00");
    expect(reader.packets).toHaveLength(2);
    expect(reads).toBeLessThan(40);
    expect(copied).toBe(1 + 0x16840);
  });

  it("is a few bytes looked at for each chunk of a packet that comes one byte at a time", () => {
    const reader = new Reader(4096).push(..."\x30\xa3\x1f\x00\x01t", ..."p".repeat(4000));
    expect(reader.packets).toHaveLength(1);
    expect(reads).toBeLessThan(4006 * 6);
    expect(copied).toBe(1 + 4000);
  });
});
