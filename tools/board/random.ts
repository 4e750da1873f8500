/**
 * The interpreter's generator (two 16-bit multiply-with-carry halves): the same numbers after every boot on every board, so
 * that firmware which forgets to seed it is caught.
 */
export class BoardRandom {
  private high = 0xcafebabe;
  private low = 0xdeadbeef;

  /** An integer from 0 to 2³¹ − 1. */
  next(): number {
    this.high = carry(36969, this.high);
    this.low = carry(18000, this.low);
    return ((this.high << 16) + this.low) & 0x7fffffff;
  }

  /** A number from 0 up to, not including, 1. */
  fraction(): number {
    return this.next() / 0x80000000;
  }

  /** @param seed 32 bits. */
  seed(seed: number): void {
    this.low = ((seed & 0xffff) | (seed << 16)) >>> 0;
    this.high = ((seed & 0xffff0000) | (seed >>> 16)) >>> 0;
  }
}

function carry(factor: number, state: number): number {
  return (factor * (state & 0xffff) + (state >>> 16)) >>> 0;
}
