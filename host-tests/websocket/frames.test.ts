import { clientFrame } from "../../firmware/websocket/frames";
import { hostRuntime } from "../../tools/host/runtime";
import { Seeded, seed } from "../fixtures/seeded";
import { VirtualRuntime } from "../fixtures/virtual-time";
import { clientFrames, opcodes } from "../fixtures/websocket-peer";

/** A runtime whose next masking key is these four bytes. */
function keyed(key: string) {
  const words = new Uint32Array(Uint8Array.from(Buffer.from(key, "latin1")).buffer);
  return hostRuntime({ random: () => words[0] });
}

describe("the examples of RFC 6455, section 5.7", () => {
  const runtime = keyed("\x37\xfa\x21\x3d");

  test("a single-frame masked text message", () => {
    expect(clientFrame(runtime, opcodes.text, "Hello")).toBe("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
  });

  test("a masked Pong", () => {
    expect(clientFrame(runtime, opcodes.pong, "Hello")).toBe("\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
  });
});

describe("the length (section 5.2)", () => {
  test.each([
    [0, "\x80"],
    [1, "\x81"],
    [2, "\x82"],
    [3, "\x83"],
    [125, "\xfd"],
    [126, "\xfe\x00\x7e"],
    [127, "\xfe\x00\x7f"],
    [256, "\xfe\x01\x00"],
    [65535, "\xfe\xff\xff"],
    [65536, "\xff\x00\x00\x00\x00\x00\x01\x00\x00"],
    [70000, "\xff\x00\x00\x00\x00\x00\x01\x11\x70"],
  ])("of %i bytes takes its shortest form", (length, form) => {
    const payload = new Seeded(length).bytes(length);
    const frame = clientFrame(keyed("\x01\x02\x03\x04"), opcodes.binary, payload);
    expect(frame.substring(0, form.length + 5)).toBe(`\x82${form}\x01\x02\x03\x04`);
    expect(frame).toHaveLength(1 + form.length + 4 + length);
  });
});

describe("the mask (section 5.3)", () => {
  test(`comes off again, at every length from 0 to 260 (SEED=${seed})`, () => {
    const random = new Seeded(0);
    const { runtime } = new VirtualRuntime(seed);
    for (let length = 0; length <= 260; length++) {
      const payload = random.bytes(length);
      expect(clientFrames(clientFrame(runtime, opcodes.binary, payload))).toEqual([
        { opcode: opcodes.binary, key: expect.stringMatching(/^[^]{4}$/), payload },
      ]);
    }
  });

  test.each([0, 1, -1, 0x7fffffff, -0x80000000, 0xffffffff, 0x80000000])("takes a random integer of %i", (word) => {
    const runtime = hostRuntime({ random: () => word });
    expect(clientFrames(clientFrame(runtime, opcodes.ping, "\x00\x7f\x80\xff!"))[0].payload).toBe("\x00\x7f\x80\xff!");
  });

  test("is 32 fresh bits for each frame", () => {
    const runtime = hostRuntime();
    const frames = Array.from({ length: 1000 }, () => clientFrame(runtime, opcodes.binary, "same"));
    const keys = new Set(clientFrames(frames.join("")).map((frame) => frame.key));
    // The chance of one pair among 1000 keys of 32 bits is about 1 in 8600; of two pairs, 1 in 10^8.
    expect(keys.size).toBeGreaterThanOrEqual(998);
  });

  test("uses the generator's bits once, and all of them", () => {
    let calls = 0;
    const runtime = hostRuntime({ random: () => (calls++, 0x01020304) });
    const [frame] = clientFrames(clientFrame(runtime, opcodes.binary, "x".repeat(1000)));
    expect(calls).toBe(1);
    expect([...frame.key].sort()).toEqual(["\x01", "\x02", "\x03", "\x04"]);
  });
});
