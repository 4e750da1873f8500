/** From a board's log to spans of time: online, offline and why, or unknown and why. */
import type { LogEntry } from "../field/log";
import { ALIVE_SECONDS } from "../field/log";
import type { StatusLine } from "../status-line";

export type BoardState = "online" | "offline" | "unknown";

/** Told what came to be known, in the order of time, without gaps. */
export interface StateSink {
  span(from: number, to: number, state: BoardState, cause: string): void;
  /** A line that must have been there is not in the log. */
  missing(time: number, what: string): void;
}

/** Causes of this tool's own; all others are the codes that the board tells. */
export const CAUSES = {
  unwatched: "tool was not running",
  port: "port was gone",
  untold: "not told yet",
  before: "before its boot",
  silent: "silent",
  reboot: "boot",
  safeMode: "safe-mode",
  offlineBefore: "offline before the watch began",
  lineMissing: "line missing",
} as const;

/** Milliseconds without a status line after which an open port counts as silent: more than the longest pause of a keepalive of 1200 s. */
export const DEFAULT_SILENCE = 900_000;

/** Only a board that is online tells these. */
const SIGNS_OF_ONLINE = new Set(["ping", "message", "subscribed", "published", "fault"]);

export class StateTracker {
  state: BoardState = "unknown";
  cause: string = CAUSES.untold;
  /** When the state began; undefined before the first line. */
  since?: number;
  /** What is not known yet will be: the next status line tells how it was since the watch began. */
  private pending = false;
  /** When the last span that was told ended, the last line of any kind came, and the last status line. */
  private told?: number;
  private last?: number;
  private heard?: number;
  private watched = false;
  private portOpen = false;
  private alive = ALIVE_SECONDS * 1000;

  constructor(
    private readonly sink: StateSink,
    private readonly silence = DEFAULT_SILENCE,
  ) {}

  /** `now` in milliseconds; it never goes back (SteadyTime). */
  add(now: number, entry: LogEntry): void {
    this.told ??= now;
    this.since ??= now;
    if (this.last !== undefined && this.watched && now - this.last > 2.5 * this.alive) this.unwatched(this.last, now);
    this.checkSilence(now);
    if ("run" in entry && !("event" in entry)) this.addRun(now, entry);
    else {
      if (!this.watched) this.watch(now);
      if ("event" in entry) {
        this.portOpen = true;
        this.addStatus(now, entry);
        this.heard = now;
      } else if ("port" in entry && "state" in entry) this.addPort(now, entry.state === "open");
    }
    this.last = now;
  }

  /** The log ends here: tells the span that is under way. Adding may go on. */
  settle(time = this.last): void {
    if (time === undefined || this.told === undefined || time <= this.told) return;
    this.sink.span(this.told, time, this.state, this.cause);
    this.told = time;
  }

  /** Milliseconds of the span that is under way and not told yet. */
  underWay(time: number): number {
    return this.told === undefined ? 0 : Math.max(0, time - this.told);
  }

  private enter(time: number, state: BoardState, cause = ""): void {
    this.settle(time);
    if (state !== this.state) this.since = time;
    this.state = state;
    this.cause = cause;
    this.pending = false;
  }

  private watch(time: number): void {
    this.watched = true;
    this.enter(time, "unknown", CAUSES.untold);
    this.pending = true;
    this.heard = time;
  }

  private unwatched(from: number, to: number): void {
    this.enter(from, "unknown", CAUSES.unwatched);
    this.watch(to);
  }

  private addRun(time: number, entry: LogEntry & { run?: unknown; alive?: unknown }): void {
    if (entry.run === "stop") {
      this.enter(time, "unknown", CAUSES.unwatched);
      this.watched = this.portOpen = false;
    } else if (entry.run === "start") {
      if (this.watched && this.last !== undefined) this.enter(this.last, "unknown", CAUSES.unwatched);
      if (typeof entry.alive === "number" && entry.alive > 0) this.alive = entry.alive * 1000;
      this.watch(time);
      this.enter(time, "unknown", CAUSES.port);
      this.portOpen = false;
    }
  }

  private addPort(time: number, open: boolean): void {
    this.portOpen = open;
    if (open) this.watch(time);
    else this.enter(time, "unknown", CAUSES.port);
  }

  private checkSilence(now: number): void {
    if (!this.watched || !this.portOpen || this.heard === undefined || now - this.heard <= this.silence) return;
    if (this.state === "online" || this.pending) this.change(this.heard, "offline", CAUSES.silent);
  }

  /** As `enter`, where the moment may be in the past, but not before what was told. */
  private change(time: number, state: BoardState, cause = ""): void {
    this.enter(Math.max(time, this.told ?? time), state, cause);
  }

  private addStatus(now: number, status: StatusLine): void {
    const { event } = status;
    const code = typeof status.code === "string" ? status.code : "";
    if (event === "boot") {
      if (this.pending) this.cause = CAUSES.before;
      this.goOffline(now, CAUSES.reboot, this.state !== "offline");
    } else if (event === "reboot")
      this.goOffline(now, `planned reboot (${code || "no code"})`, this.state !== "offline");
    else if (event === "safe-mode") this.goOffline(now, CAUSES.safeMode, true);
    else if (event === "online") this.cameOnline(now);
    else if (event === "offline") this.wentOffline(now, code);
    else if (SIGNS_OF_ONLINE.has(event)) this.isOnline(now);
    else if (event === "network" && this.pending) this.resolve("offline", CAUSES.offlineBefore);
    else if (event === "error" && tellsOffline(status, code)) this.isOffline(now, code);
  }

  private cameOnline(now: number): void {
    if (this.pending) this.resolve("offline", CAUSES.offlineBefore);
    if (this.state === "online") {
      // It went offline after its last line, and that line is lost.
      this.sink.missing(now, "offline");
      this.change(this.heard ?? now, "offline", CAUSES.lineMissing);
    }
    this.enter(now, "online");
  }

  private wentOffline(now: number, code: string): void {
    if (this.pending) this.resolve("online");
    if (this.state === "offline" && this.cause !== CAUSES.silent) this.sink.missing(now, "online");
    this.goOffline(now, code, true);
  }

  private isOnline(now: number): void {
    if (this.pending) this.resolve("online");
    else if (this.state !== "online") {
      if (this.state === "offline" && this.cause !== CAUSES.silent) this.sink.missing(now, "online");
      this.enter(now, "online");
    }
  }

  private isOffline(now: number, code: string): void {
    if (this.pending) this.resolve("offline", code);
    else if (this.state === "online") {
      this.sink.missing(now, "offline");
      this.goOffline(now, code, true);
    } else if (this.state === "unknown" || this.cause === CAUSES.silent) this.goOffline(now, code, true);
  }

  private goOffline(now: number, cause: string, wanted: boolean): void {
    if (wanted) this.enter(now, "offline", cause || "no code");
  }

  /** How it was since the watch began is known now. */
  private resolve(state: BoardState, cause = ""): void {
    this.since = this.told;
    this.state = state;
    this.cause = cause;
    this.pending = false;
  }
}

/** An `error` line of an attempt, of the Wi-Fi or of the configuration, not of one message or a sketch. */
function tellsOffline(status: StatusLine, code: string): boolean {
  return "retry" in status || "field" in status || code.startsWith("wifi-");
}
