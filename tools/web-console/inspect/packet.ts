/** Takes MQTT packets apart, right ones and wrong ones: every byte ends up in a field that names its place in the standard. */
import type { Bytes } from "../../../firmware/seams";
import { readConnack, readConnect } from "./connect";
import type { Field, FieldName, Inspection } from "./field";
import { describeBytes, FieldReader, numberOf, textOf, Unreadable } from "./field";
import { sectionOf } from "./section";

/** The control packets by the number in their first byte (MQTT 3.1.1, table 2.1). */
const PACKETS = [
  ...["", "CONNECT", "CONNACK", "PUBLISH", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP", "SUBSCRIBE", "SUBACK"],
  ...["UNSUBSCRIBE", "UNSUBACK", "PINGREQ", "PINGRESP", "DISCONNECT", ""],
];
const [CONNECT, CONNACK, PUBLISH, PUBREL, SUBSCRIBE, SUBACK, UNSUBSCRIBE] = [1, 2, 3, 6, 8, 9, 10];
const PINGREQ = 12;

/** The name of the packet that begins with this byte. */
export function packetName(first: number): string {
  return PACKETS[first >> 4] || "reserved";
}

/** How many bytes the packet at the front has: undefined while that is not known, NaN where its Remaining Length is wrong. */
export function packetLength(bytes: Bytes): number | undefined {
  let value = 0;
  for (let i = 1; i < Math.min(bytes.length, 5); i++) {
    const digit = bytes.charCodeAt(i);
    value += (digit & 127) * 128 ** (i - 1);
    if (digit < 128) return i + 1 + value;
  }
  return bytes.length < 5 ? undefined : NaN;
}

/** Reads MQTT's own parts on top of plain fields. */
export class PacketReader extends FieldReader {
  constructor(
    bytes: Bytes,
    public level: number,
  ) {
    super(bytes);
  }

  /** The section as this protocol level's standard counts. */
  section(id: string): string {
    return sectionOf(id, this.level);
  }

  uint16(name: FieldName, id: string): { field: Field; value: number } {
    const field = this.take(name, 2, this.section(id), (bytes) => numberOf(bytes).toString());
    return { field, value: Number(field.value) };
  }

  byte(name: FieldName, id: string): { field: Field; value: number } {
    const field = this.take(name, 1, this.section(id), (bytes) => numberOf(bytes).toString());
    return { field, value: Number(field.value) };
  }

  /** Bytes behind their length, as one field (section 1.5.3). */
  prefixed(name: FieldName, id: string): { field: Field; bytes: Bytes } {
    const length = this.left < 2 ? 0 : numberOf(this.bytes.slice(this.at, this.at + 2));
    const field = this.take(name, 2 + length, this.section(id), (bytes) => describeBytes(bytes.slice(2)));
    return { field, bytes: this.bytes.slice(field.from + 2, field.to) };
  }

  /** Prefixed bytes that must be UTF-8 without U+0000 (MQTT-1.5.3-1, MQTT-1.5.3-2). */
  text(name: FieldName, id: string): { field: Field; bytes: Bytes } {
    const read = this.prefixed(name, id);
    if (textOf(read.bytes) === undefined) this.blame(read.field, "not-utf8");
    else if (read.bytes.includes("\0")) this.blame(read.field, "holds-nul");
    return read;
  }

  /** MQTT-2.3.1-1. */
  identifier(id: string): void {
    const { field, value } = this.uint16("packet-identifier", id);
    if (value === 0) this.blame(field, "identifier-zero");
  }
}

function readFixedHeader(reader: PacketReader): { type: number; qos: number } {
  const first = reader.take("packet-type", 1, reader.section("2.2.1"), (byte) => packetName(byte.charCodeAt(0)));
  const type = reader.bits(first, "packet-type", 7, 4, reader.section("2.2.1"));
  if (PACKETS[type.value] === "") reader.blame(first, "reserved-type");
  let qos = 0;
  if (type.value === PUBLISH) {
    const dup = reader.bits(first, "dup", 3, 3, reader.section("3.3.1.1"));
    const level = reader.bits(first, "qos", 2, 1, reader.section("3.3.1.2"));
    reader.bits(first, "retain", 0, 0, reader.section("3.3.1.3"));
    qos = level.value;
    if (qos === 3) reader.blame(level.field, "qos-3");
    if (qos === 0 && dup.value === 1) reader.blame(dup.field, "dup-without-qos");
  } else {
    const flags = reader.bits(first, "flags", 3, 0, reader.section("2.2.2"));
    // In 3.1 these bits are DUP and QoS of the packet itself, and RETAIN without meaning.
    const wanted = [PUBREL, SUBSCRIBE, UNSUBSCRIBE].includes(type.value) ? 2 : 0;
    if (reader.level !== 3 && flags.value !== wanted) reader.blame(flags.field, "reserved-flags");
  }
  return { type: type.value, qos };
}

/** Returns where the packet ends by its own account. */
function readRemainingLength(reader: PacketReader): number {
  const section = reader.section("2.2.3");
  const end = packetLength(reader.bytes.slice(0, 5));
  if (end === undefined) reader.giveUp("cut-short", section);
  if (Number.isNaN(end)) reader.giveUp("length-over-four", section);
  let digits = 1;
  while (reader.bytes.charCodeAt(digits) > 127) digits++;
  const field = reader.take("remaining-length", digits, section, () => (end! - 1 - digits).toString());
  if (digits > 1 && reader.bytes.charCodeAt(digits) === 0) reader.blame(field, "length-not-shortest");
  return end!;
}

function readPublish(reader: PacketReader, qos: number): void {
  const { field, bytes } = reader.text("topic-name", "3.3.2.1");
  if (bytes === "") reader.blame(field, "topic-empty");
  else if (/[#+]/.test(bytes)) reader.blame(field, "topic-wildcard");
  if (qos > 0) reader.identifier("3.3.2.2");
  if (reader.left > 0) reader.take("payload", reader.left, reader.section("3.3.3"), describeBytes);
}

/** SUBSCRIBE and UNSUBSCRIBE: one filter at least (MQTT-3.8.3-3, MQTT-3.10.3-2). */
function readFilters(reader: PacketReader, id: string, withQos: boolean): void {
  reader.identifier(`${id}.2`);
  if (reader.left <= 0) reader.giveUp("no-filter", reader.section(`${id}.3`));
  while (reader.left > 0) {
    const { field, bytes } = reader.text("topic-filter", `${id}.3`);
    if (bytes === "") reader.blame(field, "topic-empty");
    if (!withQos) continue;
    const { field: whole, value } = reader.byte("requested-qos", `${id}.3`);
    if (value === 3) reader.blame(whole, "qos-3");
    else if (value > 3) reader.blame(whole, "reserved-bits");
  }
}

function readSuback(reader: PacketReader): void {
  reader.identifier("3.9.2");
  if (reader.left <= 0) reader.giveUp("no-code", reader.section("3.9.3"));
  while (reader.left > 0) {
    const { field, value } = reader.byte("return-code", "3.9.3");
    if (value === 0x80) field.meaning = "refused";
    else if (value > 2) reader.blame(field, "reserved-code");
  }
}

function readBody(reader: PacketReader, type: number, qos: number): void {
  if (type === CONNECT) readConnect(reader);
  else if (type === CONNACK) readConnack(reader);
  else if (type === PUBLISH) readPublish(reader, qos);
  else if (type === SUBSCRIBE) readFilters(reader, "3.8", true);
  else if (type === SUBACK) readSuback(reader);
  else if (type === UNSUBSCRIBE) readFilters(reader, "3.10", false);
  else if (PACKETS[type] === "") reader.giveUp("reserved-type", reader.section("2.2.1"));
  else if (type < PINGREQ) reader.identifier(`3.${type}.2`);
}

/**
 * One packet's fields. `bytes` begin with a packet; what follows it, or is missing, is a fault. `level`: 3 for MQTT 3.1, whose
 * sections are then named, 4 for 3.1.1; a CONNECT states its own.
 */
export function inspectPacket(bytes: Bytes, level = 4): Inspection {
  const reader = new PacketReader(bytes, bytes.slice(0, 12).includes("MQIsdp") ? 3 : level);
  const title = bytes === "" ? "" : packetName(bytes.charCodeAt(0));
  try {
    const { type, qos } = readFixedHeader(reader);
    const end = readRemainingLength(reader);
    reader.end = Math.min(end, bytes.length);
    readBody(reader, type, qos);
    if (reader.left > 0 || bytes.length > end) reader.leave("too-long", reader.section("2.2.3"));
    else if (end > bytes.length) reader.leave("cut-short", reader.section("2.2.3"));
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
  }
  return { title, fields: reader.fields, fault: reader.fault };
}

/** A packet on one line: its name, and the fields that tell it from others of its kind. */
export function summarize({ title, fields }: Inspection): string {
  const telling: FieldName[] = ["client-identifier", "return-code", "topic-name", "topic-filter", "packet-identifier"];
  const parts = fields.filter(({ name }) => telling.includes(name)).map(({ value }) => value);
  const qos = title === "PUBLISH" && fields.find(({ name }) => name === "qos");
  return [title, ...parts.slice(0, 3), qos ? `QoS ${qos.value}` : ""].filter((part) => part !== "").join(" ");
}
