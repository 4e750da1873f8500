/** CONNECT and CONNACK (MQTT 3.1.1, sections 3.1 and 3.2). */
import type { FieldName, Meaning } from "./field";
import type { PacketReader } from "./packet";

/** Each flag: its name, its highest and lowest bit, the part of section 3.1.2 that defines it. */
const FLAGS: [name: FieldName, high: number, low: number, part: number][] = [
  ["user-name-flag", 7, 7, 8],
  ["password-flag", 6, 6, 9],
  ["will-retain", 5, 5, 7],
  ["will-qos", 4, 3, 6],
  ["will-flag", 2, 2, 5],
  ["clean-session", 1, 1, 4],
  ["reserved", 0, 0, 3],
];

const RETURN_CODES: Meaning[] = [
  "accepted",
  "unacceptable-protocol-version",
  "identifier-rejected",
  "server-unavailable",
  "bad-username-or-password",
  "not-authorized",
];

function readFlags(reader: PacketReader): Record<string, number> {
  const { field: whole, value: byte } = reader.byte("connect-flags", "3.1.2.3");
  whole.value = byte.toString(2).padStart(8, "0");
  const flags: Record<string, number> = {};
  const fields = Object.fromEntries(
    FLAGS.map(([name, high, low, part]) => {
      const { field, value } = reader.bits(whole, name, high, low, reader.section(`3.1.2.${part}`));
      flags[name] = value;
      return [name, field];
    }),
  );
  if (flags["reserved"]) reader.blame(fields["reserved"], "reserved-bits");
  if (flags["will-qos"] === 3) reader.blame(fields["will-qos"], "qos-3");
  if (!flags["will-flag"] && (flags["will-qos"] || flags["will-retain"])) {
    reader.blame(fields["will-flag"], "will-bits-without-will");
  }
  if (flags["password-flag"] && !flags["user-name-flag"])
    reader.blame(fields["password-flag"], "password-without-name");
  return flags;
}

export function readConnect(reader: PacketReader): void {
  const name = reader.text("protocol-name", "3.1.2.1");
  const level = reader.byte("protocol-level", "3.1.2.2");
  // The bit above the level tells a bridge, in the custom of brokers.
  const spoken = level.value & 127;
  if (name.bytes !== "MQTT" && name.bytes !== "MQIsdp") reader.blame(name.field, "protocol-unknown");
  else if (spoken !== (name.bytes === "MQTT" ? 4 : 3)) reader.blame(level.field, "level-unknown");
  const flags = readFlags(reader);
  const keepAlive = reader.uint16("keep-alive", "3.1.2.10");
  if (keepAlive.value === 0) keepAlive.field.meaning = "keepalive-off";
  const client = reader.text("client-identifier", "3.1.3.1");
  if (client.bytes === "") {
    if (flags["clean-session"] && reader.level !== 3) client.field.meaning = "server-chooses";
    else reader.blame(client.field, "empty-client-id");
  }
  if (flags["will-flag"]) {
    reader.text("will-topic", "3.1.3.2");
    reader.prefixed("will-message", "3.1.3.3");
  }
  if (flags["user-name-flag"]) reader.text("user-name", "3.1.3.4");
  if (flags["password-flag"]) reader.prefixed("password", "3.1.3.5").field.secret = true;
}

export function readConnack(reader: PacketReader): void {
  const flags = reader.byte("acknowledge-flags", "3.2.2.1").field;
  const present = reader.bits(flags, "session-present", 0, 0, reader.section("3.2.2.2"));
  if (Number(flags.value) > 1 && reader.level !== 3) reader.blame(flags, "reserved-bits");
  const code = reader.byte("return-code", "3.2.2.3");
  code.field.meaning = RETURN_CODES[code.value];
  if (code.value > 5) reader.blame(code.field, "reserved-code");
  else if (code.value > 0 && present.value && reader.level !== 3) reader.blame(present.field, "session-on-refusal");
}
