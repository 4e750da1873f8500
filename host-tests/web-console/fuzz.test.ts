/** Bytes of any kind: nothing throws, every byte is in one field, and the firmware's own parser agrees about what is wrong. */
import { Parser } from "../../firmware/mqtt/parser";
import type { Bytes } from "../../firmware/seams";
import { clientFrame } from "../../firmware/websocket/frames";
import { hostRuntime } from "../../tools/host/runtime";
import type { Inspection } from "../../tools/web-console/inspect/field";
import { frameLength, inspectFrame, likelyHead } from "../../tools/web-console/inspect/frame";
import { inspectPacket, packetLength } from "../../tools/web-console/inspect/packet";
import { PacketSplitter } from "../../tools/web-console/inspect/stream";
import { changedAt, lyingPacket } from "../fixtures/packet-fuzz";
import type { Seeded } from "../fixtures/seeded";
import { cases } from "../fixtures/seeded";

function expectWhole({ fields, fault }: Inspection, bytes: Bytes) {
  let at = 0;
  for (const { from, to, bits } of fields) {
    if (bits) {
      expect(to - from).toBe(1);
      expect(to).toBeLessThanOrEqual(at);
      continue;
    }
    expect(from).toBe(at);
    expect(to).toBeGreaterThanOrEqual(from);
    at = to;
  }
  expect(at).toBe(bytes.length);
  expect(fields.some((field) => field.fault !== undefined)).toBe(fault !== undefined);
  if (fault) expect(fault.at).toBeLessThanOrEqual(bytes.length);
}

const anything = (random: Seeded): Bytes => {
  const bytes = random.pick([() => lyingPacket(random), () => random.bytes(random.below(60))])();
  return random.chance(3) && bytes !== "" ? changedAt(random, bytes, random.below(bytes.length)) : bytes;
};

test("every byte of any packet is in one field", () => {
  cases(3000, 1, (random) => {
    const bytes = anything(random);
    expectWhole(inspectPacket(bytes, random.pick([3, 4])), bytes);
  });
});

test("every byte of any frame is in one field", () => {
  cases(3000, 2, (random) => {
    const length = random.pick([0, 1, 125, 126, 200]);
    const known = clientFrame(hostRuntime(), random.pick([0, 1, 2, 3, 8, 9, 10]), random.bytes(length));
    const bytes = random.chance(2) ? known : random.bytes(random.below(40));
    expectWhole(inspectFrame(bytes), bytes);
    const known2 = frameLength(bytes);
    if (bytes === known) expect(known2).toBe(known.length);
  });
});

test("where the firmware's parser finds a packet malformed, so does the inspector", () => {
  let malformed = 0;
  cases(3000, 3, (random) => {
    const bytes = anything(random);
    const end = packetLength(bytes);
    if (end === undefined || end > bytes.length) return;
    const packet = Number.isNaN(end) ? bytes : bytes.slice(0, end);
    // What servers may send one another's clients, but not this one, is sound for the inspector.
    const type = packet.charCodeAt(0) >> 4;
    if (![2, 3, 4, 9, 11, 13].includes(type) || (type === 3 && (packet.charCodeAt(0) & 6) === 4)) return;
    const error = new Parser(1000, { receive: () => true }).push(packet);
    if (!error) return;
    malformed++;
    expect(inspectPacket(packet).fault).toBeDefined();
  });
  expect(malformed).toBeGreaterThan(100);
});

test("a stream in pieces gives the packets of the stream in one", () => {
  cases(300, 4, (random) => {
    const stream = Array.from({ length: 5 }, () => lyingPacket(random)).join("");
    const whole = new PacketSplitter();
    const pieces = new PacketSplitter();
    const expected = whole.push(stream).join("") + whole.pending;
    let found = "";
    for (let at = 0; at < stream.length;) {
      const size = 1 + random.below(50);
      found += pieces.push(stream.slice(at, at + size)).join("");
      at += size;
    }
    expect(found + pieces.pending).toBe(expected);
    expect(expected).toBe(stream);
  });
});

test("the likely head is the head of the firmware's own frame, but for the key", () => {
  cases(200, 5, (random) => {
    const length = random.pick([0, 1, 125, 126, 127, 65535, 65536, random.below(70000)]);
    const frame = clientFrame(hostRuntime(), 2, "x".repeat(length));
    const { bytes } = likelyHead(length, true);
    expect(bytes.slice(-4)).toEqual([undefined, undefined, undefined, undefined]);
    const known = bytes.slice(0, -4);
    expect(Array.from(frame.slice(0, known.length), (byte) => byte.charCodeAt(0))).toEqual(known);
    expect(frame.length).toBe(bytes.length + length);
    expect(likelyHead(length, false).bytes).toHaveLength(bytes.length - 4);
  });
});
