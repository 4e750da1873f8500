import type { ImageFacts } from "../console/images";
import { imageLimits } from "../console/images";
import { parseAnswer } from "../console/request";
import type { StatusLine } from "../status-line";
import { describeStatus, escapeControls, ownFields, parseStatus } from "../status-line";

/** One line of a monitor's log. */
export type Entry =
  /** A status line of the board. */
  | ({ at: string } & StatusLine)
  /** Anything else that its console printed. */
  | { at: string; console: string }
  /** Which image the board runs, and what it cannot do. */
  | { at: string; image: string; version: string; limits: string[] }
  /** How the firmware stands, as its `device.status()` has it. */
  | { at: string; device: Record<string, unknown> }
  /** The port came or went. */
  | { at: string; port: string; state: "open" | "gone" };

const now = () => new Date().toISOString();

/** What a console line is; undefined for what need not be shown: empty lines, and answers to a tool's own questions. */
export function lineEntry(line: string): Entry | undefined {
  const status = parseStatus(line);
  if (status) return { at: now(), ...ownFields(status) };
  return line.trim() === "" || parseAnswer(line) ? undefined : { at: now(), console: line };
}

export function portEntry(port: string, state: "open" | "gone"): Entry {
  return { at: now(), port, state };
}

export function imageEntry(facts: ImageFacts): Entry {
  return { at: now(), image: facts.board, version: facts.version, limits: imageLimits(facts) };
}

export function deviceEntry(device: Record<string, unknown>): Entry {
  return { at: now(), device };
}

/** An entry for people: the time of day, then what happened. */
export function describeEntry(entry: Entry): string {
  const { at, ...rest } = entry;
  const time = new Date(at).toTimeString().slice(0, 8);
  if ("console" in rest) return `${time}  > ${String(rest.console)}`;
  if ("device" in rest && !("event" in rest)) {
    return `${time}  ${describeStatus({ event: "status", ...(rest.device as object) })}`;
  }
  if ("image" in rest && Array.isArray(rest.limits)) {
    const lines = [`${String(rest.image)}, Espruino ${String(rest.version)}`, ...rest.limits.map(String)];
    return lines.map((line) => `${time}  image        ${escapeControls(line)}`).join("\n");
  }
  if ("state" in rest && "port" in rest) {
    return `${time}  ${rest.state === "open" ? `port ${String(rest.port)} is open` : `port ${String(rest.port)} is gone; waiting for it`}`;
  }
  const { opened, planned, ...status } = rest as StatusLine;
  const cause =
    opened === true ? ": the port was opened" : planned === undefined ? "" : `: planned (${String(planned)})`;
  return `${time}  ${describeStatus(status as StatusLine)}${escapeControls(cause)}`;
}
