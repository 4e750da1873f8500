/** Where features hang: each one is asked for by its constant, so that a build without it has nothing of it. */
import { clock } from "./clock";
import { CLOCK, THING_MODEL } from "./enabled";
import { listen } from "./listen";
import type { Session } from "./session";
import { thingModel } from "./thing-model";

/** Starts the features of a session that has been made and has not connected yet. */
export function startFeatures(session: Session): void {
  if (CLOCK) clock(session);
  if (THING_MODEL) {
    const handlers = listen(session);
    thingModel(session, handlers);
  }
}
