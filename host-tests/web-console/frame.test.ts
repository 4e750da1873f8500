import { inspectFrame, likelyHead } from "../../tools/web-console/inspect/frame";
import { octets } from "../fixtures/octets";

const values = (text: string) =>
  inspectFrame(octets(text)).fields.map(({ from, to, name, value, section }) => [from, to, name, value, section]);

test("RFC 6455, section 5.7: a single-frame unmasked text message", () => {
  expect(values('81 05 "Hello"')).toEqual([
    [0, 1, "opcode", "text", "RFC 6455, 5.2"],
    [0, 1, "fin", "1", "RFC 6455, 5.4"],
    [0, 1, "rsv", "0", "RFC 6455, 5.2"],
    [0, 1, "opcode", "1", "RFC 6455, 5.2"],
    [1, 2, "payload-length", "5", "RFC 6455, 5.2"],
    [1, 2, "mask", "0", "RFC 6455, 5.3"],
    [2, 7, "frame-payload", "Hello", "RFC 6455, 5.2"],
  ]);
});

test("RFC 6455, section 5.7: a single-frame masked text message", () => {
  const frame = inspectFrame(octets("81 85 37 fa 21 3d 7f 9f 4d 51 58"));
  expect(frame.payload).toBe("Hello");
  expect(frame.fields).toContainEqual(
    expect.objectContaining({ name: "masking-key", from: 2, to: 6, value: "37 fa 21 3d" }),
  );
});

test("a length of 16 and of 64 bits", () => {
  const middle = inspectFrame(octets("82 7e 01 00") + "x".repeat(256));
  expect(middle.fields).toContainEqual(
    expect.objectContaining({ name: "payload-length", from: 1, to: 4, value: "256" }),
  );
  const long = inspectFrame(octets("82 7f 00 00 00 00 00 01 00 00") + "x".repeat(65536));
  expect(long.fields).toContainEqual(expect.objectContaining({ name: "payload-length", to: 10, value: "65536" }));
  expect([middle.fault, long.fault]).toEqual([undefined, undefined]);
});

test("a Close with its code and reason", () => {
  expect(values('88 06 03 ea "late"').slice(-2)).toEqual([
    [2, 4, "close-code", "1002", "RFC 6455, 7.4"],
    [4, 8, "close-reason", "late", "RFC 6455, 7.1.6"],
  ]);
});

test.each([
  ["section 5.2: a reserved bit", "c2 00", "reserved-bits", 0],
  ["section 5.2: a reserved opcode", "83 00", "opcode-unknown", 0],
  ["section 5.2: a length longer than it need be", "82 7e 00 01 78", "length-not-shortest", 1],
  ["section 5.5: a control frame over 125 bytes", "89 7e 00 7e", "control-too-long", 1],
  ["section 5.5: a control frame in fragments", "09 00", "control-fragmented", 0],
  ["section 5.5.1: a reason that is not UTF-8", "88 03 03 e8 ff", "not-utf8", 4],
  ["a frame that is cut short", "82 05 61", "cut-short", 3],
  ["a head that is cut short", "82 7e 01", "cut-short", 1],
  ["bytes after the frame", "82 00 61", "too-long", 2],
] as const)("%s", (_rule, text, name, at) => {
  expect(inspectFrame(octets(text)).fault).toEqual({ name, at });
});

test("the head of a message that a browser sends says that the key is not known", () => {
  const head = likelyHead(120, true);
  expect(head.bytes).toEqual([0x82, 0x80 | 120, undefined, undefined, undefined, undefined]);
  expect(head.fields).toContainEqual(
    expect.objectContaining({ name: "masking-key", from: 2, to: 6, meaning: "key-unknown" }),
  );
});
