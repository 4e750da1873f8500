/** Spans of time become outages: one for each time a board was not online, whatever it went through meanwhile. */
import type { BoardState } from "./board-state";
import { CAUSES } from "./board-state";
import { Durations } from "./durations";
import { Kept } from "./kept";

export interface Outage {
  from: number;
  to: number;
  /** Why it began: the board's code, or a cause of CAUSES. */
  cause: string;
  /** What came on top before it was over. */
  then?: string;
  /** It was seen to begin and to end with the board online. Otherwise it may have been longer. */
  whole: boolean;
}

/** A time in which nobody knows. */
export interface Unknown {
  from: number;
  to: number;
  cause: string;
}

export interface CauseFigures {
  count: number;
  ms: number;
  longest: number;
}

/** A board cannot make the tables of codes endless, whatever it prints. */
export const MOST_CODES = 60;

const length = ({ from, to }: { from: number; to: number }) => to - from;

export class Outages {
  readonly kept = new Kept<Outage>(length);
  readonly unknown = new Kept<Unknown>(length);
  readonly causes = new Map<string, CauseFigures>();
  /** From offline to online, those that were seen whole. */
  readonly reconnects = new Durations();
  longest = 0;
  private current?: Outage;
  private gap?: Unknown;

  /** Those that are over, and the one that is under way. */
  get count(): number {
    return this.kept.count + (this.current ? 1 : 0);
  }

  span(from: number, to: number, state: BoardState, cause: string): void {
    if (state === "offline") {
      if (!this.current) this.current = { from, to, cause, whole: false };
      else if (cause !== this.current.cause) this.current.then = cause;
      this.current.to = to;
      this.longest = Math.max(this.longest, length(this.current));
    } else this.end(state === "online");
    if (state !== "unknown" || this.gap?.cause !== cause) this.endGap();
    if (state === "unknown") this.gap = { from: this.gap?.from ?? from, to, cause };
  }

  /** The log ends here. */
  finish(): void {
    this.end(false);
    this.endGap();
  }

  private end(online: boolean): void {
    const outage = this.current;
    if (!outage) return;
    this.current = undefined;
    outage.whole = online && outage.cause !== CAUSES.offlineBefore;
    this.kept.add(outage);
    if (outage.whole) this.reconnects.add(length(outage));
    const name = this.causes.has(outage.cause) || this.causes.size < MOST_CODES ? outage.cause : "others";
    const figures = this.causes.get(name) ?? { count: 0, ms: 0, longest: 0 };
    this.causes.set(name, figures);
    figures.count++;
    figures.ms += length(outage);
    figures.longest = Math.max(figures.longest, length(outage));
  }

  private endGap(): void {
    if (this.gap && length(this.gap) > 0) this.unknown.add(this.gap);
    this.gap = undefined;
  }
}
