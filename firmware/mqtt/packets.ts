import type { Bytes } from "../seams";
import { uint16, uint16At } from "../bytes";
import { fail } from "../errors";

/** Control packet types in the upper four bits of the first byte (MQTT 3.1.1, section 2.2.1). */
export const CONNECT = 0x10;
export const CONNACK = 0x20;
export const PUBLISH = 0x30;
export const PUBACK = 0x40;
export const SUBSCRIBE = 0x82;
export const SUBACK = 0x90;
export const UNSUBSCRIBE = 0xa2;
export const UNSUBACK = 0xb0;
export const PINGRESP = 0xd0;

/** Section 3.12: PINGREQ has neither variable header nor payload. */
export const PINGREQ: Bytes = "\xc0\x00";
/** Section 3.14: DISCONNECT has neither variable header nor payload. */
export const DISCONNECT: Bytes = "\xe0\x00";

/** Bytes of the longest payload, where the platform has no limit of its own. */
export const LONGEST = 0xffffff;

export type QoS = 0 | 1;

export interface Will {
  topic: Bytes;
  payload: Bytes;
  /** 0 or 1; default 0. */
  qos?: QoS;
  retain?: boolean;
}

export interface ConnectFields {
  /** 3 (MQTT 3.1, `MQIsdp`) or 4 (MQTT 3.1.1, `MQTT`). */
  protocolVersion: number;
  clean: boolean;
  /** Seconds, 0–65535; 0 turns the server's keepalive off. */
  keepalive: number;
  clientId: Bytes;
  username?: Bytes;
  /** Needs a username (MQTT-3.1.2-22). */
  password?: Bytes;
  will?: Will;
}

/** Length-prefixed bytes, at most 65,535 (section 1.5.3). Throws `packet-too-large`. */
function prefixed(bytes: Bytes): Bytes {
  if (bytes.length > 65535) throw fail("packet-too-large", "a field is over 65535 bytes");
  return uint16(bytes.length) + bytes;
}

/** First byte, Remaining Length in one to four bytes (section 2.2.3), body. Throws `packet-too-large`. */
function packet(first: number, body: Bytes): Bytes {
  let length = body.length;
  if (length > 0xfffffff) throw fail("packet-too-large", "a packet is over 268435455 bytes");
  let head = String.fromCharCode(first);
  while (length > 127) {
    head += String.fromCharCode((length & 127) | 128);
    length >>= 7;
  }
  return head + String.fromCharCode(length) + body;
}

/** CONNECT (section 3.1). A password without a username is left out. */
export function connectPacket(fields: ConnectFields): Bytes {
  const will = fields.will;
  let flags = fields.clean ? 2 : 0;
  let payload = prefixed(fields.clientId);
  if (will) {
    flags |= 4 | ((will.qos || 0) << 3) | (will.retain ? 32 : 0);
    payload += prefixed(will.topic) + prefixed(will.payload);
  }
  if (fields.username != null) {
    flags |= 128;
    payload += prefixed(fields.username);
    if (fields.password != null) {
      flags |= 64;
      payload += prefixed(fields.password);
    }
  }
  return packet(
    CONNECT,
    (fields.protocolVersion === 3 ? "\x00\x06MQIsdp\x03" : "\x00\x04MQTT\x04") +
      String.fromCharCode(flags) +
      uint16(fields.keepalive) +
      payload,
  );
}

/** PUBLISH (section 3.3). `topic`: at most 65,535 bytes. `id`, 1–65535, counts with QoS 1 only. */
export function publishPacket(topic: Bytes, payload: Bytes, qos: QoS, retain: boolean, id: number): Bytes {
  return packet(
    PUBLISH | (qos << 1) | (retain ? 1 : 0),
    uint16(topic.length) + topic + (qos ? uint16(id) : "") + payload,
  );
}

/** The same PUBLISH, marked as sent before (MQTT-3.3.1-1). */
export function duplicate(publish: Bytes): Bytes {
  return String.fromCharCode(publish.charCodeAt(0) | 8) + publish.substr(1);
}

/** Where the topic's length stands in a PUBLISH. */
function topicAt(publish: Bytes): number {
  let at = 1;
  while (publish.charCodeAt(at) > 127) at++;
  return at + 1;
}

/** The topic of a PUBLISH. */
export function publishTopic(publish: Bytes): Bytes {
  const at = topicAt(publish);
  return publish.substr(at + 2, uint16At(publish, at));
}

/** The packet identifier of a PUBLISH with QoS 1; 0 for anything else. */
export function publishId(publish: Bytes): number {
  const at = topicAt(publish);
  const end = at + 2 + uint16At(publish, at);
  return (publish.charCodeAt(0) & 0xf6) === 0x32 && end + 2 <= publish.length ? uint16At(publish, end) : 0;
}

/** PUBACK (section 3.4). */
export function pubackPacket(id: number): Bytes {
  return "\x40\x02" + uint16(id);
}

/** SUBSCRIBE (section 3.8) or UNSUBSCRIBE (section 3.10): `filters` with a `qos` below zero are unsubscribed. */
export function subscribePacket(id: number, filters: { topic: Bytes; qos: number }[]): Bytes {
  let body = uint16(id);
  for (let i = 0; i < filters.length; i++) {
    body += prefixed(filters[i].topic);
    if (filters[i].qos >= 0) body += String.fromCharCode(filters[i].qos);
  }
  return packet(filters[0].qos < 0 ? UNSUBSCRIBE : SUBSCRIBE, body);
}
