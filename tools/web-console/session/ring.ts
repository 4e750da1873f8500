/** A list that forgets its oldest entries. */
export class Ring<T> {
  private entries: T[] = [];
  private weight = 0;

  /** `cap`: entries that are kept; `most`: what all of them may weigh by `weigh`, though the newest always stays. */
  constructor(
    private readonly cap: number,
    private readonly weigh: (entry: T) => number = () => 0,
    private readonly most = Infinity,
  ) {}

  add(entry: T): void {
    this.entries.push(entry);
    this.weight += this.weigh(entry);
    while (this.entries.length > this.cap || (this.weight > this.most && this.entries.length > 1)) {
      this.weight -= this.weigh(this.entries.shift()!);
    }
  }

  clear(): void {
    this.entries = [];
    this.weight = 0;
  }

  /** Oldest first. */
  get all(): readonly T[] {
    return this.entries;
  }
}
