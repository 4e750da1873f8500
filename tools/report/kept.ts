/** Counts everything and keeps what weighs most: a list that a bad week cannot make endless. */
export class Kept<T> {
  count = 0;
  private items: T[] = [];

  constructor(
    private readonly weight: (item: T) => number,
    readonly capacity = 200,
  ) {}

  add(item: T): void {
    this.count++;
    this.items.push(item);
    if (this.items.length < 2 * this.capacity) return;
    this.cut();
  }

  /** Those kept, in the order they came. */
  list(): T[] {
    if (this.items.length > this.capacity) this.cut();
    return this.items;
  }

  private cut(): void {
    const heaviest = [...this.items].sort((a, b) => this.weight(b) - this.weight(a)).slice(0, this.capacity);
    const keep = new Set(heaviest);
    this.items = this.items.filter((item) => keep.has(item));
  }
}
