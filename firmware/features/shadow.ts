/** The device's shadow: what has to be there all the time. The rest is in shadow-messages.ts. */
import type { Bytes, CodedError } from "../seams";
import type { PublishResult } from "../mqtt/client";
import type { Acknowledge } from "../mqtt/outbox";
import type { Additions, Session, Values } from "./session";
import { notConfigured, running } from "./session";
import { begin, GETTING, receiveShadow, send, subscribeShadow } from "./shadow-messages";

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
  cloud: Session;
  aliyun: boolean;
  own: string;
  /** What the cloud has stored, as far as it is known. */
  version: number | undefined;
  /** What is to be reported, as JSON; undefined for a request that only gets. */
  json: string | undefined;
  done: ShadowDone | undefined;
  /** 0 nothing under way, 1 asking, 2 reporting. */
  step: number;
  /** The server has what was sent: it will not be sent again by itself. */
  taken: boolean;
  /** The version that was sent with the report under way, at Alibaba Cloud. */
  sent: number;
  /** Seconds online that the answer may still take. */
  left: number;
  /** How often a conflict may still be resolved. */
  retries: number;
  /** The digest of the desired values that were delivered last. */
  seen: string;
  /** The one timer is running. */
  timing: boolean;
}

/** The session's shadow, which begins to listen when it is first wanted. */
export function shadowOf(session: Session): Shadow {
  let it = session.shadow;
  if (!it) {
    session.shadow = it = {
      cloud: session,
      aliyun: session.aliyun,
      own: session.own,
      version: undefined,
      json: undefined,
      done: undefined,
      step: 0,
      taken: false,
      sent: 0,
      left: 0,
      retries: 0,
      seen: "",
      timing: false,
    };
    subscribeShadow(it);
  }
  return it;
}

/** `device.shadow.get`. */
function get(done?: ShadowDone): PublishResult {
  return running ? begin(shadowOf(running), undefined, done) : notConfigured(done);
}

/** `device.shadow.report`. */
function report(values: Values, done?: Acknowledge): PublishResult {
  return running ? begin(shadowOf(running), values, done) : notConfigured(done);
}

/** Gives `device` its `shadow`. */
export function addShadow(device: Additions): void {
  device.shadow = { get: get, report: report };
}

/**
 * There is a connection: the answer to a get that was under way may be lost with the one before, and what was desired while
 * the device was away is asked for where somebody wants to hear it.
 */
export function askDesired(session: Session): void {
  const it = shadowOf(session);
  if (!session.client.connected) return;
  if (it.step === GETTING && it.taken) send(it);
  else if (!it.step && session.desired) begin(it, undefined, undefined);
}

/** A message came: perhaps the shadow's. */
export function tellShadow(it: Shadow, topic: string, payload: Bytes): void {
  const prefix = it.aliyun ? "/shadow/get" + it.own : "/$system" + it.own + "/shadow/";
  if (topic.substr(0, prefix.length) === prefix) receiveShadow(it, topic.substr(prefix.length), payload);
}
