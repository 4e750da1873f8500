import { LineMender } from "./line-mender";

/** Bytes of a line at most: a line that is not a console's (another baud rate, noise) has no end. */
const LONGEST_LINE = 65_536;

/**
 * Gathers a console's bytes into whole lines (a line may arrive in any number of pieces), takes ESP-IDF's log lines out of status lines,
 * and decodes each line as UTF-8. What goes on for 64 kB without an end is dropped.
 */
export class ConsoleReader {
  private pending: Buffer = Buffer.alloc(0);
  /** It works on bytes: a log line may stand inside a letter. */
  private readonly mender = new LineMender();

  constructor(private readonly onLine: (line: string) => void) {}

  push(bytes: Buffer): void {
    this.pending = Buffer.concat([this.pending, bytes]);
    for (;;) {
      const end = this.pending.indexOf(0x0a);
      if (end < 0) break;
      const line = this.pending.subarray(0, end).toString("latin1");
      this.pending = this.pending.subarray(end + 1);
      this.pass(this.mender.push(line));
    }
    if (this.pending.length > LONGEST_LINE) this.pending = Buffer.alloc(0);
  }

  /** Passes on what was held back: nothing follows. */
  end(): void {
    this.pass(this.mender.flush());
  }

  private pass(lines: readonly string[]): void {
    for (const line of lines) this.onLine(Buffer.from(line, "latin1").toString("utf8"));
  }
}
