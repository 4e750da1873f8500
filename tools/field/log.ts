/**
 * The log of a field run, and its live feed.
 *
 * **The log** is a folder with one file for each board, `<board>.jsonl`: one JSON object a line, each with `at`, an ISO 8601 time in UTC with
 * milliseconds (of the simulated clock, where the boards are simulated). What a line tells is known by its key:
 *
 * - `{at, event, …}`: a status line of the board, as it came (README, "Status lines").
 * - `{at, port, state}`: the board's port came (`"open"`) or went (`"gone"`).
 * - `{at, run, …}`: the tool itself. `"start"` with `name` (how the port was named), `alive` (seconds between two signs of life, 60), and
 *   `speed` for a simulated board; `"alive"`, at that pace, whatever the board does; `"stop"`; and `"unwritten"` with `lines`, how many lines
 *   a full disk has cost.
 * - `{at, damaged: 1}`: a status line began, but was not whole.
 *
 * Nothing else that a console prints is kept: it may hold what somebody typed. Lines are in the order they were written; where two are further
 * apart than two and a half signs of life, nobody was watching.
 *
 * **Written** with one `write` a line as it comes, so that it survives the end of the tool; handed to the disk (`fdatasync`) at most 5 s
 * later, and at the end, so that a power cut costs those seconds. A run that goes on appends, after a line break where the last line was torn.
 *
 * While a run writes, `run.lock` in the folder names its process, and no other run may begin there.
 *
 * **The live feed** is `GET /events` of the live page (http://127.0.0.1:PORT, printed at the start), Server-Sent Events without end:
 *
 * - `event: boards`, first of all and every 5 s: a JSON array of `{board, name, state, since, cause?, availability?, rtt?, free?, …}` (LiveBoard in live-board.ts).
 * - `event: entry`: `{board, …line}`, each line of the log as it is written.
 *
 * A page of another origin may read it where that origin is loopback as well (`Access-Control-Allow-Origin`). `GET /boards.json` is the array alone,
 * `GET /report.html` and `GET /report.json` the report as of now.
 */
import { closeSync, fdatasync, fdatasyncSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import type { StatusLine } from "../status-line";

/** One line of the log, without its time. */
export type Happening =
  | StatusLine
  | { port: string; state: "open" | "gone" }
  | { run: "start"; name: string; alive: number; speed?: number }
  | { run: "alive" | "stop" }
  | { run: "unwritten"; lines: number }
  | { damaged: 1 };

/** One line of the log. */
export type LogEntry = { at: string } & Happening;

/** Seconds between two signs of life of the tool. */
export const ALIVE_SECONDS = 60;
/** Milliseconds until what was written is on the disk. */
const SYNC = 5000;

/** What a board's log is called: its port's name, as far as a file's name can hold it. */
export function boardName(port: string): string {
  const name = port
    .replace(/^\/dev\//, "")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "");
  return name || "board";
}

/** Appends to one board's log. The constructor throws what the file system says. */
export class BoardLog {
  private readonly file: number;
  private syncing?: NodeJS.Timeout;
  private unwritten = 0;

  /** @param onTrouble told once when writing begins to fail, with the reason. */
  constructor(
    readonly path: string,
    private readonly onTrouble: (reason: string) => void,
  ) {
    this.file = openSync(path, "a+");
    const { size } = fstatSync(this.file);
    const last = Buffer.alloc(1);
    if (size > 0 && readSync(this.file, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a) writeSync(this.file, "\n");
  }

  append(entry: LogEntry): void {
    try {
      if (this.unwritten > 0) {
        // The break ends what a full disk may have torn.
        this.write(`\n${JSON.stringify({ at: entry.at, run: "unwritten", lines: this.unwritten })}\n`);
        this.unwritten = 0;
      }
      this.write(JSON.stringify(entry) + "\n");
    } catch (error) {
      if (this.unwritten++ === 0) this.onTrouble(`cannot write ${this.path}: ${(error as Error).message}`);
    }
  }

  close(): void {
    clearTimeout(this.syncing);
    try {
      fdatasyncSync(this.file);
    } catch (error) {
      this.onTrouble(`cannot write ${this.path}: ${(error as Error).message}`);
    }
    closeSync(this.file);
  }

  private write(text: string): void {
    const bytes = Buffer.from(text);
    if (writeSync(this.file, bytes) < bytes.length) throw new Error("no space left");
    // A disk that cannot take it refuses the next write as well.
    this.syncing ??= setTimeout(() => {
      this.syncing = undefined;
      fdatasync(this.file, () => undefined);
    }, SYNC);
  }
}
