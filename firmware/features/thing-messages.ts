/** The thing models' messages: made and read when they are sent and come. */
import type { Bytes, CodedError } from "../seams";
import { say } from "../device/status";
import { coded, fail } from "../errors";
import type { PublishResult } from "../mqtt/client";
import type { Acknowledge } from "../mqtt/outbox";
import { refusalText, THING_CODES } from "./cloud-codes";
import { readJson, writeJson } from "./json";
import type { Values } from "./session";
import { callDone } from "./session";
import type { Open, Thing } from "./thing-model";

/** Reports under way together, and commands beside them. */
const OURS = 8;
const THEIRS = 4;
/** So many of the cloud's latest requests are known again. */
const HEARD = 8;
/** Of topic and id together, in bytes: what is longer is no cloud's, and is not remembered. */
const LONGEST = 256;
/** Seconds, online, until a request counts as not answered. */
const PATIENCE = 30;
/** Seconds that a command may take, one less than the cloud's: the answer has a way to go. */
const UCLOUD_ANSWER = 4;
const RRPC_ANSWER = 7;

/** Subscribes to what comes down. */
export function subscribeThing(thing: Thing): void {
  const filters = thing.aliyun
    ? ["thing/event/+/post_reply", "thing/service/+", "thing/service/property/set", "rrpc/request/+"]
    : ["property/post_reply", "event/post_reply", "property/set", "command"];
  for (let i = 0; i < filters.length; i++) thing.cloud.client.subscribe(thing.prefix + filters[i], { qos: 1 });
}

/** Ends a request and tells who waits for it; what he throws is told, not thrown. */
function settle(thing: Thing, entry: Open, error?: CodedError): void {
  const at = thing.open.indexOf(entry);
  const done = entry.done;
  entry.left = 0;
  entry.done = undefined;
  if (at >= 0) thing.open.splice(at, 1);
  callDone(done, error);
}

/** Sends what the sketch has replied, which is worth nothing later: past all that waits, or not yet. */
function deliver(thing: Thing, entry: Open): PublishResult {
  const result = thing.cloud.client.publish(entry.topic!, entry.json!, { now: true });
  if (result === "not-now") return "queued";
  settle(thing, entry);
  return result;
}

/** A second has passed. */
function tick(thing: Thing): void {
  const online = thing.cloud.client.connected;
  const late: Open[] = [];
  for (let i = 0; i < thing.open.length; i++) {
    const entry = thing.open[i];
    if ((online || entry.theirs) && --entry.left <= 0) late.push(entry);
  }
  for (let i = 0; i < late.length; i++) {
    if (late[i].theirs) {
      const reason = late[i].json ? "the answer could not be sent in time" : "the sketch has not replied in time";
      say({ event: "error", code: "command-timeout", reason: reason });
    }
    settle(thing, late[i], fail("thing-timeout", "the cloud has not answered within " + PATIENCE + " s"));
  }
  const waiting: Open[] = [];
  for (let i = 0; i < thing.open.length; i++) if (thing.open[i].json) waiting.push(thing.open[i]);
  for (let i = 0; i < waiting.length; i++) if (waiting[i].json) deliver(thing, waiting[i]);
  thing.timing = thing.open.length > 0;
  if (thing.timing) thing.cloud.runtime.setTimeout(tick, 1000, thing);
}

/** Keeps count of a request; false where there are too many. */
function open(thing: Thing, entry: Open): boolean {
  let same = 0;
  for (let i = 0; i < thing.open.length; i++) if (thing.open[i].theirs === entry.theirs) same++;
  if (same >= (entry.theirs ? THEIRS : OURS)) return false;
  thing.open.push(entry);
  if (!thing.timing) {
    thing.timing = true;
    thing.cloud.runtime.setTimeout(tick, 1000, thing);
  }
  return true;
}

/** Reports properties, or with an `event` that one. */
export function post(thing: Thing, event: string, values: Values, done?: Acknowledge): PublishResult {
  const time = thing.cloud.device.time && thing.cloud.device.time();
  const entry: Open = { id: "", left: PATIENCE, theirs: false, done: done };
  let topic;
  let json;
  thing.last = (thing.last + 1) & 0x3fffffff;
  entry.id = "" + thing.last;
  try {
    if (thing.aliyun) {
      const params = writeJson(event ? { value: values, time: time } : values);
      const name = event || "property";
      topic = "thing/event/" + name + "/post";
      const method = writeJson("thing.event." + name + ".post");
      json = '{"id":"' + entry.id + '","version":"1.0","params":' + params + ',"method":' + method + "}";
    } else if (event) {
      topic = "event/post";
      json = writeJson({ RequestID: entry.id, Identifier: event, Output: values });
    } else {
      const property: Values = {};
      for (const name in values) if (values[name] !== undefined) property[name] = { Value: values[name] };
      topic = "property/post";
      json = writeJson({ RequestID: entry.id, Property: property });
    }
  } catch (e) {
    const error = coded(e, "handler-threw");
    settle(thing, entry, error);
    return error.code;
  }
  if (!open(thing, entry)) {
    settle(thing, entry, fail("requests-full", "wait until the cloud has answered"));
    return "requests-full";
  }
  const result = thing.cloud.client.publish(thing.prefix + topic, json, { qos: 1 });
  if (result !== "sent" && result !== "queued") settle(thing, entry, fail(result, "the report was not sent"));
  return result;
}

