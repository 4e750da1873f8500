/** Where features hang: each one is asked for by its constant, so that a build without it has nothing of it. */
import { clock } from "./clock";
import { CLOCK, SHADOW, THING_MODEL } from "./enabled";
import { listen } from "./listen";
import type { Session } from "./session";
import { shadow } from "./shadow";
import { thingModel } from "./thing-model";

/** Starts the features of a session that has been made and has not connected yet. */
export function startFeatures(session: Session): void {
  if (CLOCK) clock(session);
  if (THING_MODEL || SHADOW) {
    const handlers = listen(session);
    if (THING_MODEL) thingModel(session, handlers);
    if (SHADOW) shadow(session, handlers);
  }
}
