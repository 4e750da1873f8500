import type { CodedError, Limits, Runtime } from "../seams";
import type { ClientOptions } from "../mqtt/options";
import { checkOptions, isWhole } from "../mqtt/options";
import { topicFault } from "../mqtt/topics";
import { checkAliyun } from "../platforms/aliyun";
import { checkBroker } from "../platforms/broker";
import type { Block, FieldFault } from "../platforms/fields";
import { checkFlag, checkNames, cloudLimits } from "../platforms/fields";
import type { PlatformConfig } from "../platforms/endpoint";
import { platformOf } from "../platforms/endpoint";
import { checkUCloud } from "../platforms/ucloud";
import { REGISTRATION } from "../features/enabled";
import { parseUrl } from "../websocket/handshake";

/** A topic with its QoS, 0 or 1, default 0. */
export interface TopicConfig {
  topic: string;
  qos?: number;
}

/** What device.json says, checked. */
export interface Settings {
  platform: PlatformConfig;
  /** What the platform asks of this device. */
  limits: Limits;
  options: ClientOptions;
  wifi?: { ssid: string; password?: string };
  /** The console over telnet, to anybody in the network. */
  telnet?: boolean;
  subscribe: TopicConfig[];
  /** `period` in seconds, 1 to 86400, default 60. */
  telemetry?: TopicConfig & { period?: number };
}

const MQTT_NAMES =
  "protocolVersion keepalive clean will subprotocol connectTimeout maximumPacketSize queueBytes queueMessages outgoingStore receiveMaximum";

/** `value` as a block; undefined where it is missing, or something else, which is told. */
function block(value: unknown, field: string, required: boolean, fault: FieldFault): Block | undefined {
  if (value == null) {
    if (required) fault("config-missing", field, "is missing");
  } else if (typeof value !== "object" || Array.isArray(value)) fault("config-invalid", field, "must be an object");
  else return value as Block;
  return;
}

/** Whether `value` is text of so many bytes. */
function fits(value: unknown, least: number, most: number, runtime: Runtime): boolean {
  const bytes = typeof value === "string" ? (runtime.encode(value) || "").length : 0;
  return bytes >= least && bytes <= most;
}

/** A fault sink for the fields of one block. */
function within(field: string, fault: FieldFault): FieldFault {
  return (code, name, message) => fault(code, field + "." + name, message);
}

/**
 * Checks what was read from device.json as a whole and tells every fault with its field; returns the settings, or
 * undefined when there was one. Codes: `config-missing`, `config-invalid`, `config-unknown`, `option-out-of-range`, `will-forbidden`,
 * `registration-insecure`, `option-missing`, `qos-unsupported`, `topic-invalid`, `topic-forbidden`, `url-invalid`.
 */
