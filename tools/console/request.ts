/**
 * Questions to a board by its console, and how their answers are told from whatever else it prints.
 *
 * A question is one line that nobody sees echoed. It takes effect whole or not at all: the board itself checks a checksum
 * over it, since consoles lose letters.
 */
import { crc32 } from "node:zlib";

/** Clears a line that somebody has begun to type, without interrupting what runs: escape sequence of the console. */
const CLEAR_LINE = "\x1b[2H";
/** At the beginning of a line: do not echo it. */
const NO_ECHO = "\x10";

/** An answer: the value of the expression, what it threw, or that the question did not arrive as it was sent. */
export type Answer = { id: number; value: unknown } | { id: number; thrown: string } | { id: number; garbled: true };

const base64 = (bytes: string) => Buffer.from(bytes, "latin1").toString("base64");

/**
 * The line that asks for the value of an expression (or of the last of several statements), as bytes. `expression` is
 * a byte string.
 */
export function question(id: number, expression: string): Buffer {
  const sum = crc32(Buffer.from(expression, "latin1")) | 0;
  const guard =
    "(function(s,n){try{return JSON.stringify(E.CRC32(s)^n?{g:1}:{v:eval(s)})}" +
    'catch(e){return JSON.stringify({e:""+e})}})';
  const line = `print("#${id}:"+${guard}(atob("${base64(expression)}"),${sum}))`;
  return Buffer.from(`${CLEAR_LINE}${NO_ECHO}${line}\n`, "latin1");
}

/** The answer in a line of console output, or undefined where there is none that is whole. */
export function parseAnswer(line: string): Answer | undefined {
  const match = /#(\d+):(\{.*\})\s*$/.exec(line);
  if (!match) return undefined;
  const id = Number(match[1]);
  try {
    const { v, e, g } = JSON.parse(match[2]) as { v?: unknown; e?: unknown; g?: unknown };
    if (g !== undefined) return { id, garbled: true };
    return e === undefined ? { id, value: v } : { id, thrown: String(e) };
  } catch {
    return undefined;
  }
}
