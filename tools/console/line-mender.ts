/**
 * Status lines that ESP-IDF has written into. Its log shares the UART with the interpreter's console, so one of its lines, with or without
 * colours, can stand anywhere inside a status line: `#{"event":"pi`, `I (1234) wifi: state: run`, a line break, `ng","rtt":23}`.
 */
import { parseStatus } from "../status-line";

/** What erases an unfinished line before output is printed. */
// eslint-disable-next-line no-control-regex
const ERASED_INPUT = /^.*\r\x1b\[J/;
// eslint-disable-next-line no-control-regex
const TERMINAL_NOISE = /\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]/g;

/** One raw console line as a person reads it: without the prompt, escape sequences and flow control. */
export function readable(line: string): string {
  return line.replace(ERASED_INPUT, "").replace(TERMINAL_NOISE, "").replace(/^>/, "");
}

/** How a line of ESP-IDF's log begins: level, milliseconds since power-on, tag. It goes on to the end of its line. */
// eslint-disable-next-line no-control-regex
const LOG = /(?:\x1b\[[0-9;]*m)*[EWIDV] \(\d+\) [^\s:]{1,40}:/g;
const STATUS = '#{"event":';
/** The beginning of an answer to a tool's question, as far as it has come. */
const BEGUN_ANSWER = /#\d+(:(\{.*)?)?$/;
const ANSWER = /#\d+:(\{.*\})\s*$/;
/** Characters and lines that are held until the rest of a status line has come. */
const LONGEST = 8192;
const MOST_LINES = 16;

/** A status line or an answer that needs nothing more. */
function isWhole(raw: string): boolean {
  const line = readable(raw);
  if (parseStatus(line)) return true;
  const answer = ANSWER.exec(line);
  if (!answer) return false;
  try {
    JSON.parse(answer[1]);
    return true;
  } catch {
    return false;
  }
}

/** Whether a text may be the beginning of a status line or an answer. */
function isBegun(text: string): boolean {
  if (text.includes(STATUS)) return true;
  const tail = text.slice(text.lastIndexOf("#"));
  return tail.startsWith("#") && (STATUS.startsWith(tail) || BEGUN_ANSWER.test(text));
}

/**
 * The places where a log line may begin in a line: what stands before, and the log line. The last one first: what a status line quotes may
 * look like a log line too.
 */
function cutsOf(line: string): { before: string; log: string }[] {
  const places = [...line.matchAll(LOG)].map(({ index }) => index).reverse();
  return places.map((at) => ({ before: line.slice(0, at), log: line.slice(at) }));
}

/** A status line on its way: what has come of it, and the log lines that stood inside. */
interface Candidate {
  text: string;
  logs: string[];
}

/**
 * Puts status lines together again. Lines go in as they come, without their ends; out come the same lines, but that log lines inside a
 * status line stand behind it. A line that may be cut is held until the next ones complete it; where they do not, all come out as they were.
 */
export class LineMender {
  private held: string[] = [];
  private candidates: Candidate[] = [];

  /** The lines that are complete now. */
  push(line: string): string[] {
    if (this.held.length === 0) this.candidates = [{ text: "", logs: [] }];
    this.held.push(line);
    const next: Candidate[] = [];
    for (const { text, logs } of this.candidates) {
      if (isWhole(text + line)) return this.release([text + line, ...logs]);
      for (const { before, log } of cutsOf(line)) {
        const candidate = { text: text + before, logs: [...logs, log] };
        if (isWhole(candidate.text)) return this.release([candidate.text, ...candidate.logs]);
        if (isBegun(candidate.text) && candidate.text.length <= LONGEST) next.push(candidate);
      }
    }
    this.candidates = next.slice(0, MOST_LINES);
    if (next.length > 0 && this.held.length < MOST_LINES) return [];
    if (this.held.length === 1) return this.release(this.held);
    // The last one may begin another.
    const before = this.release(this.held.slice(0, -1));
    return [...before, ...this.push(line)];
  }

  /** What is held, as it came: nothing follows. */
  flush(): string[] {
    return this.release(this.held);
  }

  private release(lines: string[]): string[] {
    this.held = [];
    this.candidates = [];
    return lines;
  }
}
