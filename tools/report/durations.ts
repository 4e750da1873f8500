import type { Histogram } from "hdr-histogram-js";
import { build } from "hdr-histogram-js";

/** Milliseconds. Percentiles are exact to two digits, minimum and maximum to the millisecond. */
export interface DurationFigures {
  count: number;
  minimum: number;
  p50: number;
  p90: number;
  p99: number;
  p999: number;
  maximum: number;
}

/** Longer ones count as this: a hundred days. */
const LONGEST = 8_640_000_000;

/** What a board gave as a duration, in milliseconds; undefined for anything but a number from 0 on. */
export function toMilliseconds(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 ? Math.min(value, LONGEST) : undefined;
}

/** Any number of durations in some 100 kB at most. */
export class Durations {
  minimum = Infinity;
  maximum = 0;
  /** The one that came last. */
  last?: number;
  private histogram?: Histogram;

  get count(): number {
    return this.histogram?.totalCount ?? 0;
  }

  /** Anything but a number from 0 on is left out. */
  add(told: unknown): void {
    const ms = toMilliseconds(told);
    if (ms === undefined) return;
    // Made when there is something to hold. WebAssembly would have to be awaited.
    this.histogram ??= build({ numberOfSignificantValueDigits: 2, autoResize: true, useWebAssembly: false });
    const value = Math.round(ms);
    this.histogram.recordValue(value);
    this.minimum = Math.min(this.minimum, value);
    this.maximum = Math.max(this.maximum, value);
    this.last = ms;
  }

  /** The value that so many percent are at or below. */
  percentile(percent: number): number {
    const value = this.histogram?.getValueAtPercentile(percent) ?? 0;
    return Math.min(Math.max(value, this.minimum), this.maximum);
  }

  /** Undefined while there are none. */
  figures(): DurationFigures | undefined {
    if (this.count === 0) return undefined;
    const { count, minimum, maximum } = this;
    const [p50, p90, p99, p999] = [50, 90, 99, 99.9].map((percent) => this.percentile(percent));
    return { count, minimum, p50, p90, p99, p999, maximum };
  }
}
