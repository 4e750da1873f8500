/** A board that can be powered, typed at and have its Storage prepared: simulated, or the real interpreter. */
export interface Board {
  /** Power on: runs `.bootcde` from Storage, if there is one. Resolves when that code has run once and the console listens. */
  powerOn(): Promise<void>;
  /** Power cut: timers, sockets and RAM are gone at once, Storage stays. Resolves when everything is gone. */
  powerOff(): Promise<void>;
  /** Types one line at the console: it is evaluated in the global scope, its result is not printed. */
  type(line: string): void;
  /**
   * Writes a whole file to Storage. `content` is a byte string (codes 0–255; rejects otherwise), `name` at most 28 bytes.
   * An empty content removes the file, for Storage cannot hold an empty one. The real interpreter must be off.
   */
  writeFile(name: string, content: string): Promise<void>;
  /** Reads a whole file from Storage as a byte string; undefined when there is none. The real interpreter must be off. */
  readFile(name: string): Promise<string | undefined>;
}

export interface BoardOptions {
  /** The folder its Storage lives in, made when missing. One folder for each board. */
  directory: string;
  /** How many times faster than real time its timers run. Default 1. Sockets stay real. */
  speed?: number;
  /** One complete line of console output, its bytes decoded as UTF-8. */
  onLine(line: string): void;
}

/** The bytes of a text as a byte string: how text reaches a board's Storage. */
export function textToBytes(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** Throws a RangeError unless every character code is 0–255. */
export function assertBytes(content: string): void {
  for (let i = 0; i < content.length; i++) {
    if (content.charCodeAt(i) > 255)
      throw new RangeError(`character ${i} is not a byte: pass text through textToBytes`);
  }
}
