import { Failure } from "../command-line/exit";
import { describeDuration } from "../command-line/duration";
import { ConsoleReader } from "./console-reader";
import { readable } from "./line-mender";
import type { Port } from "./port";
import type { Answer } from "./request";
import { parseAnswer, question } from "./request";

/** The board threw while it computed an answer. */
export class BoardThrew extends Failure {}

/** The board did not answer. */
export class NoAnswer extends Failure {}

export interface AskOptions {
  /** Milliseconds for one try. Default: the console's. */
  wait?: number;
  /** How often to ask; more than once only what may be done twice. Default 4. */
  tries?: number;
}

/** A board's console on a port: lines as they come, and questions with answers between them. */
export class BoardConsole {
  private readonly listeners = new Set<(line: string) => void>();
  private lastId = Math.floor(Math.random() * 1e6) * 1000;
  private readonly forget: () => void;

  /** `wait`: milliseconds for one try of a question, where the question does not say otherwise. */
  constructor(
    readonly port: Port,
    private readonly wait = 4000,
  ) {
    const reader = new ConsoleReader((line) => {
      const text = readable(line);
      for (const listener of [...this.listeners]) listener(text);
    });
    const stop = port.onData((bytes) => reader.push(bytes));
    this.forget = () => {
      stop();
      reader.end();
    };
  }

  /** Calls `listener` with each line from now on, answers among them; returns how to stop that. */
  onLine(listener: (line: string) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /**
   * The value of an expression on the board; `expression` is a byte string. Where the question or its answer is lost or
   * garbled it is asked again. Rejects with BoardThrew, NoAnswer, or the port's own failure.
   */
  async ask<T>(expression: string, { wait = this.wait, tries = 4 }: AskOptions = {}): Promise<T> {
    let thrown: string | undefined;
    for (let left = tries; left > 0; left--) {
      const answer = await this.exchange(expression, wait, left > 1);
      if (answer === undefined || "garbled" in answer) continue;
      if ("value" in answer) return answer.value as T;
      // What is thrown once may be what a lost letter has made of the question around the expression.
      if (thrown === answer.thrown || left === 1) throw new BoardThrew(`the board says: ${answer.thrown}`);
      thrown = answer.thrown;
    }
    throw new NoAnswer(
      `the board on ${this.port.name} does not answer (${tries} × ${describeDuration(wait)}). ` +
        "Is it running Espruino, is this the right port, and is nothing else talking to it? Switching it off and on helps a board that hangs",
    );
  }

  /** Interrupts what runs and drops a line that was begun. */
  async interrupt(): Promise<void> {
    await this.port.write(Buffer.from("\x03"));
  }

  async close(): Promise<void> {
    this.forget();
    await this.port.close();
  }

  private async exchange(expression: string, wait: number, impatient: boolean): Promise<Answer | undefined> {
    const id = ++this.lastId;
    let hear: (answer: Answer | undefined) => void = () => undefined;
    const heard = new Promise<Answer | undefined>((resolve) => (hear = resolve));
    const stop = this.onLine((line) => {
      const answer = parseAnswer(line);
      if (answer?.id === id) hear(answer);
      // What a question makes of itself when letters of it are lost.
      else if (impatient && /^Uncaught /.test(line)) hear(undefined);
    });
    const limit = setTimeout(() => hear(undefined), wait);
    void this.port.gone.then(() => hear(undefined));
    try {
      await this.port.write(question(id, expression));
      return await heard;
    } finally {
      clearTimeout(limit);
      stop();
    }
  }
}
