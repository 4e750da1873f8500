import type { CodedError, Runtime } from "../seams";
import { fail } from "../errors";

/** The longest wait drawn from the exponential, in milliseconds. */
const CAP = 60000;
/** A connection that the server ends within this many milliseconds has hardly begun. */
const BRIEF = 30000;
/** A connection that lasts this many milliseconds clears every suspicion. */
const SETTLED = 600000;
/** Brief connections in a row at which a second device with the same credentials is suspected. */
const SUSPICIOUS = 3;

/** No minute sees more than this many attempts (Alibaba Cloud allows five connection requests a minute). */
const PER_MINUTE = 5;

/**
 * Waits between connection attempts: exponential with full jitter, and never more than five attempts in a minute.
 * The rate is kept by the waits alone, as if connections took no time, so no clock is read.
 */
export class Backoff {
  private _failures = 0;
  private _brief = 0;
  private _begun = false;
  /** The waits before the latest attempts, newest last, in milliseconds. */
  private _waits: number[] = [];

  constructor(private _runtime: Runtime) {}

  /** Milliseconds to wait before the first attempt after a start: none after boot, else at least `least`. */
  first(least: number): number {
    const begun = this._begun;
    this._begun = true;
    return begun ? this.next(least) : 0;
  }

  /** Milliseconds to wait before the next attempt; `least` is a floor for refusals that time does not mend. */
  next(least: number): number {
    const waits = this._waits;
    const ceiling = Math.min(CAP, 1000 * Math.pow(2, this._failures++));
    if (this._brief >= SUSPICIOUS) least = Math.max(least, Math.min(SETTLED, 60000 * (this._brief - 2)));
    let wait = Math.max(least, ((this._runtime.random() >>> 8) / 0x1000000) * ceiling);
    if (waits.length >= PER_MINUTE - 1) {
      let sum = 0;
      for (let i = 0; i < waits.length; i++) sum += waits[i];
      // Five seconds to spare: a stepped clock may cut one slice of one wait.
      wait = Math.max(wait, 65000 - sum);
      waits.shift();
    }
    wait = Math.ceil(wait);
    waits.push(wait);
    return wait;
  }

  /**
   * A connection of `lasted` milliseconds has ended for a reason. After a minute the next trouble starts from the shortest
   * wait. Returns the reason, or `kicked` when the server has ended several right after they began, as it does where two
   * devices have the same credentials: the waits are then a minute and more, up to ten, until a connection has lasted as long.
   */
  ended(lasted: number, error: CodedError): CodedError {
    const byServer = error.code.substr(0, 6) === "socket" || error.code === "websocket-closed";
    if (lasted >= 60000) {
      this._failures = 0;
      this._waits = [];
    }
    if (lasted >= SETTLED) this._brief = 0;
    else if (byServer && lasted < BRIEF) this._brief++;
    return byServer && this._brief >= SUSPICIOUS
      ? fail("kicked", "put off right after connecting, again and again: a second device with these credentials?")
      : error;
  }
}
