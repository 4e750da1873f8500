/** The time a simulated board lives in. Its caller owns it: the host's clock, a faster one, or a virtual one. */
export interface Clock {
  /** Milliseconds since some fixed moment; never goes back. */
  now(): number;
  /** Calls `fn` once, after `ms` milliseconds of this clock; 0 means soon, never at once. */
  setTimeout(fn: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
  /** Lets `ms` milliseconds pass while its caller waits. Missing where time cannot be made to pass: then nothing takes any. */
  block?(ms: number): void;
}

/** The longest delay Node's timers take. */
const LONGEST = 0x7fffffff;

/** The host's clock, running `speed` times as fast. */
export function hostClock(speed = 1): Clock {
  if (!(speed > 0)) throw new RangeError(`speed must be above 0, not ${speed}`);
  return {
    now: () => performance.now() * speed,
    setTimeout(fn, ms) {
      if (ms <= 0) {
        const handle = setImmediate(fn);
        return () => clearImmediate(handle);
      }
      const handle = setTimeout(fn, Math.min(ms / speed, LONGEST));
      return () => clearTimeout(handle);
    },
    clearTimeout(handle) {
      (handle as () => void)();
    },
  };
}

/** A clock that moves only when told to: a year of a board's life in seconds, the same on every run. */
export class VirtualClock implements Clock {
  private time = 0;
  private order = 0;
  private pending: { at: number; order: number; fn: () => void }[] = [];

  now(): number {
    return this.time;
  }

  setTimeout(fn: () => void, ms: number): unknown {
    const entry = { at: this.time + Math.max(ms, 0), order: this.order++, fn };
    const later = this.pending.findIndex((other) => other.at > entry.at);
    this.pending.splice(later < 0 ? this.pending.length : later, 0, entry);
    return entry;
  }

  clearTimeout(handle: unknown): void {
    this.pending = this.pending.filter((entry) => entry !== handle);
  }

  /** Lets `ms` milliseconds pass, running whatever falls due on the way, in order. */
  advance(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const next = this.pending[0];
      if (!next || next.at > end) break;
      this.pending.shift();
      this.time = Math.max(this.time, next.at);
      next.fn();
    }
    // What ran may itself have let time pass.
    this.time = Math.max(this.time, end);
  }

  block(ms: number): void {
    this.advance(ms);
  }
}
