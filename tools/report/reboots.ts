/** Why a board started again, as far as its own log can say. */
import { mayReset, OPENED_MS } from "../console/opening";
import type { LogEntry } from "../field/log";
import { PLANNED_MS } from "../monitor/boot-cause";
import { Kept } from "./kept";
import { MOST_CODES } from "./outages";

/** Whose doing a reboot was: the board's own or unknown; planned, as its firmware had announced; or caused by this tool, which had opened the port. */
export type RebootKind = "own" | "planned" | "opened";

export interface Reboot {
  time: number;
  kind: RebootKind;
  cause: string;
  /** What the firmware had kept of a fault, told once it was online again. */
  fault?: string;
}

/** Milliseconds from a fault to the boot that follows from it: out of memory restarts at once, or the watchdog does after 120 s. */
const AFTER_FAULT = 150_000;
/** Milliseconds of the firmware's watchdog. */
const WATCHDOG = 120_000;

export class Reboots {
  readonly kept = new Kept<Reboot>(({ time }) => time);
  readonly counts: Record<RebootKind, number> = { own: 0, planned: 0, opened: 0 };
  /** Planned ones by the code that announced them. */
  readonly planned = new Map<string, number>();
  private opened = -Infinity;
  private simulated = false;
  private gone = -Infinity;
  private heard?: number;
  private uptime?: number;
  private fault?: { time: number; reason: string };
  private announced?: { time: number; code: string; reason: string };
  private latest?: Reboot;

  /** The board's own: neither planned nor caused by this tool. */
  get count(): number {
    return this.counts.own;
  }

  /** True where the entry tells that the board has started again. Its first boot in a log is none, unless the opening of its port has caused it. */
  add(time: number, entry: LogEntry): boolean {
    if (!("event" in entry)) {
      if ("run" in entry && entry.run === "start") this.simulated = "speed" in entry;
      if (!("port" in entry && "state" in entry)) return false;
      if (entry.state === "gone") this.gone = time;
      else if (typeof entry.port === "string" && mayReset(entry.port)) this.opened = time;
      return false;
    }
    const { event, uptime, reason } = entry;
    const words = typeof reason === "string" ? reason : "no reason told";
    let boot: Omit<Reboot, "time"> | undefined;
    if (event === "boot") boot = this.bootAt(time);
    else if (typeof uptime === "number" && this.uptime !== undefined && uptime < this.uptime) {
      boot = this.announcedAt(time) ?? {
        kind: "own",
        cause: "its uptime went back; the boot itself is not in the log",
      };
    }
    if (typeof uptime === "number") this.uptime = uptime;
    else if (event === "boot") this.uptime = undefined;
    if (event === "error" && entry.code === "uncaught") this.fault = { time, reason: words };
    if (event === "fault" && this.latest) this.latest.fault ??= words;
    if (event === "reboot") {
      const { code } = entry;
      this.announced = { time, code: typeof code === "string" ? code : "no code told", reason: words };
    }
    // A board's first boot in a log is one more only where this tool has caused it; a simulated board is switched on by it.
    const caused = boot?.kind === "opened" && !this.simulated;
    const again = boot !== undefined && (this.heard !== undefined || caused);
    if (again) this.take({ time, ...boot! });
    this.heard = time;
    return again;
  }

  private take(reboot: Reboot): void {
    const { announced } = this;
    this.latest = reboot;
    this.kept.add(reboot);
    this.counts[reboot.kind]++;
    if (reboot.kind === "planned" && announced) {
      const code = this.planned.has(announced.code) || this.planned.size < MOST_CODES ? announced.code : "others";
      this.planned.set(code, (this.planned.get(code) ?? 0) + 1);
    }
    this.fault = this.announced = undefined;
  }

  private announcedAt(time: number): Omit<Reboot, "time"> | undefined {
    const { announced } = this;
    if (!announced || time - announced.time >= PLANNED_MS) return undefined;
    return { kind: "planned", cause: `planned (${announced.code}): ${announced.reason}` };
  }

  private bootAt(time: number): Omit<Reboot, "time"> {
    const announced = this.announcedAt(time);
    if (announced) return announced;
    const plugged = this.gone > (this.heard ?? -Infinity);
    if (!plugged && !this.faultAt(time) && time - this.opened < OPENED_MS) {
      return { kind: "opened", cause: "its port was opened, which restarts many boards" };
    }
    return { kind: "own", cause: this.causeAt(time) };
  }

  private faultAt(time: number): { reason: string } | undefined {
    return this.fault && time - this.fault.time < AFTER_FAULT ? this.fault : undefined;
  }

  private causeAt(time: number): string {
    const fault = this.faultAt(time);
    if (fault) {
      return /MEMORY/.test(fault.reason) ? `out of memory: ${fault.reason}` : `after a fault: ${fault.reason}`;
    }
    if (this.gone > (this.heard ?? -Infinity)) return "its port had gone: unplugged, or without power";
    if (this.heard !== undefined && time - this.heard >= WATCHDOG) {
      return "reset, power, or after more than 120 s of silence the watchdog";
    }
    return "reset, power or a new start by hand";
  }
}
