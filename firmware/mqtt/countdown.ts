import type { Runtime } from "../seams";

/** The longest single timer in milliseconds. */
const SLICE = 5000;

/** Told by a countdown, which says that it was this one. */
export interface CountdownSink {
  /** A wait is over. */
  due(countdown: Countdown): void;
}

function onSlice(countdown: Countdown): void {
  countdown.slice();
}

/**
 * Waits; with `feeds` in slices of at most 5 s, one timer after the other: a clock that is stepped forward makes the present
 * slice end early and no other, and so does an interpreter that was blocked.
 */
export class Countdown {
  private _left = 0;
  private _timer: unknown;

  /** With `feeds` each slice is progress, for a watchdog to see. */
  constructor(
    private _runtime: Runtime,
    private _sink: CountdownSink,
    private _feeds?: boolean,
  ) {}

  /** True while it waits. */
  get running(): boolean {
    return this._timer != null;
  }

  /** Starts to wait, anew if it does already. */
  start(ms: number): void {
    this.stop();
    this._left = ms;
    this._arm();
  }

  stop(): void {
    if (this._timer != null) this._runtime.clearTimeout(this._timer);
    this._timer = null;
  }

  /** A slice is over. */
  slice(): void {
    this._timer = null;
    if (this._left > 0) this._arm();
    else this._sink.due(this);
    // Last: a slice that throws is no progress.
    if (this._feeds) this._runtime.feed();
  }

  private _arm(): void {
    // A connect that blocks takes as long as several slices and counts as one: what feeds nothing waits in one piece.
    const slice = this._feeds ? Math.min(this._left, SLICE) : this._left;
    this._left -= slice;
    this._timer = this._runtime.setTimeout(onSlice, slice, this);
  }
}
