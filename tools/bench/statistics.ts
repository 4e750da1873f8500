/** Figures of several runs. On a computer that others use as well, only what was measured side by side can be compared. */

export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("a median of nothing");
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** One thing in all its runs, in the order they were made. */
export interface Series {
  /** What was measured, such as `publish 64 bytes, QoS 0`. */
  what: string;
  unit: "ms" | "µs" | "messages/s";
  ours: number[];
  /** What ours is held against, in the same runs: its name and figures. */
  beside: Record<string, number[]>;
}

export interface Result {
  what: string;
  unit: Series["unit"];
  /** The median of the runs. */
  ours: number;
  beside: Record<string, { value: number; ratio: number }>;
}

/**
 * Medians of a series. A ratio above 1 says that ours is that many times as fast; it is the median of the ratios within each
 * run, for what slows a run down slows both sides of it.
 */
export function summarize({ what, unit, ours, beside }: Series): Result {
  const perSecond = unit === "messages/s";
  const result: Result = { what, unit, ours: median(ours), beside: {} };
  for (const [name, values] of Object.entries(beside)) {
    if (values.length !== ours.length) throw new RangeError(`${what}: ${name} has other runs than ours`);
    const ratios = values.map((value, run) => (perSecond ? ours[run] / value : value / ours[run]));
    result.beside[name] = { value: median(values), ratio: median(ratios) };
  }
  return result;
}
