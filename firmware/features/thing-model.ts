/** One face for both clouds' thing models: what has to be there all the time. The rest is in thing-messages.ts. */
import type { Acknowledge } from "../mqtt/outbox";
import type { PublishResult } from "../mqtt/client";
import type { Additions, Heard, Session, Values } from "./session";
import { notConfigured, running } from "./session";
import { post, receive, subscribeThing } from "./thing-messages";

/** A request that waits for its answer, or a command that waits for the sketch's. */
export interface Open {
  id: string;
  /** Seconds that are left; 0 when it is over. */
  left: number;
  /** A request of the cloud's: its time also runs while there is no connection. */
  theirs: boolean;
  done?: Acknowledge;
  /** What the sketch has replied and the connection has not taken yet: the topic, and the answer. */
  topic?: string;
  json?: string;
}

/** The thing model's state. */
export interface Thing {
  cloud: Session;
  aliyun: boolean;
  /** What all its topics begin with. */
  prefix: string;
  open: Open[];
  /** Topics and ids of the requests that came last: one that comes again has been heard. */
  heard: string[];
  /** The latest request's number. */
  last: number;
  /** The one timer is running. */
  timing: boolean;
}

/** The session's thing model, which begins to listen when it is first wanted. */
export function thingOf(session: Session): Thing {
  let thing = session.thing;
  if (!thing) {
    session.thing = thing = {
      cloud: session,
      aliyun: session.aliyun,
      prefix: session.aliyun ? "/sys" + session.own + "/" : "/$system" + session.own + "/tmodel/",
      open: [],
      heard: [],
      // An answer to the firmware that ran before must not fit a request of this one.
      last: session.runtime.random() & 0x3fffffff,
      timing: false,
    };
    subscribeThing(thing);
  }
  return thing;
}

/** `device.report`. */
function report(values: Values, done?: Acknowledge): PublishResult {
  return running ? post(thingOf(running), "", values, done) : notConfigured(done);
}

/** `device.event`. */
function event(id: string, values: Values, done?: Acknowledge): PublishResult {
  return running ? post(thingOf(running), id, values, done) : notConfigured(done);
}

/** Gives `device` its `report` and `event`. */
export function addThing(device: Additions): void {
  device.report = report;
  device.event = event;
}

/** A message came: perhaps the thing model's. */
export function tellThing(thing: Thing, heard: Heard): void {
  const prefix = thing.prefix;
  if (heard.topic.substr(0, prefix.length) === prefix) {
    receive(thing, heard.topic.substr(prefix.length), heard.payload, heard.dup);
  }
}
