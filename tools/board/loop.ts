import type { Clock } from "./clock";

interface Timer {
  /** Board time in milliseconds. */
  due: number;
  /** Set for intervals. */
  every?: number;
  run(): void;
}

/** The shortest time a timer can be set to, in milliseconds. */
const SHORTEST = 0.1;

/**
 * The board's idle loop. One turn is: typed lines, sockets, every timer that is due (in the order they were made, not in the
 * order they fell due), then every queued event. Of the exceptions thrown in a turn only the last is reported, at its end.
 */
export class Loop {
  /** Work at the start of each turn; true when it wants another turn at once. */
  onTurn: () => boolean = () => false;
  /** Before each call of the program's code. */
  onStep: () => void = () => undefined;
  private timers = new Map<number, Timer>();
  private lastTimer = 0;
  private timersChanged = false;
  private events: (() => void)[] = [];
  private input: (() => void)[] = [];
  private thrown?: { value: unknown };
  private armed?: { handle: unknown; at: number };
  private turning = false;
  /** Asked for during a turn: sockets written to, say. */
  private wakeAgain = false;
  private stopped = false;
  private offset: number;

  constructor(
    private readonly clock: Clock,
    private readonly report: (thrown: unknown) => void,
  ) {
    this.offset = -clock.now();
  }

  /** The system clock in milliseconds. A board without a battery starts at 0. */
  systemTime(): number {
    return this.clock.now() + this.offset + this.set;
  }
  private set = 0;

  /** Sets the system clock as the board's own setTime does: timers keep their distance. */
  setSystemTime(ms: number): void {
    this.set += ms - this.systemTime();
  }

  /** Moves the system clock from outside (as SNTP does): every pending timer is that much nearer, or further. */
  step(ms: number): void {
    this.offset += ms;
    this.arm();
  }

  private now(): number {
    return this.clock.now() + this.offset;
  }

  addTimer(run: () => void, delay: number, repeat: boolean): number {
    const ms = delay > SHORTEST ? delay : SHORTEST;
    this.timers.set(++this.lastTimer, { due: this.now() + ms, every: repeat ? ms : undefined, run });
    this.timersChanged = true;
    this.arm();
    return this.lastTimer;
  }

  removeTimer(id: number): void {
    if (this.timers.delete(id)) this.timersChanged = true;
  }

  /** What running out of memory does: intervals go, single timers stay. */
  removeIntervals(): void {
    for (const [id, timer] of this.timers) if (timer.every !== undefined) this.timers.delete(id);
    this.timersChanged = true;
  }

  removeAllTimers(): void {
    this.timers.clear();
    this.timersChanged = true;
  }

  /** False when there is no such timer. The next call is a whole new interval away. */
  changeInterval(id: number, ms: number): boolean {
    const timer = this.timers.get(id);
    if (!timer) return false;
    timer.every = ms > SHORTEST ? ms : SHORTEST;
    timer.due = this.now() + timer.every;
    this.timersChanged = true;
    this.arm();
    return true;
  }

  get timerCount(): number {
    return this.timers.size;
  }

  get eventCount(): number {
    return this.events.length;
  }

  queueEvent(run: () => void): void {
    this.events.push(run);
    this.wake();
  }

  /** A line of console input. */
  queueInput(run: () => void): void {
    this.input.push(run);
    this.wake();
  }

  /** Asks for a turn soon. */
  wake(): void {
    this.wakeAgain = true;
    this.armAt(this.clock.now(), 0);
  }

  /** The interpreter waits in a call for so long: time passes, and nothing of the program runs. */
  block(ms: number): void {
    if (ms <= 0) return;
    const { turning } = this;
    this.disarm();
    this.turning = true;
    this.clock.block?.(ms);
    this.turning = turning;
    if (!turning) this.wake();
  }

  /** Runs `fn` as the board runs a callback: what it throws is kept for the end of the turn. */
  guard(fn: () => void): void {
    this.onStep();
    try {
      fn();
    } catch (value) {
      this.thrown = { value };
    }
  }

  /** Reports the last exception, if any. The turn does so by itself; boot code needs it done. */
  flushException(): void {
    const thrown = this.thrown;
    this.thrown = undefined;
    if (thrown) this.report(thrown.value);
  }

  /** The power is cut: nothing runs any more. */
  stop(): void {
    this.stopped = true;
    this.disarm();
    this.timers.clear();
    this.events = [];
    this.input = [];
  }

  private turn(): void {
    this.armed = undefined;
    this.turning = true;
    this.wakeAgain = false;
    const input = this.input;
    this.input = [];
    for (const run of input) {
      this.guard(run);
      this.flushException();
    }
    const again = this.onTurn();
    this.runTimers();
    while (this.events.length > 0) this.guard(this.events.shift()!);
    this.flushException();
    this.turning = false;
    if (again || this.wakeAgain) this.wake();
    else this.arm();
  }

  private runTimers(): void {
    const now = this.now();
    do {
      this.timersChanged = false;
      for (const [id, timer] of this.timers) {
        if (timer.due > now) continue;
        this.guard(() => timer.run());
        if (timer.every !== undefined) timer.due += timer.every;
        else this.timers.delete(id);
        if (this.timersChanged || this.stopped) break;
      }
    } while (this.timersChanged && !this.stopped);
  }

  private arm(): void {
    let due = Infinity;
    for (const timer of this.timers.values()) due = Math.min(due, timer.due);
    if (due < Infinity) {
      // Whole milliseconds: a clock that rounds down would otherwise call again and again without moving.
      const delay = Math.max(Math.ceil(due - this.now()), 0);
      this.armAt(this.clock.now() + delay, delay);
    }
  }

  private armAt(at: number, delay: number): void {
    if (this.stopped || this.turning) return;
    if (this.armed) {
      if (this.armed.at <= at) return;
      this.disarm();
    }
    this.armed = { at, handle: this.clock.setTimeout(() => this.turn(), delay) };
  }

  private disarm(): void {
    if (this.armed) this.clock.clearTimeout(this.armed.handle);
    this.armed = undefined;
  }
}
