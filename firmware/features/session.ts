import { say } from "../device/status";
import { fail } from "../errors";
import type { Handler } from "../events";
import type { Client, PublishResult } from "../mqtt/client";
import type { Acknowledge } from "../mqtt/outbox";
import type { Bytes, CodedError, Runtime } from "../seams";
import type { Clock } from "./clock";
import type { Shadow, ShadowFace } from "./shadow";
import type { Thing } from "./thing-model";

/** Values by name: text, numbers, true and false, lists and objects of these. A function stands for JSON that it returns. */
export interface Values {
  [name: string]: unknown;
}

/** Calls who waits for something; what he throws is told, not thrown. */
export function callDone(done: Handler | undefined, error?: CodedError, a?: unknown, b?: unknown): void {
  if (!done) return;
  try {
    done(error, a, b);
  } catch (e) {
    say({ event: "error", code: "handler-threw", reason: "" + e });
  }
}

/** Answers where there is no session with a cloud. */
export function notConfigured(done: Handler | undefined): PublishResult {
  callDone(done, fail("not-configured", "there is no session with a cloud"));
  return "not-configured";
}

/**
 * What features add to `device`, each where the build has its feature; `time` where the platform has a time service. Where
 * there is no session with a cloud, and so nothing to report to, `report`, `event` and `shadow` answer `not-configured`.
 */
export interface Additions {
  /** Milliseconds since 1970 by the cloud's clock; undefined until it has told. */
  time?: () => number | undefined;
  /**
   * Thing model: reports properties. Answers as `publish` does, or `requests-full`; `done` is called once, when the cloud
   * has answered or with the error: `thing-refused`, `thing-timeout`, or what `publish` refuses with.
   */
  report?: (values: Values, done?: Acknowledge) => PublishResult;
  /** Thing model: reports an event with its output; as `report`. */
  event?: (id: string, values: Values, done?: Acknowledge) => PublishResult;
  /** The device's shadow. */
  shadow?: ShadowFace;
}

/** A message that came, kept until its turn: features take theirs when all that came with it has been read. */
export interface Heard {
  topic: string;
  payload: Bytes;
  dup: boolean;
  /** When it came, by `runtime.now()`. */
  at: number;
}

/** What a session's features share. Each puts its functions into `device`, and its state here. */
export interface Session {
  device: Additions;
  client: Client;
  runtime: Runtime;
  /** Which of the two clouds it is. */
  aliyun: boolean;
  /** What every topic of this device holds. */
  own: Bytes;
  clock?: Clock;
  thing?: Thing;
  shadow?: Shadow;
  /** The handlers of `set`, `command` and `desired`: one each, the latest. */
  set?: Handler;
  command?: Handler;
  desired?: Handler;
}

/** The session with a cloud, where there is one: a board has one at most, so what `device` shows needs no scope to find it. */
export let running: Session | undefined;

export function setRunning(session?: Session): void {
  running = session;
}
