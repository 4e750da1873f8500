import { mayReset, OPENED_MS } from "../console/opening";
import type { Entry } from "./entry";

/** Milliseconds from the line that announces a reboot to the `boot` that follows from it. */
export const PLANNED_MS = 60_000;

/** The cause of a boot, where the line shows it: its port was opened, or the firmware had announced a reboot. */
export class BootCauses {
  private opened = -Infinity;
  private planned?: { time: number; code: string };

  /** The entry itself; a boot with `opened` or `planned`. */
  explain(entry: Entry): Entry {
    const time = Date.parse(entry.at);
    if ("state" in entry && "port" in entry && typeof entry.port === "string") {
      if (entry.state === "open" && mayReset(entry.port)) this.opened = time;
      return entry;
    }
    if (!("event" in entry)) return entry;
    if (entry.event === "reboot") this.planned = { time, code: String(entry.code) };
    if (entry.event !== "boot") return entry;
    const { planned, opened } = this;
    this.planned = undefined;
    if (planned && time - planned.time < PLANNED_MS) return { ...entry, planned: planned.code };
    return time - opened < OPENED_MS ? { ...entry, opened: true } : entry;
  }
}
