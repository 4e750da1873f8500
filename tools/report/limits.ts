/** Limits that make a run a gate. */
import { InvalidArgumentError, type Command } from "commander";
import { describeDuration, toDuration } from "../command-line/duration";
import type { BoardFigures } from "./figures";

export interface Limits {
  /** Milliseconds of the longest time offline. */
  maxOffline?: number;
  /** Milliseconds of the longest round trip. */
  maxRtt?: number;
  /** Variables lost an hour. */
  maxLeak?: number;
}

export interface Verdict {
  board: string;
  limit: keyof Limits;
  within: boolean;
  /** What was found, and what the limit is. */
  text: string;
}

const PER_HOUR: Record<string, number> = { s: 3600, m: 60, h: 1, d: 1 / 24 };

/** `1/h`, `20/d` in variables an hour; 0 is allowed. For commander. */
export function toLeak(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\/(s|m|h|d)$/.exec(text);
  if (!match) throw new InvalidArgumentError("It is a number of variables for a time, such as 1/h or 20/d.");
  return Number(match[1]) * PER_HOUR[match[2]];
}

export function addLimitOptions(command: Command): Command {
  return command
    .option("--max-offline <time>", "limit: the longest time a board may be offline at a stretch, 60s", toDuration)
    .option("--max-rtt <time>", "limit: the longest ping round trip, 2s", toDuration)
    .option(
      "--max-leak <rate>",
      "limit: free variables lost, 1/h; within it only where that could be measured",
      toLeak,
    );
}

/** One verdict for each board and limit. What could not be measured is not within a limit. */
export function judge(boards: readonly BoardFigures[], limits: Limits): Verdict[] {
  const verdicts: Verdict[] = [];
  for (const { board, offline, rtt, memory, seconds } of boards) {
    const add = (limit: keyof Limits, within: boolean, text: string) => verdicts.push({ board, limit, within, text });
    const { maxOffline, maxRtt, maxLeak } = limits;
    if (maxOffline !== undefined) {
      const known = seconds.online + seconds.offline > 0;
      const found = known
        ? `${describeDuration(offline.longest)} offline at the longest`
        : "never known to be online or offline";
      add("maxOffline", known && offline.longest <= maxOffline, `${found}, limit ${describeDuration(maxOffline)}`);
    }
    if (maxRtt !== undefined) {
      const found = rtt ? `${describeDuration(rtt.maximum)} for the longest round trip` : "no ping";
      add("maxRtt", rtt !== undefined && rtt.maximum <= maxRtt, `${found}, limit ${describeDuration(maxRtt)}`);
    }
    if (maxLeak !== undefined) {
      const slope = memory?.slope;
      const lost = slope ? -slope.perHour : 0;
      const found = slope ? `${round(lost)} variables an hour lost` : "too few pings for a slope of the memory";
      // Noise may slope either way: only a loss that is certain to be beyond the limit is held against the board.
      const within = slope !== undefined && !(slope.leak && -slope.high > maxLeak);
      const uncertain = within && lost > maxLeak ? ", which may be noise" : "";
      add("maxLeak", within, `${found}${uncertain}, limit ${round(maxLeak)} an hour`);
    }
  }
  return verdicts;
}

const round = (value: number) => Math.round(value * 100) / 100 || 0;
