import type { Runtime } from "../seams";

/** The longest single timer in milliseconds. */
const SLICE = 5000;

/**
 * Waits in slices of at most 5 s, one timer after the other: a clock that is stepped forward makes the present slice end
 * early and no other, and so does an interpreter that was blocked.
 */
export class Countdown {
  private _left = 0;
  private _timer: unknown;
  private _onTimer: () => void;

  /** `due` is called each time a wait is over, `feed` after each slice and what `due` did. */
  constructor(
    private _runtime: Runtime,
    private _due: () => void,
    feed?: () => void,
  ) {
    this._onTimer = () => {
      this._timer = null;
      if (this._left > 0) this._arm();
      else this._due();
      if (feed) feed();
    };
  }

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

  private _arm(): void {
    const slice = Math.min(this._left, SLICE);
    this._left -= slice;
    this._timer = this._runtime.setTimeout(this._onTimer, slice);
  }
}
