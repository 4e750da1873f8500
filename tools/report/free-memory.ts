/** Free memory over time: thinned out as it comes, and what slope it has. */

interface Point {
  /** Milliseconds. */
  time: number;
  free: number;
  /** Samples in it. */
  weight: number;
  /** Which boot it belongs to: memory of different boots is not compared. */
  boot: number;
}

export interface MemorySlope {
  /** Variables an hour; below 0 is lost. Theil–Sen: the median of the slopes between any two points of the same boot. */
  perHour: number;
  /** The interval that holds the true slope in 95 of 100 cases. */
  low: number;
  high: number;
  /** Hours of the longest boot it was fitted to. */
  hours: number;
  /** The whole interval is below 0, and what is lost is more than an allocation's noise, or several boots agree on it. */
  leak: boolean;
}

const HOUR = 3_600_000;
/** No board has as many variables; sums of larger numbers would leave what a number holds. */
const MOST_FREE = 1e9;
/** Points kept: the pairs of 400 are quickly sorted. */
const CAPACITY = 400;
/** Fewer points, less one for each boot, tell nothing. */
const FEWEST = 7;
/** A number that outgrows its place, the first error ever: some variables go and stay without any leak. */
const NOISE = 6;
/** So many boots of at least three points are no accident: each of them began anew. */
const AGREEING = 3;

export class FreeMemory {
  first?: number;
  last?: number;
  least?: number;
  private points: Point[] = [];
  private boot = 0;
  /** Samples that make a point. */
  private batch = 1;
  private open?: Point;

  add(time: number, free: unknown): void {
    if (typeof free !== "number" || !(free >= 0 && free <= MOST_FREE)) return;
    this.first ??= free;
    this.last = free;
    this.least = Math.min(this.least ?? free, free);
    this.open = this.open
      ? mix(this.open, { time, free, weight: 1, boot: this.boot })
      : { time, free, weight: 1, boot: this.boot };
    if (this.open.weight >= this.batch) this.flush();
  }

  /** What comes from now on is another boot's. */
  restart(): void {
    this.flush();
    this.boot++;
  }

  /** Those kept, each the mean of as many samples as make a point by now. */
  series(): readonly Readonly<Point>[] {
    return this.open ? [...this.points, this.open] : this.points;
  }

  /** Undefined where too little is known. */
  slope(): MemorySlope | undefined {
    const boots = new Map<number, Point[]>();
    for (const point of this.series()) {
      const points = boots.get(point.boot);
      if (points) points.push(point);
      else boots.set(point.boot, [point]);
    }
    const slopes: number[] = [];
    let variance = 0;
    let longest = 0;
    let known = 0;
    let agreeing = 0;
    for (const points of boots.values()) {
      const n = points.length;
      known += n - 1;
      if (n > 2) agreeing++;
      // Of Kendall's statistic, on which the interval rests.
      variance += (n * (n - 1) * (2 * n + 5)) / 18;
      longest = Math.max(longest, points[n - 1].time - points[0].time);
      for (let i = 0; i < n; i++) {
        for (let j = i + 1; j < n; j++) {
          const hours = (points[j].time - points[i].time) / HOUR;
          if (hours > 0) slopes.push((points[j].free - points[i].free) / hours);
        }
      }
    }
    if (known < FEWEST || slopes.length === 0) return undefined;
    const sorted = Float64Array.from(slopes).sort();
    const at = (rank: number) => sorted[Math.min(Math.max(Math.round(rank), 0), sorted.length - 1)];
    const reach = (1.96 * Math.sqrt(variance)) / 2;
    const middle = (sorted.length - 1) / 2;
    const perHour = (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2;
    const [low, high] = [at(middle - reach), at(middle + reach)];
    const hours = longest / HOUR;
    return { perHour, low, high, hours, leak: high < 0 && (-perHour * hours > NOISE || agreeing >= AGREEING) };
  }

  private flush(): void {
    if (this.open) this.points.push(this.open);
    this.open = undefined;
    if (this.points.length < 2 * CAPACITY) return;
    const thinned: Point[] = [];
    for (const point of this.points) {
      const before = thinned.at(-1);
      // Two of a boot become their mean. Where boots are too short for that, the oldest points give way.
      if (before && before.boot === point.boot && before.weight <= this.batch)
        thinned[thinned.length - 1] = mix(before, point);
      else thinned.push(point);
    }
    while (thinned.length > CAPACITY) thinned.splice(0, thinned.length - CAPACITY);
    this.points = thinned;
    this.batch *= 2;
  }
}

function mix(a: Point, b: Point): Point {
  const weight = a.weight + b.weight;
  const mean = (x: number, y: number) => (x * a.weight + y * b.weight) / weight;
  return { time: mean(a.time, b.time), free: mean(a.free, b.free), weight, boot: b.boot };
}
