/** The shadows' messages: made and read when they are sent and come. */
import type { Bytes, CodedError } from "../seams";
import { say } from "../device/status";
import { coded, fail } from "../errors";
import type { PublishResult } from "../mqtt/client";
import { refusalText, SHADOW_CODES } from "./cloud-codes";
import { readJson, writeJson } from "./json";
import type { Values } from "./session";
import { callDone } from "./session";
import type { Shadow, ShadowDone } from "./shadow";

const PATIENCE = 30;
const RETRIES = 2;
/** Steps of a request. */
export const GETTING = 1;
const UPDATING = 2;

/** Subscribes to what comes down. */
export function subscribeShadow(it: Shadow): void {
  const client = it.cloud.client;
  if (it.aliyun) client.subscribe("/shadow/get" + it.own, { qos: 1 });
  else {
    client.subscribe("/$system" + it.own + "/shadow/downstream", { qos: 1 });
    client.subscribe("/$system" + it.own + "/shadow/get_reply", { qos: 1 });
  }
}

/** Ends what is under way and tells who waits for it; what he throws is told, not thrown. */
function finish(it: Shadow, error?: CodedError, state?: Values): void {
  const done = it.done;
  const wasReport = it.json != null;
  it.step = 0;
  it.done = it.json = undefined;
  if (done) callDone(done, error, state, it.version);
  else if (error && (wasReport || it.cloud.desired)) say({ event: "error", code: error.code, reason: error.message });
}

/** Sends the next step: a get where the version is not known or nothing is to be reported, else the report. */
export function send(it: Shadow): PublishResult {
  const getting = it.json == null || it.version == null;
  const base = it.aliyun ? "/shadow/update" + it.own : "/$system" + it.own + "/shadow/";
  let topic = base;
  let json;
  if (!it.aliyun) topic = base + (getting ? "get" : "upstream");
  if (getting) json = it.aliyun ? '{"method":"get"}' : '{"Method":"get"}';
  else if (it.aliyun) {
    it.sent = it.version! + 1;
    json = '{"method":"update","state":{"reported":' + it.json + '},"version":' + it.sent + "}";
  } else json = '{"Method":"update","State":{"Reported":' + it.json + '},"Version":' + it.version + "}";
  it.step = getting ? GETTING : UPDATING;
  it.left = PATIENCE;
  it.taken = false;
  const result = it.cloud.client.publish(topic, json, { qos: 1 }, (error) => {
    it.taken = !error;
  });
  if (result !== "sent" && result !== "queued") finish(it, fail(result, "the shadow was not asked"));
  return result;
}

/** A second has passed. */
function tickShadow(it: Shadow): void {
  if (it.step && it.cloud.client.connected && --it.left <= 0) {
    // Whether it came to anything nobody knows.
    it.version = undefined;
    finish(it, fail("shadow-timeout", "the cloud has not answered within " + PATIENCE + " s"));
  }
  it.timing = it.step > 0;
  if (it.timing) it.cloud.runtime.setTimeout(tickShadow, 1000, it);
}

/** Begins to report `values`, or with none to get. */
export function begin(it: Shadow, values: Values | undefined, done: ShadowDone | undefined): PublishResult {
  // The get of a new connection, which nobody waits for: its answer is as good for this request.
  const own = it.step === GETTING && it.json == null && !it.done;
  let json;
  let error: CodedError | undefined;
  if (it.step && !own) error = fail("shadow-busy", "wait until the cloud has answered");
  else if (values) {
    try {
      json = writeJson(values);
    } catch (e) {
      error = coded(e, "handler-threw");
    }
  }
  if (error) {
    callDone(done, error);
    return error.code;
  }
  it.json = json;
  it.done = done;
  it.retries = RETRIES;
  it.left = PATIENCE;
  const result = own ? "queued" : send(it);
  if (it.step && !it.timing) {
    it.timing = true;
    it.cloud.runtime.setTimeout(tickShadow, 1000, it);
  }
  return result;
}

/** Tells desired values, unless they are those that were told last. */
function deliver(it: Shadow, desired: Values): void {
  const handler = it.cloud.desired;
  let empty = true;
  for (const name in desired) if (desired[name] !== undefined) empty = false;
  const seen = empty ? "" : it.cloud.runtime.sha1(it.cloud.runtime.encode(writeJson(desired))!);
  if (seen === it.seen || (!handler && !empty)) return;
  it.seen = seen;
  if (!empty) handler!(desired, it.version);
}

/** A message came; `topic` is what follows the prefix. */
export function receiveShadow(it: Shadow, topic: string, payload: Bytes): void {
  if (it.aliyun ? topic : topic !== "downstream" && topic !== "get_reply") return;
  let message;
  try {
    message = readJson(payload, it.cloud.runtime) as Values;
  } catch {
    // Told below.
  }
  if (!message || typeof message !== "object") {
    return say({ event: "error", code: "shadow-invalid", topic: topic, reason: "is no JSON object" });
  }
  const body = (
    it.aliyun && typeof message.payload === "object" && message.payload ? message.payload : message
  ) as Values;
  const state = ((it.aliyun ? body.state : body.State) || {}) as Values;
  const desired = (it.aliyun ? state.desired : state.Desired) as Values | undefined;
  // The answer to an update has it inside.
  const version = it.aliyun ? (message.version == null ? body.version : message.version) : message.Version;
  const pushed = (it.aliyun ? message.method : message.Method) === "control";
  // Whatever the code says, it is not the one for success.
  const refused = it.aliyun
    ? body.status != null && body.status !== "success"
    : message.RetCode != null && "" + message.RetCode !== "0";
  const content = ((it.aliyun ? body.content : message) || {}) as Values;
  const code = it.aliyun ? content.errorcode : content.RetCode;
  // Alibaba Cloud has a code for it; UCloud's documents name none.
  const conflict = refused && (it.aliyun ? "" + code === "409" : true);
  const was = it.step;
  // A late answer to what has been given up: to an update, where a get is under way or another update; or to a get.
  const strange = !it.aliyun
    ? (topic === "get_reply") !== (was === GETTING)
    : was === GETTING
      ? conflict || (!refused && it.json == null && !body.state)
      : !refused && version != null && version !== it.sent;
  if (typeof version === "number") it.version = version;
  else if (was === UPDATING && !pushed && !strange) it.version = undefined;
  if (was && !pushed && !strange) {
    if (conflict && was === UPDATING && it.retries-- > 0) {
      // What is stored is asked for, and what is to be reported follows it.
      it.version = undefined;
      send(it);
    } else if (refused) {
      const words = it.aliyun ? content.errormessage : content.Message;
      finish(it, fail("shadow-refused", refusalText(it.aliyun ? SHADOW_CODES : "", code, words)));
    } else if (was === GETTING && it.json != null && it.version != null) send(it);
    else {
      finish(it, undefined, {
        reported: it.aliyun ? state.reported : state.Reported,
        desired: desired,
      });
    }
  }
  if (desired && typeof desired === "object" && !refused) deliver(it, desired);
}
