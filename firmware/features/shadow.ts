/** The device's shadow: what has to be there all the time. The rest is in shadow-messages.ts. */
import type { CodedError } from "../seams";
import type { PublishResult } from "../mqtt/client";
import type { Acknowledge } from "../mqtt/outbox";
import type { Handlers } from "./listen";
import type { Session, Values } from "./session";
import { begin, receiveShadow, subscribeShadow, tickShadow } from "./shadow-messages";

/** What the cloud has stored: `state.reported`, `state.desired` where there are such, and their version. */
export type ShadowDone = (
  error?: CodedError,
  state?: { reported?: Values; desired?: Values },
  version?: number,
) => void;

/** `device.shadow`. One request at a time: another is refused with `shadow-busy`. */
export interface ShadowFace {
  /** Asks for what is stored. Answers as `publish` does; errors: `shadow-refused`, `shadow-timeout`. */
  get(done?: ShadowDone): PublishResult;
  /** Reports values, with the version that the cloud's rule wants; after a conflict with the right one, twice at most. */
  report(values: Values, done?: Acknowledge): PublishResult;
}

/** The shadow's state. */
export interface Shadow {
  session: Session;
  handlers: Handlers;
  aliyun: boolean;
  own: string;
  /** What the cloud has stored, as far as it is known. */
  version: number | undefined;
  /** What is to be reported, as JSON; undefined for a request that only gets. */
  json: string | undefined;
  done: ShadowDone | undefined;
  /** 0 nothing under way, 1 asking, 2 reporting. */
  step: number;
  /** Seconds online that the answer may still take. */
  left: number;
  /** How often a conflict may still be resolved. */
  retries: number;
  /** The digest of the desired values that were delivered last. */
  seen: string;
  /** The one timer is running. */
  timing: boolean;
  onSecond: () => void;
}

/** Gives `device` its `shadow`, and tells `desired`. */
export function shadow(session: Session, handlers: Handlers): void {
  if (session.platform.name === "broker") return;
  const aliyun = session.platform.name === "aliyun";
  const own = "" + session.platform.limits.own;
  const it: Shadow = {
    session: session,
    handlers: handlers,
    aliyun: aliyun,
    own: own,
    version: undefined,
    json: undefined,
    done: undefined,
    step: 0,
    left: 0,
    retries: 0,
    seen: "",
    timing: false,
    onSecond: () => tickShadow(it),
  };
  const prefix = aliyun ? "/shadow/get" + own : "/$system" + own + "/shadow/";
  session.device.shadow = {
    get: (done) => begin(it, undefined, done),
    report: (values, done) => begin(it, values, done),
  };
  session.client.on("message", (topic, _payload, packet) => {
    if (topic.substr(0, prefix.length) === prefix) receiveShadow(it, topic.substr(prefix.length), packet.payload);
  });
  // What was desired while the device was away is asked for.
  session.client.on("connect", () => {
    if (handlers.desired && !it.step) begin(it, undefined, undefined);
  });
  subscribeShadow(it);
}
