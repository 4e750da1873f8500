/** A list that forgets its oldest entries. */
export class Ring<T> {
  private entries: T[] = [];

  /** `cap`: entries that are kept at most; a tenth more may be there for a moment. */
  constructor(private readonly cap: number) {}

  add(entry: T): void {
    this.entries.push(entry);
    if (this.entries.length > this.cap * 1.1) this.entries = this.entries.slice(-this.cap);
  }

  clear(): void {
    this.entries = [];
  }

  /** Oldest first. */
  get all(): readonly T[] {
    return this.entries;
  }
}