/** An answer to the cloud. */
function answer(thing: Thing, id: unknown, code: unknown, output: unknown): string {
  return writeJson(
    thing.aliyun
      ? { id: id, code: code == null ? 200 : code, data: output || {} }
      : { RequestID: id, RetCode: code || 0, Output: output },
  );
}

/** Whether a request has come before: one whose acknowledgement was lost comes again, as a duplicate. */
function heardBefore(thing: Thing, request: string, duplicate: boolean): boolean {
  const heard = thing.heard;
  if (duplicate && heard.indexOf(request) >= 0) return true;
  if (request.length <= LONGEST && heard.push(request) > HEARD) heard.shift();
  return false;
}

/** The cloud's answer to a report. */
function answered(thing: Thing, message: Values): void {
  const id = "" + (thing.aliyun ? message.id : message.RequestID);
  const code = thing.aliyun ? message.code : message.RetCode;
  const words = thing.aliyun ? message.message : message.Message;
  for (let i = 0; i < thing.open.length; i++) {
    const entry = thing.open[i];
    if (entry.theirs || entry.id !== id) continue;
    const well = "" + code === (thing.aliyun ? "200" : "0");
    const error = well ? undefined : fail("thing-refused", refusalText(thing.aliyun ? THING_CODES : "", code, words));
    // Nobody who waits for it: then at least a status line.
    if (error && !entry.done) say({ event: "error", code: error.code, reason: error.message });
    return settle(thing, entry, error);
  }
}

/** Values that the cloud wants to have; what the handler returns is the code of the answer. */
function set(thing: Thing, message: Values): void {
  const values = (thing.aliyun ? message.params : message.Property) as Values | undefined;
  const handler = thing.cloud.set as ((values: Values) => unknown) | undefined;
  if (!handler || !values || typeof values !== "object") return;
  // UCloud's may be wrapped as they are in reports.
  if (!thing.aliyun) {
    for (const name in values) {
      const value = values[name] as Values | null;
      if (value && typeof value === "object" && "Value" in value) values[name] = value.Value;
    }
  }
  const code = handler(values);
  const topic = thing.aliyun ? "thing/service/property/set_reply" : "property/set_reply";
  const id = thing.aliyun ? message.id : message.RequestID;
  const json = answer(thing, id, typeof code === "number" ? code : undefined, undefined);
  thing.cloud.client.publish(thing.prefix + topic, json, { qos: 1 });
}

/** A service or command; `topic` is where its answer goes, `seconds` what it may take (0: nothing is said). */
function command(thing: Thing, id: string, topic: string, seconds: number, message: Values): void {
  const handler = thing.cloud.command;
  const requestId = thing.aliyun ? message.id : message.RequestID;
  const input = thing.aliyun ? message.params : message.Input;
  const entry: Open = { id: "" + requestId, left: seconds || 1, theirs: true };
  if (!handler) return;
  if (seconds && !open(thing, entry)) {
    return say({ event: "error", code: "requests-full", reason: "a command came while others wait for their replies" });
  }
  handler(id, input == null ? {} : input, (output?: Values, code?: number) => {
    if (entry.left <= 0 || entry.json) return "reply-over";
    try {
      entry.json = answer(thing, requestId, code, output);
    } catch (e) {
      const error = coded(e, "handler-threw");
      say({ event: "error", code: error.code, reason: error.message });
      return error.code;
    }
    entry.topic = thing.prefix + topic;
    if (seconds) return deliver(thing, entry);
    // Nobody waits for this one at a certain time.
    return thing.cloud.client.publish(entry.topic, entry.json, { qos: 1 });
  });
}

/** A message came; `topic` is what follows the prefix. What was not asked for is somebody else's. */
export function receive(thing: Thing, topic: string, payload: Bytes, duplicate: boolean): void {
  const levels = topic.split("/");
  const last = levels[levels.length - 1];
  const isSet = topic === (thing.aliyun ? "thing/service/property/set" : "property/set");
  const isReply = last === "post_reply" && levels[thing.aliyun ? 1 : 0] !== "service";
  const isService = thing.aliyun && levels.length === 3 && levels[0] + levels[1] === "thingservice";
  const isCall = thing.aliyun && levels.length === 3 && levels[0] + levels[1] === "rrpcrequest";
  // The server of a test may send back what the device itself has sent.
  if (isService ? last.substr(-6) === "_reply" : !isSet && !isReply && !isCall && topic !== "command") return;
  let message;
  try {
    message = readJson(payload, thing.cloud.runtime) as Values;
  } catch {
    // Told below.
  }
  if (!message || typeof message !== "object") {
    return say({ event: "error", code: "thing-invalid", topic: thing.prefix + topic, reason: "is no JSON object" });
  }
  if (isReply) return answered(thing, message);
  const id = "" + (thing.aliyun ? message.id : message.RequestID);
  if (heardBefore(thing, topic + " " + id, duplicate)) return;
  if (isSet) set(thing, message);
  else if (!thing.aliyun) command(thing, "" + message.Identifier, "command_reply/" + id, UCLOUD_ANSWER, message);
  else if (isCall) {
    const method = "" + message.method;
    const name = method.substr(0, 14) === "thing.service." ? method.substr(14) : "rrpc";
    command(thing, name, "rrpc/response/" + last, RRPC_ANSWER, message);
  } else command(thing, last, topic + "_reply", 0, message);
}
