/** How a board stands: a row of the live table and of the live page. */
import type { BoardStatistics } from "../report/board-statistics";
import type { BoardState } from "../report/board-state";

/** Times are ISO 8601, durations and round trips milliseconds, memory variables. */
export interface LiveBoard {
  board: string;
  /** How its port was named. */
  name: string;
  state: BoardState;
  since?: string;
  /** Why it is offline or unknown. */
  cause?: string;
  /** 0–1, of the time that is known. */
  availability?: number;
  rtt?: number;
  free?: number;
  outages: number;
  reboots: number;
  /** Status lines so far. */
  lines: number;
}

/** `now`: milliseconds, on the log's clock. */
export function liveBoard(statistics: BoardStatistics, name: string, now: number): LiveBoard {
  const { current, rtt, memory } = statistics;
  const time = statistics.timeUntil(now);
  const known = time.online + time.offline;
  return {
    board: statistics.board,
    name,
    state: current.state,
    since: current.since === undefined ? undefined : new Date(current.since).toISOString(),
    cause: current.cause,
    availability: known > 0 ? time.online / known : undefined,
    rtt: rtt.last,
    free: memory.last,
    outages: statistics.outages.count,
    reboots: statistics.reboots.count,
    lines: statistics.lines,
  };
}
