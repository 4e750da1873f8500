/** Where features hang: each one is asked for by its constant, so that a build without it has nothing of it. */
import type { Bytes, Runtime } from "../seams";
import { say } from "../device/status";
import type { Handler } from "../events";
import type { Client } from "../mqtt/client";
import type { PlatformConfig } from "../platforms/endpoint";
import { askTime, startClock, tellTime } from "./clock";
import { CLOCK, SHADOW, THING_MODEL } from "./enabled";
import type { Additions, Heard, Session } from "./session";
import { running, setRunning } from "./session";
import { addShadow, askDesired, tellShadow } from "./shadow";
import { addThing, tellThing, thingOf } from "./thing-model";

/** Whether this build has a feature of a running session. */
export const SESSION = CLOCK || THING_MODEL || SHADOW;

/** What the features add to a device, with or without a session with a cloud: a sketch may use it before it knows. */
export function addFeatures(device: Additions): void {
  setRunning();
  if (THING_MODEL) addThing(device);
  if (SHADOW) addShadow(device);
}

/** Starts the features of a session that has been made and has not connected yet; a broker has none of them. */
export function startFeatures(
  device: Additions,
  client: Client,
  platform: PlatformConfig,
  own: Bytes,
  runtime: Runtime,
): void {
  const aliyun = platform.name === "aliyun";
  if (platform.name === "broker" || (!aliyun && !THING_MODEL && !SHADOW)) return;
  const session: Session = { device: device, client: client, runtime: runtime, aliyun: aliyun, own: own };
  setRunning(session);
  if (CLOCK && aliyun) startClock(session);
}

/** There is a connection. */
export function beginFeatures(session: Session): void {
  if (CLOCK && session.clock) askTime(session, session.clock);
  if (SHADOW && (session.desired || session.shadow)) askDesired(session);
}

/** Hands a message to the features. An exception of a user's handler becomes an `error` line. */
export function tellFeatures(heard: Heard): void {
  const session = running!;
  // What its handlers publish waits until they have returned, as it does in handlers of `message`.
  session.client.hold(true);
  try {
    if (CLOCK && session.clock) tellTime(session, session.clock, heard);
    if (THING_MODEL && session.thing) tellThing(session.thing, heard);
    if (SHADOW && session.shadow) tellShadow(session.shadow, heard.topic, heard.payload);
  } catch (e) {
    say({ event: "error", code: "handler-threw", reason: "" + e });
  }
  session.client.hold(false);
}

/**
 * Takes a handler of an event that features tell; false for any other. The feature is wanted from here on: what nobody asks
 * for is not subscribed to.
 */
export function handled(session: Session, event: string, handler: Handler): boolean {
  if (THING_MODEL && (event === "set" || event === "command")) {
    session[event] = handler;
    thingOf(session);
  } else if (SHADOW && event === "desired") {
    session.desired = handler;
    askDesired(session);
  } else return false;
  return true;
}
