/** Where features hang: each one is asked for by its constant, so that a build without it has nothing of it. */
import { clock } from "./clock";
import { CLOCK } from "./enabled";
import type { Session } from "./session";

/** Starts the features of a session that has been made and has not connected yet. */
export function startFeatures(session: Session): void {
  if (CLOCK) clock(session);
}
