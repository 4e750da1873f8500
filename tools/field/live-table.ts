/** The boards in a terminal: a line for each that changes in place, or, where output is no terminal, a line for each change. */
import { describeLong } from "../report/html";
import { escapeControls } from "../status-line";
import type { LiveBoard } from "./live-board";

const ERASE_LINE = "\x1b[2K";

/** A line without control characters: causes are codes that come from the board. `width`: of the longest name. */
export function describeLive(board: LiveBoard, now: number, width: number): string {
  const { state, since, cause, availability, rtt, free, outages, reboots } = board;
  const long = since === undefined ? "" : ` for ${describeLong(Math.max(0, now - Date.parse(since)))}`;
  const parts = [
    `${state}${long}${cause ? ` (${cause})` : ""}`,
    availability !== undefined && `${(availability * 100).toFixed(2)} %`,
    rtt !== undefined && `rtt ${rtt} ms`,
    free !== undefined && `free ${free}`,
    outages > 0 && `offline ${outages}×`,
    reboots > 0 && `rebooted ${reboots}×`,
  ];
  return escapeControls(`${board.board.padEnd(width)}  ${parts.filter(Boolean).join(", ")}`);
}

export class LiveTable {
  private drawn = 0;
  private readonly states = new Map<string, string>();

  constructor(private readonly out: { isTTY?: boolean; columns?: number; write(text: string): unknown }) {}

  /** `now`: milliseconds on the log's clock. */
  show(boards: readonly LiveBoard[], now: number): void {
    const width = Math.max(...boards.map(({ board }) => board.length));
    if (!this.out.isTTY) {
      for (const board of boards) {
        const { state, cause, reboots } = board;
        const key = `${state} ${cause} ${reboots}`;
        if (this.states.get(board.board) === key) continue;
        this.states.set(board.board, key);
        const time = new Date(now).toISOString().slice(0, 19).replace("T", " ");
        this.out.write(`${time}  ${describeLive(board, now, width)}\n`);
      }
      return;
    }
    // What is wider than the terminal would take two lines, and the next picture would begin in the wrong place.
    const lines = boards.map((board) => describeLive(board, now, width).slice(0, (this.out.columns ?? 80) - 1));
    const up = this.drawn > 0 ? `\x1b[${this.drawn}A` : "";
    this.out.write(up + lines.map((line) => `${ERASE_LINE}${line}\n`).join(""));
    this.drawn = lines.length;
  }
}
