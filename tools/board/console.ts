/** Bytes of a line at most: a line that is not a console's (another baud rate, noise) has no end. */
const LONGEST_LINE = 65_536;

/**
 * Gathers console bytes into whole lines and decodes each as UTF-8 (a line may arrive in any number of pieces). What goes on
 * for 64 kB without an end is dropped.
 */
export class LineReader {
  private pending: Buffer = Buffer.alloc(0);

  constructor(private readonly onLine: (line: string) => void) {}

  push(bytes: Buffer): void {
    this.pending = Buffer.concat([this.pending, bytes]);
    for (;;) {
      const end = this.pending.indexOf(0x0a);
      if (end < 0) break;
      const line = this.pending.subarray(0, end).toString("utf8");
      this.pending = this.pending.subarray(end + 1);
      this.onLine(line);
    }
    if (this.pending.length > LONGEST_LINE) this.pending = Buffer.alloc(0);
  }
}

/** What a terminal would act on and a log should not hold: escape sequences, flow control, carriage returns. */
// eslint-disable-next-line no-control-regex
const TERMINAL_NOISE = /\x1b\[[0-9;?]*[A-Za-z]|[\x11\x13\r]/g;

/** One raw console line as a person reads it. The interpreter's echo must be off: a prompt could not be told from output. */
export function cleanLine(line: string): string {
  return line.replace(TERMINAL_NOISE, "");
}
