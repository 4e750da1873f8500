/** Why a board started again, as far as its own log can say. */
import type { LogEntry } from "../field/log";
import { Kept } from "./kept";

export interface Reboot {
  time: number;
  cause: string;
  /** What the firmware had kept of a fault, told once it was online again. */
  fault?: string;
}

/** Milliseconds from the opening of a port to the boot that it causes. */
const OPENED = 5000;
/** Milliseconds from a fault to the boot that follows from it: out of memory restarts at once, or the watchdog does after 120 s. */
const AFTER_FAULT = 150_000;
/** Milliseconds of the firmware's watchdog. */
const WATCHDOG = 120_000;

export class Reboots {
  readonly kept = new Kept<Reboot>(({ time }) => time);
  private opened = -Infinity;
  private gone = -Infinity;
  private heard?: number;
  private uptime?: number;
  private fault?: { time: number; reason: string };
  private latest?: Reboot;

  get count(): number {
    return this.kept.count;
  }

  /** True where the entry tells that the board has started again. Its first boot in a log is none. */
  add(time: number, entry: LogEntry): boolean {
    if (!("event" in entry)) {
      if (!("port" in entry && "state" in entry)) return false;
      if (entry.state === "open") this.opened = time;
      else this.gone = time;
      return false;
    }
    const { event, uptime, reason } = entry;
    const words = typeof reason === "string" ? reason : "no reason told";
    let cause: string | undefined;
    if (event === "boot") cause = this.causeAt(time);
    else if (typeof uptime === "number" && this.uptime !== undefined && uptime < this.uptime) {
      cause = "its uptime went back; the boot itself is not in the log";
    }
    if (typeof uptime === "number") this.uptime = uptime;
    else if (event === "boot") this.uptime = undefined;
    if (event === "error" && entry.code === "uncaught") this.fault = { time, reason: words };
    if (event === "fault" && this.latest) this.latest.fault ??= words;
    const again = cause !== undefined && this.heard !== undefined;
    if (again) {
      this.latest = { time, cause: cause! };
      this.kept.add(this.latest);
      this.fault = undefined;
    }
    this.heard = time;
    return again;
  }

  private causeAt(time: number): string {
    const { fault } = this;
    if (fault && time - fault.time < AFTER_FAULT) {
      return /MEMORY/.test(fault.reason) ? `out of memory: ${fault.reason}` : `after a fault: ${fault.reason}`;
    }
    if (this.gone > (this.heard ?? -Infinity)) return "its port had gone: unplugged, or without power";
    if (time - this.opened < OPENED) return "its port was opened, which restarts many boards";
    if (this.heard !== undefined && time - this.heard >= WATCHDOG) {
      return "reset, power, or after more than 120 s of silence the watchdog";
    }
    return "reset, power or a new start by hand";
  }
}
