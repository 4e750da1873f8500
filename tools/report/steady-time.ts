/** Time that never goes back, whatever the computer's clock and a damaged log say. */
import type { LogEntry } from "../field/log";

/** Log times become steady: when the clock is set back, time goes on from the last moment that is known. */
export class SteadyTime {
  /** Times the clock was set back. */
  steps = 0;
  /** Milliseconds that all of them come to. */
  offset = 0;
  private last = -Infinity;

  /** The moment of an entry, in milliseconds; entries come in the order they were written. */
  add(time: number): number {
    const behind = this.last - (time + this.offset);
    if (behind > 0) {
      this.steps++;
      this.offset += behind;
    }
    return (this.last = time + this.offset);
  }
}

/** Milliseconds that entries next to each other may be apart by the clock alone: two and a half signs of life of the tool. */
const FAR = 150_000;

/**
 * Holds back one entry until the next one tells whether its time can be true: one that is far from both neighbours, which are near each other,
 * has a damaged time. Taken for true, it would make years of nobody watching.
 */
export class StrayTimes {
  private last?: number;
  private held?: { time: number; entry: LogEntry };

  constructor(
    private readonly onEntry: (time: number, entry: LogEntry) => void,
    private readonly onStray: () => void,
  ) {}

  add(time: number, entry: LogEntry): void {
    if (this.held && this.strays(this.held.time, time)) {
      this.held = undefined;
      this.onStray();
    }
    this.end();
    this.held = { time, entry };
  }

  /** There is no next one: the entry that is held is taken as it is. */
  end(): void {
    if (!this.held) return;
    const { time, entry } = this.held;
    this.held = undefined;
    this.last = time;
    this.onEntry(time, entry);
  }

  private strays(held: number, next: number): boolean {
    // The first entry has one neighbour only.
    const last = this.last ?? next;
    if (held > last) return held - last > FAR && held - next > FAR && next - last < (held - last) / 2;
    return last - held > FAR && next >= last;
  }
}
