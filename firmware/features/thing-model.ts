/** One face for both clouds' thing models: what has to be there all the time. The rest is in thing-messages.ts. */
import type { Acknowledge } from "../mqtt/outbox";
import type { Handlers } from "./listen";
import type { Session } from "./session";
import { post, receive, subscribeThing, tick } from "./thing-messages";

/** A request that waits for its answer, or a command that waits for the sketch's. */
export interface Open {
  id: string;
  /** Seconds that are left; 0 when it is over. */
  left: number;
  /** A request of the cloud's: its time also runs while there is no connection. */
  theirs: boolean;
  done?: Acknowledge;
}

/** The thing model's state. */
export interface Thing {
  session: Session;
  handlers: Handlers;
  aliyun: boolean;
  /** What all its topics begin with. */
  prefix: string;
  open: Open[];
  /** The latest request's number. */
  last: number;
  /** The one timer is running. */
  timing: boolean;
  onSecond: () => void;
}

/** Gives `device` its `report` and `event`, and tells `set` and `command`. */
export function thingModel(session: Session, handlers: Handlers): void {
  if (session.platform.name === "broker") return;
  const aliyun = session.platform.name === "aliyun";
  const own = session.platform.limits.own;
  const prefix = aliyun ? "/sys" + own + "/" : "/$system" + own + "/tmodel/";
  const thing: Thing = {
    session: session,
    handlers: handlers,
    aliyun: aliyun,
    prefix: prefix,
    open: [],
    // An answer to the firmware that ran before must not fit a request of this one.
    last: session.runtime.random() & 0x3fffffff,
    timing: false,
    onSecond: () => tick(thing),
  };
  session.device.report = (values, done) => post(thing, "", values, done);
  session.device.event = (id, values, done) => post(thing, id, values, done);
  session.client.on("message", (topic, _payload, packet) => {
    if (topic.substr(0, prefix.length) === prefix) receive(thing, topic.substr(prefix.length), packet.payload);
  });
  subscribeThing(thing);
}
