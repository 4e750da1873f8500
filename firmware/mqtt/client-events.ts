import type { CodedError } from "../seams";
import type { Parser } from "./parser";

/** What a client tells, and what its handlers get. */
export interface ClientEvents {
  /** CONNACK came; milliseconds since the attempt began. */
  connect(sessionPresent: boolean, ms: number): void;
  /** A message came. `packet` has its bytes and flags, and is the parser's own: it lasts until the handler returns. */
  message(topic: string, payload: string, packet: Parser): void;
  /** PINGRESP came; the round trip in milliseconds. */
  ping(rtt: number): void;
  /** Storage was written: messages now kept there, and writes since boot. */
  stored(messages: number, writes: number): void;
  /**
   * A connection or an attempt has ended; one for each. Milliseconds until the next attempt (undefined after `end`), and
   * whether it had been connected.
   */
  close(error: CodedError, retry: number | undefined, online: boolean): void;
  /** A handler that threw, a refused subscription, a message over the cap, Storage that cannot be written. */
  error(error: CodedError, topic?: string): void;
}
