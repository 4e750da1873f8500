/** A run: its boards, its log, its live views, from wherever it stood to its end. */
import { Failure } from "../command-line/exit";
import type { Report } from "../report/figures";
import { readReport } from "../report/figures";
import { renderHtml } from "../report/html";
import type { Limits } from "../report/limits";
import { BoardRun } from "./board-run";
import type { LivePage } from "./live-page";
import { serveLivePage } from "./live-page";
import { LiveTable } from "./live-table";
import { takeFolder } from "./run-folder";
import type { FieldClock, Source } from "./sources";

export interface FieldRunOptions {
  folder: string;
  sources: readonly Source[];
  clock: FieldClock;
  /** Times as fast as real time, of simulated boards. */
  speed?: number;
  /** Milliseconds from the first line in the log, whichever start of the tool wrote it; without it the signal ends the run. */
  duration?: number;
  /** Milliseconds; see StateTracker. */
  silence?: number;
  limits: Limits;
  /** Of the live page; undefined: none. */
  pagePort?: number;
  out: { isTTY?: boolean; columns?: number; write(text: string): unknown };
  /** Told of what goes wrong meanwhile. */
  complain(reason: string): void;
}

/** Milliseconds of real time between two pictures in the terminal. */
const PACE = 1000;

/**
 * Runs until the time is over or the signal; resolves to the report of all that the folder holds. Rejects with a Failure where that folder
 * cannot be written or is another run's, before any port is opened.
 */
export async function runField(options: FieldRunOptions, signal: AbortSignal): Promise<Report> {
  const release = takeFolder(options.folder);
  try {
    return await follow(options, signal);
  } finally {
    release();
  }
}

async function follow(options: FieldRunOptions, signal: AbortSignal): Promise<Report> {
  const { folder, sources, clock, speed, silence, limits, pagePort, out, complain } = options;
  let page: LivePage | undefined;
  const runs = sources.map(
    (source) =>
      new BoardRun(source, {
        folder,
        clock,
        speed,
        silence,
        onEntry: (board, entry) => page?.entry(board, entry),
        onTrouble: complain,
      }),
  );
  for (const run of runs) await run.resume();
  const boards = () => runs.map((run) => run.live());
  const report = () => readReport(folder, limits, silence);
  if (pagePort !== undefined) {
    page = await serveLivePage({
      port: pagePort,
      boards,
      report: async (type) => (type === "html" ? renderHtml(await report()) : JSON.stringify((await report()).figures)),
    }).catch((error: NodeJS.ErrnoException) => {
      throw new Failure(
        error.code === "EADDRINUSE" ? `port ${pagePort} is in use: choose another with --page` : error.message,
      );
    });
    out.write(`live page: ${page.url}\n`);
  }
  const over = new AbortController();
  const end = () => over.abort();
  if (signal.aborted) end();
  signal.addEventListener("abort", end, { once: true });
  const stopTimer = startTimer(options, runs, end);
  const table = new LiveTable(out);
  const pace = setInterval(() => table.show(boards(), clock.now()), PACE);
  const following = runs.map((run) => run.follow(over.signal));
  try {
    await Promise.all(following);
  } finally {
    end();
    await Promise.allSettled(following);
    clearInterval(pace);
    stopTimer();
    signal.removeEventListener("abort", end);
    await page?.close();
  }
  return report();
}

/** Ends the run when its time is over, which may already be. */
function startTimer({ duration, clock }: FieldRunOptions, runs: readonly BoardRun[], end: () => void): () => void {
  if (duration === undefined) return () => undefined;
  const left = duration - Math.max(0, ...runs.map(({ statistics }) => statistics.elapsed(clock.now())));
  if (left > 0) return clock.after(left, end);
  end();
  return () => undefined;
}
