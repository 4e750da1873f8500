import type { Bytes, CodedError, Limits } from "../seams";
import { find } from "../bytes";
import { fail } from "../errors";
import { LONGEST } from "./packets";

/** How many slashes a topic has. */
function slashes(topic: Bytes): number {
  let count = -1;
  let at = -1;
  do {
    at = topic.indexOf("/", at + 1);
    count++;
  } while (at >= 0);
  return count;
}

/** True where every `#` and `+` stands alone in its level, and `#` in the last one (MQTT-4.7.1-2, MQTT-4.7.1-3). */
function wildcardsFit(filter: Bytes): boolean {
  const levels = filter.split("/");
  for (let i = 0; i < levels.length; i++) {
    const level = levels[i];
    if (level.length > 1 && (level.indexOf("#") >= 0 || level.indexOf("+") >= 0)) return false;
    if (level === "#" && i < levels.length - 1) return false;
  }
  return true;
}

/**
 * Why a topic name, or with `filter` a topic filter, cannot be used (MQTT 3.1.1, section 4.7), or undefined.
 * Codes: `topic-invalid` for what no server takes, `topic-forbidden` for what this platform refuses.
 */
export function topicFault(topic: Bytes | undefined, filter: boolean, limits: Limits): CodedError | undefined {
  if (!topic || topic.length > 65535) return fail("topic-invalid", "a topic has 1 to 65535 bytes");
  if (topic.indexOf("\x00") >= 0) return fail("topic-invalid", "a topic cannot hold U+0000");
  if (topic.indexOf("#") >= 0 || topic.indexOf("+") >= 0) {
    if (!filter) return fail("topic-invalid", "wildcards are for filters");
    if (!wildcardsFit(topic)) return fail("topic-invalid", "a wildcard fills a level, # the last one");
  }
  if (limits.topicBytes && topic.length > limits.topicBytes) {
    return fail("topic-forbidden", "over " + limits.topicBytes + " bytes");
  }
  if (limits.topicSlashes && slashes(topic) > limits.topicSlashes) {
    return fail("topic-forbidden", "over " + limits.topicSlashes + " slashes");
  }
  if (limits.own && find(topic + "/", limits.own + "/") < 0 && find(topic, "/broadcast/")) {
    return fail("topic-forbidden", "not a topic of this device: " + limits.own);
  }
  return;
}

/** True for a message that needs no examination: to the topic that was examined `last`, and plain. */
export function isAsBefore(
  topic: Bytes | undefined,
  last: Bytes | undefined,
  payload: Bytes | undefined,
  qos: number,
  retain: boolean,
  limits: Limits,
): boolean {
  return (
    last != null &&
    topic === last &&
    payload != null &&
    (qos === 0 || qos === 1) &&
    !retain &&
    payload.length <= (limits.payload || LONGEST)
  );
}

/**
 * Why a message cannot be published, whatever `topicFault` says of its topic, or undefined. Codes: `not-a-byte-string`,
 * `qos-unsupported`, `retain-forbidden`, `packet-too-large`.
 */
export function messageFault(
  topic: Bytes | undefined,
  payload: Bytes | undefined,
  qos: number,
  retain: boolean,
  limits: Limits,
): CodedError | undefined {
  if (topic == null || payload == null) return fail("not-a-byte-string", "topic and payload are text or bytes");
  if (qos !== 0 && qos !== 1) return fail("qos-unsupported", "use QoS 0 or 1");
  if (retain && limits.plain) return fail("retain-forbidden", "this platform takes no Retain");
  if (payload.length > (limits.payload || LONGEST)) return fail("packet-too-large", "over the platform's limit");
  return;
}
