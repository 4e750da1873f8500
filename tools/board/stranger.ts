/** Somebody at one of the board's doors: by telnet or BLE, with the console or without. */
export class Stranger {
  /** What the board has shown; nothing while its console is elsewhere. */
  readonly lines: string[] = [];
  open = true;

  constructor(
    private readonly enter: (line: string) => void,
    private readonly leave: () => void,
  ) {}

  /** Types a line. Where the console is elsewhere nobody reads it. */
  type(line: string): void {
    if (this.open) this.enter(line);
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.leave();
  }
}
