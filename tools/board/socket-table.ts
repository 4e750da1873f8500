/** The first descriptor of the chip's TCP/IP stack (FD_SETSIZE less its sockets). */
const FIRST = 54;

/** The sockets of lwIP: few, and those that nobody closes are gone until a reboot. */
export class SocketTable {
  private readonly taken = new Set<number>();

  /** @param size how many; 0 is without limit. */
  constructor(private readonly size: number) {}

  get left(): number {
    return this.size === 0 ? Infinity : this.size - this.taken.size;
  }

  /** A descriptor, or undefined where none is left. */
  take(): number | undefined {
    if (this.left <= 0) return undefined;
    let socket = FIRST;
    while (this.taken.has(socket)) socket++;
    this.taken.add(socket);
    return socket;
  }

  free(socket: number): void {
    this.taken.delete(socket);
  }
}
