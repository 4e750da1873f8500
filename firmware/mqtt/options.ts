import type { Limits, Runtime } from "../seams";
import { isPlain } from "../bytes";
import { fail } from "../errors";
import { topicFault } from "./topics";

/** Options of one message. */
export interface PublishOptions {
  /** 0 or 1; default 0. */
  qos?: number;
  /** Default false. Not on the clouds. */
  retain?: boolean;
  /** In builds with the clock or the thing model, of QoS 0: past all that waits, or not at all, which answers `not-now`. */
  now?: boolean;
}

/** Options as in MQTT.js where it has them. */
export interface ClientOptions {
  /** 3 (MQTT 3.1) or 4 (MQTT 3.1.1); default 4. */
  protocolVersion?: number;
  /** Seconds, 0 (off) to 65535, both clouds 30 to 1200; default 300. */
  keepalive?: number;
  /** Clean session; default true. With false the server keeps subscriptions and QoS 1 messages. */
  clean?: boolean;
  /** What the server publishes when the connection breaks. Not on the clouds. */
  will?: { topic: string; payload: string; qos?: number; retain?: boolean };
  /** WebSocket subprotocol; default `mqtt`. Some 3.1 brokers want `mqttv3.1`. */
  subprotocol?: string;
  /** Milliseconds from connecting to CONNACK; default 30000. */
  connectTimeout?: number;
  /** Bytes of the longest packet that is received whole, from 128; default 4096. A longer message is reported without its payload. */
  maximumPacketSize?: number;
  /** Bytes of messages that wait; default 4096. */
  queueBytes?: number;
  /** Messages that wait; default 50. */
  queueMessages?: number;
  /**
   * Name of the records in Storage, at most 27 bytes, that keep QoS 1 messages which wait for longer than a minute through
   * a power cut; default `mqtt.out`, `""` keeps nothing. One name for each client.
   */
  outgoingStore?: string;
  /** QoS 1 messages on the way at a time; default 5. */
  receiveMaximum?: number;
}

/** Told of each fault: a code, the option's name, and what would be right. */
export type FaultSink = (code: string, field: string, message: string) => void;

/** True for a whole number from `from` to `to`. */
export function isWhole(value: unknown, from: number, to: number): boolean {
  return typeof value === "number" && value >= from && value <= to && Math.floor(value) === value;
}

// Name, default, least, most.
const NUMBERS: [keyof ClientOptions, number, number, number][] = [
  ["keepalive", 300, 0, 65535],
  ["protocolVersion", 4, 3, 4],
  ["connectTimeout", 30000, 1000, 600000],
  ["maximumPacketSize", 4096, 128, 0xfffffff],
  ["queueBytes", 4096, 0, 0xfffffff],
  ["queueMessages", 50, 0, 65535],
  ["receiveMaximum", 5, 1, 65535],
];

/**
 * Checks `options` against their ranges and a platform's limits, telling every fault; fills in the defaults.
 * Codes: `option-out-of-range`, `option-missing`, `will-forbidden`, `qos-unsupported`, and a
 * Will's topic those of `topicFault`.
 */
export function checkOptions(
  options: ClientOptions,
  limits: Limits,
  runtime: Runtime,
  fault: FaultSink,
): ClientOptions {
  const checked = {} as { [name: string]: unknown };
  const checkFlag = (name: string, value: unknown) => {
    if (value != null && typeof value !== "boolean") fault("option-out-of-range", name, "must be true or false");
  };
  for (let i = 0; i < NUMBERS.length; i++) {
    const name = NUMBERS[i][0];
    const range = name === "keepalive" && limits.keepalive;
    const least = range ? range[0] : NUMBERS[i][2];
    const most = range ? range[1] : NUMBERS[i][3];
    const value = options[name] == null ? NUMBERS[i][1] : options[name];
    if (!isWhole(value, least, most)) {
      fault("option-out-of-range", name, "must be a whole number from " + least + " to " + most);
    }
    checked[name] = value;
  }
  const will = options.will;
  if (will != null && typeof will !== "object") fault("option-out-of-range", "will", "must be an object");
  else if (will) {
    const payload = will.payload;
    const error = will.topic
      ? topicFault(runtime.encode(will.topic), false, limits)
      : fail("option-missing", "is missing");
    if (limits.plain) fault("will-forbidden", "will", "this platform takes no Will");
    if (will.qos === 2) fault("qos-unsupported", "will.qos", "QoS 2 is not supported; use 0 or 1");
    else if (will.qos && will.qos !== 1) fault("option-out-of-range", "will.qos", "must be 0 or 1");
    if (error) fault(error.code, "will.topic", error.message);
    const bytes = payload == null ? "" : runtime.encode(payload);
    if (bytes == null || bytes.length > 65535) {
      fault("option-out-of-range", "will.payload", "must be text of at most 65535 bytes");
    }
    checkFlag("will.retain", will.retain);
  }
  checkFlag("clean", options.clean);
  const store = options.outgoingStore == null ? "mqtt.out" : options.outgoingStore;
  if (store !== "" && (!isPlain(store, "") || store.length > 27)) {
    fault("option-out-of-range", "outgoingStore", "must be a name of at most 27 bytes, or empty");
  }
  checked.outgoingStore = store;
  checked.clean = options.clean !== false;
  checked.will = will;
  checked.subprotocol = options.subprotocol == null ? "mqtt" : options.subprotocol;
  if (!isPlain(checked.subprotocol, ",;"))
    fault("option-out-of-range", "subprotocol", "must be one name, such as mqtt");
  return checked as ClientOptions;
}

/** Options with their defaults; throws their first fault. Short to keep is what was given, so a client makes these anew. */
export function soundOptions(options: ClientOptions, limits: Limits, runtime: Runtime): ClientOptions {
  return checkOptions(options, limits, runtime, (code, field, message) => {
    throw fail(code, field + " " + message);
  });
}
