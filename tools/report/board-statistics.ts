/** All that a report says of one board, added up line by line in bounded memory. */
import type { LogEntry } from "../field/log";
import type { StatusLine } from "../status-line";
import type { BoardState } from "./board-state";
import { StateTracker } from "./board-state";
import { Durations, toMilliseconds } from "./durations";
import { FreeMemory } from "./free-memory";
import { MOST_CODES, Outages } from "./outages";
import { Reboots } from "./reboots";
import { SteadyTime } from "./steady-time";
import { TimeBins } from "./time-bins";

/** What happened in a stretch of time, in milliseconds. */
export interface Bin {
  time: Record<BoardState, number>;
  /** Of the longest time offline in it. */
  cause: string;
  causeTime: number;
  pings: number;
  rttSum: number;
  rttMaximum: number;
}

export interface CodeFigures {
  count: number;
  last: number;
  /** What the board said of it last. */
  reason?: string;
}

export class BoardStatistics {
  readonly time: Record<BoardState, number> = { online: 0, offline: 0, unknown: 0 };
  readonly rtt = new Durations();
  /** From the start of an attempt to CONNACK, and from publish to its acknowledgement, as the board measures them. */
  readonly connect = new Durations();
  readonly publish = new Durations();
  readonly memory = new FreeMemory();
  readonly reboots = new Reboots();
  readonly outages = new Outages();
  /** `error`, `offline` and `warning` lines by their code. */
  readonly codes = new Map<string, CodeFigures>();
  readonly messages = { in: { count: 0, bytes: 0 }, out: { count: 0, bytes: 0 } };
  readonly bins = new TimeBins<Bin>(emptyBin, mergeBins);
  /** The latest that the board told of itself. */
  version?: string;
  address?: string;
  safeModes = 0;
  faults = 0;
  /** How its port was named, and how fast its time ran where it was simulated. */
  name?: string;
  speed?: number;
  /** Times the tool was started. */
  starts = 0;
  /** Status lines; lines of the log that cannot be read; status lines that came in pieces; ones that a full disk or the line has lost. */
  lines = 0;
  damaged = 0;
  garbled = 0;
  missing = 0;
  first?: number;
  last?: number;
  private readonly tracker: StateTracker;
  private readonly clock = new SteadyTime();

  constructor(
    readonly board: string,
    silence?: number,
  ) {
    this.tracker = new StateTracker(
      {
        span: (from, to, state, cause) => this.addSpan(from, to, state, cause),
        missing: () => this.missing++,
      },
      silence,
    );
  }

  /** Times the computer's clock went back. */
  get clockSteps(): number {
    return this.clock.steps;
  }

  /** `since` by the computer's clock as it is now. */
  get current(): { state: BoardState; since?: number; cause?: string } {
    const { state, since, cause } = this.tracker;
    return { state, since: since === undefined ? undefined : since - this.clock.offset, cause: cause || undefined };
  }

  /** Milliseconds from the first entry to `now`, by the computer's clock; below 0 where that was set back since the log was written. */
  elapsed(now: number): number {
    return this.first === undefined ? 0 : now + this.clock.offset - this.first;
  }

  /** Milliseconds in each state up to `now`, by the computer's clock, with what is under way. */
  timeUntil(now: number): Record<BoardState, number> {
    const time = { ...this.time };
    time[this.tracker.state] += this.tracker.underWay(now + this.clock.offset);
    return time;
  }

  /** `at` in milliseconds, as the entry has it. */
  add(at: number, entry: LogEntry): void {
    const time = this.clock.add(at);
    this.first ??= time;
    this.last = time;
    if (this.reboots.add(time, entry)) this.memory.restart();
    if ("event" in entry) this.addStatus(time, entry);
    else if ("damaged" in entry) this.garbled++;
    else if ("run" in entry && entry.run === "unwritten") this.missing += count(entry.lines);
    else if ("run" in entry && entry.run === "start") {
      this.starts++;
      this.name = text(entry.name);
      if (typeof entry.speed === "number") this.speed = entry.speed;
    }
    this.tracker.add(time, entry);
  }

  /** The log has been read to its end; nothing is added any more. */
  finish(): void {
    this.tracker.settle();
    this.outages.finish();
  }

  private addStatus(time: number, status: StatusLine): void {
    this.lines++;
    const { event } = status;
    if (event === "ping") {
      this.addPing(time, status.rtt);
      this.memory.add(time, status.free);
    } else if (event === "published") {
      this.publish.add(status.ms);
      this.addMessage("out", status.bytes);
    } else if (event === "message") this.addMessage("in", status.bytes);
    else if (event === "online") this.connect.add(status.ms);
    else if (event === "boot") this.version = text(status.version);
    else if (event === "network") this.address = text(status.ip);
    else if (event === "safe-mode") this.safeModes++;
    else if (event === "fault") this.faults++;
    // A planned reboot's code is no trouble's: it stands with the reboots.
    if (typeof status.code === "string" && event !== "reboot") this.addCode(time, status.code, text(status.reason));
  }

  private addPing(time: number, told: unknown): void {
    this.rtt.add(told);
    const rtt = toMilliseconds(told);
    if (rtt === undefined) return;
    const bin = this.bins.at(time);
    bin.pings++;
    bin.rttSum += rtt;
    bin.rttMaximum = Math.max(bin.rttMaximum, rtt);
  }

  private addMessage(way: "in" | "out", bytes: unknown): void {
    this.messages[way].count++;
    this.messages[way].bytes += count(bytes);
  }

  private addCode(time: number, code: string, reason: string | undefined): void {
    const name = this.codes.has(code) || this.codes.size < MOST_CODES ? code : "others";
    const count = (this.codes.get(name)?.count ?? 0) + 1;
    this.codes.set(name, { count, last: time, reason: reason?.slice(0, 200) });
  }

  private addSpan(from: number, to: number, state: BoardState, cause: string): void {
    this.time[state] += to - from;
    this.outages.span(from, to, state, cause);
    this.bins.spread(from, to, (bin, ms) => {
      bin.time[state] += ms;
      if (state !== "offline" || ms <= bin.causeTime) return;
      bin.cause = cause;
      bin.causeTime = ms;
    });
  }
}

// What a board or a damaged log gives may be anything: an object is not asked what it would be as a number or a text, for that can throw.
const count = (value: unknown) => (Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : 0);
const text = (value: unknown) => (typeof value === "string" ? value : undefined);

function emptyBin(): Bin {
  return { time: { online: 0, offline: 0, unknown: 0 }, cause: "", causeTime: 0, pings: 0, rttSum: 0, rttMaximum: 0 };
}

function mergeBins(into: Bin, later: Bin): void {
  for (const state of ["online", "offline", "unknown"] as const) into.time[state] += later.time[state];
  if (later.causeTime > into.causeTime) {
    into.cause = later.cause;
    into.causeTime = later.causeTime;
  }
  into.pings += later.pings;
  into.rttSum += later.rttSum;
  into.rttMaximum = Math.max(into.rttMaximum, later.rttMaximum);
}
