/** The messages of a storm, by their numbers, and who counts them. */

/** Bytes of the longest message. */
export const LONGEST = 900;

/** What message `n` says: 25 short ones take turns with 15 long ones. */
export const text = (n: number) => `${"-".repeat(n % 40 < 25 ? n % 50 : 100 + ((n * 67) % (LONGEST - 106)))}#${n}`;

/** The number of a message, or of a packet with one. */
export const numberOf = (message: string) => Number(/#(\d+)$/.exec(message)?.[1]);

/** Keeps the bytes coming that a fault waits for, when all messages of its time have arrived. */
export const FILLER = ".".repeat(400);

/** The numbers in order of first arrival, and what else came. */
export class Arrivals {
  readonly first: number[] = [];
  readonly wild: string[] = [];
  again = 0;
  private readonly seen = new Set<number>();

  add(payload: string): void {
    const number = numberOf(payload);
    if (payload === FILLER) return;
    if (payload !== text(number)) this.wild.push(payload);
    else if (this.seen.has(number)) this.again++;
    else this.first.push(number);
    this.seen.add(number);
  }
}
