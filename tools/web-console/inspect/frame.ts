/** WebSocket frames (RFC 6455, section 5.2): those that somebody recorded, and what can be said of those that a browser hides. */
import type { Bytes } from "../../../firmware/seams";
import type { Inspection } from "./field";
import { describeBytes, FieldReader, hexOf, numberOf, textOf, Unreadable } from "./field";

const OPCODES: Record<number, string> = {
  0: "continuation",
  1: "text",
  2: "binary",
  8: "close",
  9: "ping",
  10: "pong",
};
const BINARY = 2;
const CLOSE = 8;

const section = (id: string) => `RFC 6455, ${id}`;

/** The bytes of the frame at the front; undefined while that is not known. */
export function frameLength(bytes: Bytes): number | undefined {
  if (bytes.length < 2) return undefined;
  const masked = bytes.charCodeAt(1) > 127;
  const short = bytes.charCodeAt(1) & 127;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  if (bytes.length < 2 + extended) return undefined;
  return 2 + extended + (masked ? 4 : 0) + (extended ? numberOf(bytes.slice(2, 2 + extended)) : short);
}

function unmask(payload: Bytes, key: Bytes): Bytes {
  if (key === "") return payload;
  return Array.from(payload, (byte, i) => String.fromCharCode(byte.charCodeAt(0) ^ key.charCodeAt(i % 4))).join("");
}

function readHead(reader: FieldReader): { opcode: number; fin: number; masked: boolean; length: number } {
  const first = reader.take("opcode", 1, section("5.2"), (byte) => OPCODES[byte.charCodeAt(0) & 15] ?? "reserved");
  const fin = reader.bits(first, "fin", 7, 7, section("5.4"));
  const rsv = reader.bits(first, "rsv", 6, 4, section("5.2"));
  const opcode = reader.bits(first, "opcode", 3, 0, section("5.2"));
  if (rsv.value) reader.blame(rsv.field, "reserved-bits");
  if (!(opcode.value in OPCODES)) reader.blame(opcode.field, "opcode-unknown");
  const extended = [2, 8][(reader.bytes.charCodeAt(1) & 127) - 126] ?? 0;
  const length = reader.take("payload-length", 1 + extended, section("5.2"), (bytes) =>
    (extended ? numberOf(bytes.slice(1)) : bytes.charCodeAt(0) & 127).toString(),
  );
  // `bits` looks at a field's last byte, and MASK stands in the first of the length.
  const masked = reader.bytes.charCodeAt(length.from) > 127;
  const [from, to] = [length.from, length.from + 1];
  reader.fields.push({ name: "mask", from, to, bits: [7, 7], value: masked ? "1" : "0", section: section("5.3") });
  if (extended && Number(length.value) < (extended === 2 ? 126 : 65536)) reader.blame(length, "length-not-shortest");
  if (opcode.value >= CLOSE && Number(length.value) > 125) reader.blame(length, "control-too-long");
  if (opcode.value >= CLOSE && !fin.value) reader.blame(fin.field, "control-fragmented");
  return { opcode: opcode.value, fin: fin.value, masked, length: Number(length.value) };
}

/** A recorded frame: its fields, and its payload without the mask. */
export interface FrameInspection extends Inspection {
  payload: Bytes;
  opcode: number;
}

/** One frame's fields. `bytes` begin with a frame; what follows it, or is missing, is a fault. */
export function inspectFrame(bytes: Bytes): FrameInspection {
  const reader = new FieldReader(bytes);
  let payload = "";
  let opcode = -1;
  try {
    const head = readHead(reader);
    opcode = head.opcode;
    const key = head.masked ? reader.take("masking-key", 4, section("5.3"), hexOf) : undefined;
    const mask = key ? bytes.slice(key.from, key.to) : "";
    const whole = Math.min(head.length, reader.left);
    payload = unmask(bytes.slice(reader.at, reader.at + whole), mask);
    if (opcode === CLOSE && whole >= 2) {
      reader.take("close-code", 2, section("7.4"), () => numberOf(payload.slice(0, 2)).toString());
      if (whole > 2) {
        const reason = reader.take("close-reason", whole - 2, section("7.1.6"), () => describeBytes(payload.slice(2)));
        if (textOf(payload.slice(2)) === undefined) reader.blame(reason, "not-utf8");
      }
    } else if (whole > 0) {
      const describe = () => (opcode === BINARY ? hexOf(payload) : describeBytes(payload));
      reader.take("frame-payload", whole, section("5.2"), describe);
    }
    if (whole < head.length) reader.leave("cut-short", section("5.2"));
    else if (reader.left > 0) reader.leave("too-long", section("5.2"));
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
  }
  const title = bytes === "" ? "" : `WebSocket ${OPCODES[bytes.charCodeAt(0) & 15] ?? "reserved"}`;
  return { title, fields: reader.fields, fault: reader.fault, payload, opcode };
}

/** A head of which some bytes are not known, shown as such. */
export interface FrameHead extends Inspection {
  /** Byte values; undefined for the four of the masking key. */
  bytes: (number | undefined)[];
}

/**
 * The head that a message of `length` bytes has when it travels in one frame. A browser does not show its frames, nor the
 * masking key that it draws for each, so the key's bytes stay unknown.
 */
export function likelyHead(length: number, masked: boolean): FrameHead {
  const extended = length < 126 ? 0 : length < 65536 ? 2 : 8;
  const digits = Array.from({ length: extended }, (_, i) => Math.floor(length / 256 ** (extended - 1 - i)) % 256);
  const second = (masked ? 128 : 0) | (extended === 0 ? length : extended === 2 ? 126 : 127);
  const known = [0x80 | BINARY, second, ...digits];
  const reader = new FieldReader(String.fromCharCode(...known));
  readHead(reader);
  const fields = reader.fields;
  const from = known.length;
  if (masked) {
    const key = { name: "masking-key", from, to: from + 4, value: "", section: section("5.3") } as const;
    fields.push({ ...key, meaning: "key-unknown" });
  }
  const bytes = masked ? [...known, undefined, undefined, undefined, undefined] : known;
  return { title: "WebSocket binary", fields, bytes };
}
