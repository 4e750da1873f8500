import type { Runtime } from "../seams";

/** The longest wait drawn from the exponential, in milliseconds. */
const CAP = 60000;
/** No minute sees more than this many attempts (Alibaba Cloud allows five connection requests a minute). */
const PER_MINUTE = 5;

/**
 * Waits between connection attempts: exponential with full jitter, and never more than five attempts in a minute.
 * The rate is kept by the waits alone, as if connections took no time, so no clock is read.
 */
export class Backoff {
  private _failures = 0;
  /** The waits before the latest attempts, newest last, in milliseconds. */
  private _waits: number[] = [];

  constructor(private _runtime: Runtime) {}

  /** Milliseconds to wait before the next attempt; `least` is a floor for refusals that time does not mend. */
  next(least: number): number {
    const waits = this._waits;
    const ceiling = Math.min(CAP, 1000 * Math.pow(2, this._failures++));
    let wait = Math.max(least, ((this._runtime.random() >>> 8) / 0x1000000) * ceiling);
    if (waits.length >= PER_MINUTE - 1) {
      let sum = 0;
      for (let i = 0; i < waits.length; i++) sum += waits[i];
      wait = Math.max(wait, 60000 - sum);
      waits.shift();
    }
    wait = Math.ceil(wait);
    waits.push(wait);
    return wait;
  }

  /** A connection has lasted a minute: the next trouble starts from the shortest wait. */
  reset(): void {
    this._failures = 0;
    this._waits = [];
  }
}
