import type { IConnectPacket, IPublishPacket } from "mqtt-packet";
import type { MessageRate } from "./message-rate";
import type { Registration } from "./registration";

/** A rule that a device broke. */
export interface Violation {
  /** Short kebab-case name. */
  code: string;
  /** For people: what was sent and what would have been right. */
  reason: string;
}

/** A violation that is answered in the CONNACK. */
export interface Refusal extends Violation {
  /** 2 bad parameter, 3 unavailable or a value out of range, 4 bad user name or password, 5 not authorised. */
  returnCode: 2 | 3 | 4 | 5;
}

/** Who a CONNECT comes from, or why it is refused. */
export type Admission =
  | {
      /** One connection and one session each; undefined where the server is to give a client id. */
      identity: string | undefined;
      /** The connection is there to register, and for nothing else. */
      registration?: Registration;
      refusal?: undefined;
    }
  | { refusal: Refusal };

/** What a platform accepts. Every check returns the first rule broken. */
export interface Rules {
  /** The password is a signature, fit to be shown. */
  readonly signed: boolean;
  /** Topic filters in one SUBSCRIBE. */
  readonly maxFilters: number;
  /** What is above it is dropped without a word. */
  readonly messages?: MessageRate;
  admit(connect: IConnectPacket, secure: boolean): Admission;
  checkPublish(identity: string, packet: IPublishPacket): Violation | undefined;
  /** `held`: subscriptions that the device has already. */
  checkSubscribe(identity: string, filter: string, qos: number, held: number): Violation | undefined;
}

/** Limits that both clouds state in the same words. */
const KEEPALIVE_MIN = 30;
const KEEPALIVE_MAX = 1200;
const TOPIC_BYTES = 128;
const TOPIC_SLASHES = 7;
const SUBSCRIPTIONS = 100;

export const MESSAGE_BYTES = 256 * 1024;

export function refusal(returnCode: Refusal["returnCode"], code: string, reason: string): { refusal: Refusal } {
  return { refusal: { returnCode, code, reason } };
}

/** What both clouds ask of a CONNECT besides its credentials. */
export function checkSession({ keepalive = 0, will }: IConnectPacket): { refusal: Refusal } | undefined {
  if (keepalive < KEEPALIVE_MIN || keepalive > KEEPALIVE_MAX) {
    return refusal(
      3,
      "keepalive-out-of-range",
      `keepalive is ${keepalive} s, must be ${KEEPALIVE_MIN}–${KEEPALIVE_MAX} s`,
    );
  }
  if (will) return refusal(2, "will-forbidden", "this platform has no will messages");
  return undefined;
}

/** What both clouds ask of a PUBLISH, other than its size. */
export function checkCloudPublish(packet: IPublishPacket, own: boolean): Violation | undefined {
  if (packet.qos > 1) return { code: "qos-forbidden", reason: `QoS ${packet.qos}, this platform has 0 and 1` };
  if (packet.retain) return { code: "retain-forbidden", reason: "this platform has no retained messages" };
  return checkTopic(packet.topic, own);
}

/** What both clouds ask of a topic filter. */
export function checkCloudFilter(filter: string, qos: number, held: number, own: boolean): Violation | undefined {
  if (qos > 1) return { code: "qos-forbidden", reason: `QoS ${qos}, this platform has 0 and 1` };
  if (held >= SUBSCRIPTIONS) {
    return { code: "too-many-subscriptions", reason: `${held} subscriptions already, at most ${SUBSCRIPTIONS}` };
  }
  return checkTopic(filter, own);
}

function checkTopic(topic: string, own: boolean): Violation | undefined {
  const bytes = Buffer.byteLength(topic);
  if (bytes > TOPIC_BYTES) {
    return { code: "topic-too-long", reason: `the topic has ${bytes} bytes, at most ${TOPIC_BYTES}` };
  }
  const slashes = topic.split("/").length - 1;
  if (slashes > TOPIC_SLASHES) {
    return { code: "topic-too-deep", reason: `the topic has ${slashes} slashes, at most ${TOPIC_SLASHES}` };
  }
  if (!own) return { code: "foreign-topic", reason: "not a topic of this device" };
  return undefined;
}

/** Whether a topic or filter is one of the given ones or below it; a wildcard counts only after the whole prefix. */
export function isUnder(topic: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => topic === prefix || topic.startsWith(`${prefix}/`));
}
