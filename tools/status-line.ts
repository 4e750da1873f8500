/** What a board tells: `#` and a JSON object, somewhere in a line of the console. */

export interface StatusLine {
  event: string;
  [name: string]: unknown;
}

/** The status in a line of console output, or undefined where there is none that is whole. */
export function parseStatus(line: string): StatusLine | undefined {
  const at = line.indexOf('#{"event":');
  if (at < 0) return undefined;
  try {
    const status = JSON.parse(line.slice(at + 1).trim()) as StatusLine;
    return typeof status.event === "string" ? status : undefined;
  } catch {
    return undefined;
  }
}

/** Keys that a log, or a feed of several boards, has of its own. */
const RESERVED = new Set(["at", "board", "run", "port", "state", "damaged", "console", "opened", "planned", "image"]);

/** A status without what could pass for a tool's own words: a board may print anything. */
export function ownFields(status: StatusLine): StatusLine {
  return Object.fromEntries(Object.entries(status).filter(([name]) => !RESERVED.has(name))) as StatusLine;
}

const CONTROL = /\p{Cc}/gu;

/** C0, DEL and C1 as `\xNN`: a topic comes from the network, and an ESC in it would steer the terminal. */
export function escapeControls(text: string): string {
  return text.replace(CONTROL, (char) => "\\x" + char.charCodeAt(0).toString(16).padStart(2, "0"));
}

/** An object as JSON: turning it into a text of its own can throw. */
const describeField = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));

/** A status for people, without control characters: the event's name, then what it says. */
export function describeStatus({ event, ...fields }: StatusLine): string {
  const parts = Object.entries(fields).map(([name, value]) => `${name} ${describeField(value)}`);
  return escapeControls(`${event.padEnd(12)} ${parts.join(", ")}`.trimEnd());
}
