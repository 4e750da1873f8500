/** One board of a run: its lines into its log, its statistics, and to whoever watches. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../command-line/exit";
import { BoardStatistics } from "../report/board-statistics";
import { readLog } from "../report/read-log";
import { ownFields, parseStatus } from "../status-line";
import type { LiveBoard } from "./live-board";
import { liveBoard } from "./live-board";
import type { Happening, LogEntry } from "./log";
import { ALIVE_SECONDS, BoardLog, boardName } from "./log";
import type { FieldClock, Source } from "./sources";

export interface BoardRunOptions {
  folder: string;
  clock: FieldClock;
  /** Times as fast as real time, of a simulated board. */
  speed?: number;
  /** Milliseconds; see StateTracker. */
  silence?: number;
  onEntry(board: string, entry: LogEntry): void;
  /** Writing has begun to fail; the reason. */
  onTrouble(reason: string): void;
}

/** How a status line begins, whole or not. */
const BEGUN = '#{"event":';
/** A board's own words are short; what is longer is no status line. */
const LONGEST = 4096;

export class BoardRun {
  readonly board: string;
  readonly statistics: BoardStatistics;
  private readonly path: string;
  private log?: BoardLog;
  private stopAlive?: () => void;

  constructor(
    readonly source: Source,
    private readonly options: BoardRunOptions,
  ) {
    this.board = boardName(source.name);
    this.path = join(options.folder, `${this.board}.jsonl`);
    this.statistics = new BoardStatistics(this.board, options.silence);
  }

  /** Takes up what the log holds of it. */
  async resume(): Promise<void> {
    if (!existsSync(this.path)) return;
    const { statistics } = this;
    statistics.damaged = await readLog(this.path, (time, entry) => statistics.add(time, entry));
  }

  /** Follows the board until the signal. Rejects where it cannot be reached and is not known from an earlier run. */
  async follow(signal: AbortSignal): Promise<void> {
    const known = this.statistics.first !== undefined;
    if (known) this.begin();
    try {
      const line = (text: string) => this.hear(text);
      await this.source.follow(
        {
          line,
          port: (state) => {
            this.begin();
            this.write({ port: this.source.name, state });
          },
        },
        signal,
        known,
      );
    } finally {
      this.end();
    }
  }

  live(): LiveBoard {
    return liveBoard(this.statistics, this.source.name, this.options.clock.now());
  }

  /** A log exists only of a board that was reached once: a mistyped port leaves none. */
  private begin(): void {
    if (this.log) return;
    const { speed, clock } = this.options;
    try {
      this.log = new BoardLog(this.path, (reason) => this.options.onTrouble(reason));
    } catch (error) {
      throw new Failure(`cannot write ${this.path}: ${(error as Error).message}`);
    }
    this.write({ run: "start", name: this.source.name, alive: ALIVE_SECONDS, ...(speed && { speed }) });
    this.stopAlive = clock.every(ALIVE_SECONDS * 1000, () => this.write({ run: "alive" }));
  }

  private end(): void {
    this.stopAlive?.();
    if (!this.log) return;
    this.write({ run: "stop" });
    this.log.close();
    this.log = undefined;
  }

  private hear(line: string): void {
    if (line.length > LONGEST) return;
    const status = parseStatus(line);
    if (status) {
      try {
        this.write(ownFields(status));
      } catch {
        // Nothing that one board says ends a run of many.
        this.statistics.damaged++;
      }
    } else if (line.includes(BEGUN)) this.write({ damaged: 1 });
  }

  private write(happening: Happening): void {
    const time = this.options.clock.now();
    const entry: LogEntry = { at: new Date(time).toISOString(), ...happening };
    this.log?.append(entry);
    this.statistics.add(time, entry);
    this.options.onEntry(this.board, entry);
  }
}
