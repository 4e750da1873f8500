import type { Bytes } from "../../../firmware/seams";

/** What a field can be; `messages/` has a name for each in every language. */
export const FIELD_NAMES = [
  ...["packet-type", "flags", "dup", "qos", "retain", "remaining-length"],
  ...["protocol-name", "protocol-level", "connect-flags", "user-name-flag", "password-flag", "will-retain", "will-qos"],
  ...["will-flag", "clean-session", "reserved", "keep-alive", "client-identifier", "will-topic", "will-message"],
  ...["user-name", "password", "acknowledge-flags", "session-present", "return-code", "topic-name"],
  ...["packet-identifier", "payload", "topic-filter", "requested-qos", "unread"],
  ...["fin", "rsv", "opcode", "mask", "payload-length", "masking-key", "frame-payload", "close-code", "close-reason"],
] as const;
export type FieldName = (typeof FIELD_NAMES)[number];

/** What can be wrong with a field; `messages/` explains each in every language. */
export const FAULT_NAMES = [
  ...["cut-short", "too-long", "reserved-type", "reserved-flags", "reserved-bits", "reserved-code", "length-over-four"],
  ...["length-not-shortest", "protocol-unknown", "level-unknown", "qos-3", "dup-without-qos", "will-bits-without-will"],
  ...[
    "password-without-name",
    "not-utf8",
    "holds-nul",
    "topic-empty",
    "topic-wildcard",
    "identifier-zero",
    "no-filter",
  ],
  ...["no-code", "empty-client-id", "session-on-refusal", "control-too-long", "control-fragmented", "opcode-unknown"],
] as const;
export type FaultName = (typeof FAULT_NAMES)[number];

/** What a value means, where a number alone says little; `messages/` has the words. */
export const MEANINGS = [
  ...["accepted", "unacceptable-protocol-version", "identifier-rejected", "server-unavailable"],
  ...["bad-username-or-password", "not-authorized", "refused", "keepalive-off", "server-chooses"],
  "key-unknown",
] as const;
export type Meaning = (typeof MEANINGS)[number];

/** One field of a packet or frame. */
export interface Field {
  name: FieldName;
  /** Its bytes: from this one, up to and without `to`. */
  from: number;
  to: number;
  /** Where it is only some bits of its byte: the highest and the lowest, 7 to 0. Such a field lies within another one's bytes. */
  bits?: [number, number];
  value: string;
  /** Where the standard defines it. */
  section: string;
  meaning?: Meaning;
  /** True where whoever looks on should not read it. */
  secret?: boolean;
  fault?: FaultName;
}

/** What was found in one packet or frame. The fields without `bits` lie end to end and cover all bytes. */
export interface Inspection {
  /** Name of the packet or frame in the standard's words. */
  title: string;
  fields: Field[];
  /** The first thing wrong with it, and the byte where. */
  fault?: { name: FaultName; at: number };
}

/** Ends the reading of a packet of which no more can be made out. */
export class Unreadable extends Error {}

/** Takes bytes apart from the front, and keeps book of the fields. */
export class FieldReader {
  readonly fields: Field[] = [];
  fault: Inspection["fault"];
  at = 0;

  /** `end`: where what is read must end, at most the bytes' length. */
  constructor(
    readonly bytes: Bytes,
    public end = bytes.length,
  ) {}

  get left(): number {
    return this.end - this.at;
  }

  /** Adds a field over the next `length` bytes; throws `Unreadable` where they are not there. */
  take(name: FieldName, length: number, section: string, describe: (bytes: Bytes) => string): Field {
    if (length > this.left) this.giveUp("cut-short", section);
    const bytes = this.bytes.slice(this.at, this.at + length);
    const field: Field = { name, from: this.at, to: this.at + length, value: describe(bytes), section };
    this.fields.push(field);
    this.at += length;
    return field;
  }

  /** Adds some bits of the byte that `whole` ends with. */
  bits(whole: Field, name: FieldName, high: number, low: number, section: string): { field: Field; value: number } {
    const byte = this.bytes.charCodeAt(whole.to - 1);
    const value = (byte >> low) & ((2 << (high - low)) - 1);
    const field: Field = {
      name,
      from: whole.to - 1,
      to: whole.to,
      bits: [high, low],
      value: value.toString(),
      section,
    };
    this.fields.push(field);
    return { field, value };
  }

  /** Marks a field as wrong; the first one is the packet's fault. */
  blame(field: Field, name: FaultName): void {
    field.fault ??= name;
    this.fault ??= { name, at: field.from };
  }

  /** What is left is shown as it is, with the reason. */
  giveUp(name: FaultName, section: string): never {
    this.leave(name, section);
    throw new Unreadable(name);
  }

  /** Adds all that is left as one unread field. */
  leave(name: FaultName, section: string): void {
    const field: Field = { name: "unread", from: this.at, to: this.bytes.length, value: "", section };
    this.fields.push(field);
    this.blame(field, name);
    this.at = this.bytes.length;
  }
}

/** A number of up to eight bytes, high byte first. */
export function numberOf(bytes: Bytes): number {
  let value = 0;
  for (let i = 0; i < bytes.length; i++) value = value * 256 + bytes.charCodeAt(i);
  return value;
}

/** Bytes as text; undefined where they are not UTF-8 (MQTT 3.1.1, section 1.5.3). */
export function textOf(bytes: Bytes): string | undefined {
  try {
    const codes = Uint8Array.from(bytes, (byte) => byte.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(codes);
  } catch {
    return undefined;
  }
}

/** Two lower-case digits a byte, with spaces between. */
export function hexOf(bytes: Bytes): string {
  return Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, "0")).join(" ");
}

/** Bytes for people: text where they are printable UTF-8, else hexadecimal. */
export function describeBytes(bytes: Bytes): string {
  const text = textOf(bytes);
  // Control characters but tab and line ends would be invisible.
  // eslint-disable-next-line no-control-regex
  return text === undefined || /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(text) ? hexOf(bytes) : text;
}
