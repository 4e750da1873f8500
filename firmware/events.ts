import type { CodedError } from "./seams";
import { fail } from "./errors";

// The arguments differ by event; the client's own `on` states them.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Handler = (...args: any[]) => void;

/** Hears of every event before its handlers do. */
export interface Tap {
  told(event: string, a?: unknown, b?: unknown, c?: unknown): void;
}

/** Handlers by event, called at once and in order; what a handler throws becomes an `error` event. */
export class Events {
  private _handlers: { [event: string]: Handler[] } = {};

  constructor(private _tap?: Tap) {}

  on(event: string, handler: Handler): void {
    const handlers = this._handlers;
    // A new list, so that one being walked stays as it is.
    handlers[event] = (handlers[event] || []).concat([handler]);
  }

  /** Calls the handlers of `event` with up to three arguments. */
  emit(event: string, a?: unknown, b?: unknown, c?: unknown): void {
    const handlers = this._handlers[event];
    if (this._tap) this._tap.told(event, a, b, c);
    if (!handlers) return;
    for (let i = 0; i < handlers.length; i++) {
      const handler = handlers[i];
      try {
        handler(a, b, c);
      } catch (e) {
        this._threw(e, a);
      }
    }
  }

  /** Calls one function of the user's, which may throw. */
  call(handler: Handler | undefined, a?: unknown, b?: unknown, c?: unknown): void {
    if (!handler) return;
    try {
      handler(a, b, c);
    } catch (e) {
      this._threw(e, a);
    }
  }

  private _threw(what: unknown, a: unknown): void {
    const error: CodedError = fail("handler-threw", "" + what);
    // An `error` handler that throws has nobody left to tell.
    if (a !== error && !(a && (a as CodedError).code === error.code)) this.emit("error", error);
  }
}
