/** What a report says, as `report.json` holds it. */
import { readLog, listLogs } from "./read-log";
import { BoardStatistics } from "./board-statistics";
import type { DurationFigures } from "./durations";
import type { MemorySlope } from "./free-memory";
import type { Limits, Verdict } from "./limits";
import { judge } from "./limits";
import { findings } from "./findings";
import type { CauseFigures } from "./outages";
import type { RebootKind } from "./reboots";

/** Times are ISO 8601, durations milliseconds unless they are named `seconds`, memory is variables. */
export interface BoardFigures {
  board: string;
  /** How its port was named. */
  name?: string;
  /** Its time ran so many times as fast as real time: a simulated board. */
  speed?: number;
  version?: string;
  address?: string;
  from: string;
  to: string;
  /** Time nobody was watching, or its port was gone, is unknown: neither online nor offline. */
  seconds: { online: number; offline: number; unknown: number };
  /** 0–1: online, of the time that is known; null where none is. */
  availability: number | null;
  offline: {
    count: number;
    longest: number;
    causes: Record<string, CauseFigures>;
    /** The longest 200, in order. `whole`: seen from its beginning to its end. */
    list: { from: string; to: string; ms: number; cause: string; then?: string; whole: boolean }[];
  };
  /** The longest 200, in order. */
  unknown: { count: number; list: { from: string; to: string; ms: number; cause: string }[] };
  /**
   * `count`: the board's own. `planned`: announced by its firmware, by the code. `opened`: this tool had just opened the port.
   * `list`: the latest 200 of all, in order; causes are concluded from what came before.
   */
  reboots: {
    count: number;
    planned: Record<string, number>;
    opened: number;
    safeModes: number;
    list: { at: string; kind: RebootKind; cause: string; fault?: string }[];
  };
  rtt?: DurationFigures;
  /** From offline to online; from the start of an attempt to online; from publish to its acknowledgement. */
  reconnects?: DurationFigures;
  connects?: DurationFigures;
  publishes?: DurationFigures;
  memory?: { first: number; last: number; least: number; slope?: MemorySlope };
  messages: { in: { count: number; bytes: number }; out: { count: number; bytes: number } };
  /** Of `error`, `offline` and `warning` lines. */
  codes: Record<string, { count: number; last: string; reason?: string }>;
  log: {
    /** Status lines. */
    lines: number;
    /** Lines of the log that cannot be read. */
    damaged: number;
    /** Status lines that did not come whole. */
    garbled: number;
    /** Lines that must have been there: told by what came instead, or by a full disk. */
    missing: number;
    faults: number;
    clockSteps: number;
    starts: number;
  };
  /** What somebody should look at, in words. */
  findings: string[];
}

export interface ReportFigures {
  folder: string;
  made: string;
  limits: Limits;
  verdicts: Verdict[];
  within: boolean;
  boards: BoardFigures[];
}

export interface Report {
  figures: ReportFigures;
  /** What the charts are drawn from, in the order of `figures.boards`. */
  statistics: BoardStatistics[];
}

/** Reads a run's folder. `silence` in milliseconds. Throws a UsageError where it holds no log. */
export async function readReport(folder: string, limits: Limits = {}, silence?: number): Promise<Report> {
  const statistics: BoardStatistics[] = [];
  for (const { board, path } of listLogs(folder)) {
    const one = new BoardStatistics(board, silence);
    one.damaged = await readLog(path, (time, entry) => one.add(time, entry));
    one.finish();
    statistics.push(one);
  }
  const boards = statistics.map(figuresOf);
  const verdicts = judge(boards, limits);
  const within = verdicts.every((verdict) => verdict.within);
  return { figures: { folder, made: new Date().toISOString(), limits, verdicts, within, boards }, statistics };
}

const iso = (time: number | undefined) => new Date(time ?? 0).toISOString();
const seconds = (ms: number) => Math.round(ms) / 1000;

/** The figures of a board whose log has been read. */
export function figuresOf(statistics: BoardStatistics): BoardFigures {
  const { time, memory, outages, reboots, codes } = statistics;
  const known = time.online + time.offline;
  const figures: BoardFigures = {
    board: statistics.board,
    name: statistics.name,
    speed: statistics.speed,
    version: statistics.version,
    address: statistics.address,
    from: iso(statistics.first),
    to: iso(statistics.last),
    seconds: { online: seconds(time.online), offline: seconds(time.offline), unknown: seconds(time.unknown) },
    availability: known > 0 ? time.online / known : null,
    offline: {
      count: outages.count,
      longest: outages.longest,
      causes: Object.fromEntries(outages.causes),
      list: outages.kept
        .list()
        .map(({ from, to, ...rest }) => ({ from: iso(from), to: iso(to), ms: to - from, ...rest })),
    },
    unknown: {
      count: outages.unknown.count,
      list: outages.unknown
        .list()
        .map(({ from, to, cause }) => ({ from: iso(from), to: iso(to), ms: to - from, cause })),
    },
    reboots: {
      count: reboots.count,
      planned: Object.fromEntries(reboots.planned),
      opened: reboots.counts.opened,
      safeModes: statistics.safeModes,
      list: reboots.kept.list().map(({ time: at, ...rest }) => ({ at: iso(at), ...rest })),
    },
    rtt: statistics.rtt.figures(),
    reconnects: outages.reconnects.figures(),
    connects: statistics.connect.figures(),
    publishes: statistics.publish.figures(),
    memory:
      memory.first === undefined
        ? undefined
        : { first: memory.first, last: memory.last!, least: memory.least!, slope: memory.slope() },
    messages: statistics.messages,
    codes: Object.fromEntries([...codes].map(([code, { last, ...rest }]) => [code, { ...rest, last: iso(last) }])),
    log: {
      lines: statistics.lines,
      damaged: statistics.damaged,
      garbled: statistics.garbled,
      missing: statistics.missing,
      faults: statistics.faults,
      clockSteps: statistics.clockSteps,
      starts: statistics.starts,
    },
    findings: [],
  };
  figures.findings = findings(figures);
  return figures;
}
