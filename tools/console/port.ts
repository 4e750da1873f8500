import type { Duplex } from "node:stream";
import { Failure } from "../command-line/exit";

/** A line to a board's console: bytes both ways. */
export interface Port {
  /** As it was named: `/dev/ttyUSB0`, `tcp://127.0.0.1:2323`. */
  readonly name: string;
  /** Resolves when the bytes have left this process. Waits while the board asks for a pause; rejects once the port is gone. */
  write(bytes: Buffer): Promise<void>;
  /** Calls `listener` with what arrives from now on; returns how to stop that. */
  onData(listener: (bytes: Buffer) => void): () => void;
  /** Resolves when the port is gone: unplugged, hung up, or closed by `close`. */
  readonly gone: Promise<void>;
  /** Safe to call again. */
  close(): Promise<void>;
}

const XON = 0x11;
const XOFF = 0x13;
/** Milliseconds after which a pause ends by itself: its end may have been lost. */
const LONGEST_PAUSE = 5000;

/** A port on a stream. `hangUp` ends the stream's connection. */
export class StreamPort implements Port {
  readonly gone: Promise<void>;
  private readonly listeners = new Set<(bytes: Buffer) => void>();
  private ended = false;
  private paused?: { over: Promise<void>; end(): void };

  constructor(
    readonly name: string,
    private readonly stream: Duplex,
    private readonly hangUp: () => void,
  ) {
    this.gone = new Promise((resolve) => {
      const end = () => {
        this.ended = true;
        this.paused?.end();
        resolve();
      };
      stream.once("close", end).once("end", end);
    });
    // A `close` follows, and that is what counts.
    stream.on("error", () => undefined);
    stream.on("data", (bytes: Buffer) => this.receive(bytes));
  }

  async write(bytes: Buffer): Promise<void> {
    while (this.paused) await this.paused.over;
    if (this.ended) throw this.lost();
    await new Promise<void>((resolve, reject) => {
      this.stream.write(bytes, (error) => (error ? reject(this.lost()) : resolve()));
    });
  }

  onData(listener: (bytes: Buffer) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    if (!this.ended) this.hangUp();
    await this.gone;
  }

  private lost(): Failure {
    return new Failure(`${this.name} is gone: is the board still plugged in and powered?`);
  }

  private receive(bytes: Buffer): void {
    // The last one wins.
    const on = bytes.lastIndexOf(XON);
    const off = bytes.lastIndexOf(XOFF);
    if (off > on) this.pause();
    else if (on >= 0) this.paused?.end();
    for (const listener of [...this.listeners]) listener(bytes);
  }

  private pause(): void {
    if (this.paused) return;
    let end = () => undefined as void;
    const over = new Promise<void>((resolve) => {
      const limit = setTimeout(() => end(), LONGEST_PAUSE);
      end = () => {
        clearTimeout(limit);
        this.paused = undefined;
        resolve();
      };
    });
    this.paused = { over, end: () => end() };
  }
}
