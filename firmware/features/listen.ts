import type { Handler } from "../events";
import type { Session } from "./session";

/** The handler of each event that features tell: one each, the latest. */
export interface Handlers {
  [event: string]: Handler | undefined;
}

/** Teaches `device.on` the events of features; everything else goes to the client as before. */
export function listen(session: Session): Handlers {
  const handlers: Handlers = {};
  const client = session.client;
  session.device.on = (event, handler) => {
    if (event === "set" || event === "command" || event === "desired") handlers[event] = handler;
    else client.on(event as "message", handler);
  };
  return handlers;
}