export function checkConfig(json: unknown, runtime: Runtime, tell: FieldFault): Settings | undefined {
  let faults = 0;
  const fault: FieldFault = (code, field, message) => {
    faults++;
    tell(code, field, message);
  };
  const root = block(json, "device.json", true, fault);
  if (!root) return;
  checkNames(root, "wifi telnet platform aliyun ucloud broker url mqtt subscribe telemetry", fault);

  const url = root.url as string | undefined;
  if (url != null) {
    try {
      parseUrl(typeof url === "string" ? url : "");
    } catch (e) {
      fault((e as CodedError).code, "url", (e as CodedError).message);
    }
  }

  const wifi = block(root.wifi, "wifi", false, fault);
  if (wifi) {
    checkNames(wifi, "ssid password", within("wifi", fault));
    const ssid = wifi.ssid;
    const password = wifi.password;
    // The interpreter cuts what is longer (jswrap_esp32_network.c, jswrap_wifi_connect); WPA has no shorter password.
    if (ssid == null || ssid === "") fault("config-missing", "wifi.ssid", "is missing");
    else if (!fits(ssid, 1, 31, runtime))
      fault("config-invalid", "wifi.ssid", "must be text of at most 31 bytes: Espruino cuts a longer name");
    if (password != null && password !== "" && !fits(password, 8, 63, runtime)) {
      fault("config-invalid", "wifi.password", "must be text of 8 to 63 bytes");
    }
  }
  checkFlag(root, "telnet", fault);

  const name = root.platform;
  const known = name === "aliyun" || name === "ucloud" || name === "broker";
  if (name == null) fault("config-missing", "platform", "must be aliyun, ucloud or broker");
  else if (!known) fault("config-invalid", "platform", "must be aliyun, ucloud or broker");
  if (name === "broker" && url == null) fault("config-missing", "url", "is missing: where is the broker?");
  const given = known ? root[name] : undefined;
  // A broker may want no credentials at all.
  const own = known && (name === "broker" && given == null ? {} : block(given, name, true, fault));
  const options = (block(root.mqtt, "mqtt", false, fault) || {}) as ClientOptions;
  const before = faults;
  if (own && name === "aliyun") checkAliyun(own, runtime, within(name, fault));
  else if (own && name === "ucloud") checkUCloud(own, runtime, within(name, fault));
  else if (own) checkBroker(own, options, runtime, within("broker", fault));
  // What registers over ws would have its secret read on the way, so Alibaba Cloud refuses it.
  if (REGISTRATION && own && name === "aliyun" && own.productSecret != null && own.deviceSecret == null) {
    if (typeof url === "string" && url.substr(0, 3) === "ws:") {
      fault("registration-insecure", "url", "must begin with wss:// where a board is to register with a productSecret");
    }
  }
  // A platform can only be made from a sound block; without one the rest is checked against what both clouds ask.
  const platform =
    own && faults === before
      ? platformOf({ name: name as PlatformConfig["name"], config: own as PlatformConfig["config"], url: url }, runtime)
      : { limits: known && name !== "broker" ? cloudLimits("", 1) : {}, endpoint: () => ({ url: "", clientId: "" }) };

  checkNames(options as Block, MQTT_NAMES, within("mqtt", fault));
  checkOptions(options, platform.limits, runtime, within("mqtt", fault));

  const checkTopic = (entry: Block | undefined, field: string, filter: boolean) => {
    if (!entry) return;
    checkNames(entry, filter ? "topic qos" : "topic qos period", within(field, fault));
    const error = topicFault(
      typeof entry.topic === "string" ? runtime.encode(entry.topic) : "",
      filter,
      platform.limits,
    );
    if (error) fault(error.code, field + ".topic", error.message);
    if (entry.qos === 2) fault("qos-unsupported", field + ".qos", "QoS 2 is not supported; use 0 or 1");
    else if (entry.qos != null && entry.qos !== 0 && entry.qos !== 1)
      fault("config-invalid", field + ".qos", "must be 0 or 1");
  };
  const list = root.subscribe == null ? [] : (root.subscribe as Block[]);
  if (!Array.isArray(list)) fault("config-invalid", "subscribe", "must be a list");
  else {
    if (list.length > (platform.limits.subscriptions || 100)) fault("config-invalid", "subscribe", "is too long");
    for (let i = 0; i < list.length; i++) {
      const field = "subscribe." + i;
      checkTopic(block(list[i], field, true, fault), field, true);
    }
  }
  const telemetry = block(root.telemetry, "telemetry", false, fault);
  checkTopic(telemetry, "telemetry", false);
  if (telemetry) {
    if (telemetry.period != null && !isWhole(telemetry.period, 1, 86400)) {
      fault("config-invalid", "telemetry.period", "must be a whole number of seconds from 1 to 86400");
    }
  }
  if (faults) return;
  return {
    // Plain data: a function made here would hold all of this module in memory.
    platform: {
      name: name as PlatformConfig["name"],
      config: own as PlatformConfig["config"],
      url: url,
    },
    limits: platform.limits,
    options: options,
    wifi: root.wifi as Settings["wifi"],
    telnet: root.telnet as boolean | undefined,
    subscribe: list as unknown as TopicConfig[],
    telemetry: root.telemetry as Settings["telemetry"],
  };
}
