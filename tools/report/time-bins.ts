/** A run cut into at most `capacity` equal bins of time, however long it becomes: when it outgrows them, neighbours become one. */
export class TimeBins<Bin> {
  /** In order; a bin that nothing fell into is undefined. */
  bins: (Bin | undefined)[] = [];
  /** Milliseconds of one bin. */
  width: number;
  /** When the first bin begins; undefined while there is none. */
  begin?: number;

  /** `merge` adds the later bin to the earlier one. `width`: milliseconds to begin with, default 1000. */
  constructor(
    private readonly make: () => Bin,
    private readonly merge: (into: Bin, later: Bin) => void,
    readonly capacity = 720,
    width = 1000,
  ) {
    this.width = width;
  }

  /** The bin of a moment; what is before the first one counts as its beginning. */
  at(time: number): Bin {
    const index = this.index(time);
    return (this.bins[index] ??= this.make());
  }

  /** Calls `add` with each bin that a span touches, and the milliseconds of the span in it. */
  spread(from: number, to: number, add: (bin: Bin, ms: number) => void): void {
    if (!(to > from)) return;
    this.begin ??= from;
    // The end may widen the bins, so it comes first.
    this.index(to);
    const first = this.index(from);
    for (let i = first, start = from; start < to; i++) {
      const end = Math.min(to, this.begin! + (i + 1) * this.width);
      if (end > start) add((this.bins[i] ??= this.make()), end - start);
      start = Math.max(start, end);
    }
  }

  private index(time: number): number {
    this.begin ??= time;
    while (time - this.begin >= this.capacity * this.width) this.halve();
    return Math.max(0, Math.floor((time - this.begin) / this.width));
  }

  private halve(): void {
    const { bins } = this;
    const merged: (Bin | undefined)[] = [];
    for (let i = 0; i < bins.length; i += 2) {
      const [left, right] = [bins[i], bins[i + 1]];
      if (left && right) this.merge(left, right);
      merged.push(left ?? right);
    }
    this.bins = merged;
    this.width *= 2;
  }
}
