/** A board's words in whatever they were kept: a console as it was copied, or the log of a tool, one JSON object a line. */
import { LineMender } from "../../console/line-mender";
import type { StatusLine } from "../../status-line";
import { ownFields, parseStatus } from "../../status-line";

/** One thing that a board said. */
export interface BoardLine extends StatusLine {
  /** ISO 8601, where it was written down. */
  at?: string;
  /** Which board, where there are several. */
  board?: string;
}

function parseEntry(line: string): BoardLine | undefined {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) return undefined;
  const { at, board, event, ...rest } = entry as Record<string, unknown>;
  const place = { ...(typeof at === "string" && { at }), ...(typeof board === "string" && { board }) };
  if (typeof event === "string") return { ...rest, event, ...place };
  // A monitor's log tells the port as well.
  if (typeof rest.port === "string" && typeof rest.state === "string") {
    return { event: rest.state === "open" ? "port-open" : "port-gone", port: rest.port, ...place };
  }
  // A field run's log tells whose it is, and when nobody watches any more.
  if (rest.run === "start" && typeof rest.name === "string") return { event: "run-start", name: rest.name, ...place };
  if (rest.run === "stop") return { event: "run-stop", ...place };
  return undefined;
}

/** The lines of a text, each status line whole that ESP-IDF's log has cut in two. */
export function consoleLines(text: string): string[] {
  const mender = new LineMender();
  return [...text.split(/\r?\n/).flatMap((line) => mender.push(line)), ...mender.flush()];
}

/** What a line says; undefined where it is no word of a board's. */
export function parseBoardLine(line: string): BoardLine | undefined {
  const trimmed = line.trim();
  if (trimmed.startsWith("{")) return parseEntry(trimmed);
  const status = parseStatus(trimmed);
  return status && ownFields(status);
}

/** True for a line of a log that is a tool's, or that the board's console printed besides: no word of the board, and no fault. */
export function isBesides(line: string): boolean {
  try {
    const entry = JSON.parse(line) as Record<string, unknown> | null;
    if (typeof entry?.at !== "string" || "event" in entry) return false;
    return "run" in entry || "console" in entry || "image" in entry || "device" in entry;
  } catch {
    return false;
  }
}

/** What is known of a board. */
export interface BoardSummary {
  board: string;
  online: boolean | undefined;
  rtt?: number;
  free?: number;
  offlines: number;
  boots: number;
  trouble?: { code: string; reason: string };
}

const numberIn = (value: unknown) => (typeof value === "number" ? value : undefined);

/** Each board with what its lines come to, in the order in which they first spoke. */
export function summarizeBoards(lines: readonly BoardLine[]): BoardSummary[] {
  const boards = new Map<string, BoardSummary>();
  for (const line of lines) {
    const name = line.board ?? "";
    const summary = boards.get(name) ?? { board: name, online: undefined, offlines: 0, boots: 0 };
    boards.set(name, summary);
    if (line.event === "boot") {
      // One that a tool has caused by opening the port is not the board's.
      if (line.opened !== true) summary.boots++;
      summary.online = false;
    } else if (line.event === "online") summary.online = true;
    else if (line.event === "offline") {
      summary.online = false;
      summary.offlines++;
    } else if (line.event === "port-gone" || line.event === "run-stop") summary.online = undefined;
    else if (line.event === "run-start" && name === "" && typeof line.name === "string") summary.board = line.name;
    if (line.event === "ping") {
      summary.online = true;
      summary.rtt = numberIn(line.rtt) ?? summary.rtt;
    }
    summary.free = numberIn(line.free) ?? summary.free;
    if (typeof line.code === "string")
      summary.trouble = { code: line.code, reason: typeof line.reason === "string" ? line.reason : "" };
  }
  return [...boards.values()];
}
