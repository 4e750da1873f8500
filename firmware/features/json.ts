/**
 * JSON of the clouds, read from the bytes as they came and written from what a sketch has. The interpreter's own spoils
 * UTF-8 on builds without Unicode, `\u` escapes, and whole numbers above 2^53.
 */
import type { Bytes, Runtime } from "../seams";
import { quote } from "../device/status";
import { fail } from "../errors";

/** Objects and lists in each other: an ESP32's stack is short. */
const DEPTH = 8;
/** The largest whole number that a double holds exactly. */
const EXACT = 9007199254740991;

/** The number that four hexadecimal digits at `at` are. */
function hex4(text: Bytes, at: number): number {
  let code = 0;
  for (let i = at; i < at + 4; i++) {
    const digit = i < text.length ? "0123456789abcdef".indexOf(text.charAt(i).toLowerCase()) : -1;
    if (digit < 0) throw fail("json-invalid", "a \\u needs four digits");
    code = code * 16 + digit;
  }
  return code;
}

/** Where the string whose text begins at `at` ends: the index of its closing quote. */
function stringEnd(bytes: Bytes, at: number): number {
  for (;;) {
    const quoteAt = bytes.indexOf('"', at);
    const escape = bytes.indexOf("\\", at);
    if (quoteAt < 0) throw fail("json-invalid", "a string does not end");
    if (escape < 0 || escape > quoteAt) return quoteAt;
    at = escape + 2;
  }
}

/** The UTF-8 bytes of a code point, 0 to 0x10FFFF (RFC 3629, section 3). */
function utf8(code: number): Bytes {
  if (code < 128) return String.fromCharCode(code);
  if (code < 2048) return String.fromCharCode(192 | (code >> 6), 128 | (code & 63));
  if (code < 65536) return String.fromCharCode(224 | (code >> 12), 128 | ((code >> 6) & 63), 128 | (code & 63));
  return String.fromCharCode(
    240 | (code >> 18),
    128 | ((code >> 12) & 63),
    128 | ((code >> 6) & 63),
    128 | (code & 63),
  );
}

/** What a string between quotes stands for, as bytes (RFC 8259, section 7). */
function unescape(text: Bytes): Bytes {
  let out = "";
  let at = 0;
  for (;;) {
    const escape = text.indexOf("\\", at);
    if (escape < 0) return out + text.substring(at);
    out += text.substring(at, escape);
    const letter = text.charAt(escape + 1);
    at = escape + 2;
    if (letter === "u") {
      let code = hex4(text, at);
      at += 4;
      // Two halves are one character (RFC 8259, section 7); half of one is U+FFFD.
      if (code > 0xd7ff && code < 0xe000) {
        const low = text.substr(at, 2) === "\\u" ? hex4(text, at + 2) : 0;
        if (code < 0xdc00 && low > 0xdbff && low < 0xe000) {
          code = 0x10000 + ((code & 1023) << 10) + (low & 1023);
          at += 6;
        } else code = 0xfffd;
      }
      out += utf8(code);
    } else {
      const index = "bfnrt".indexOf(letter);
      if (index >= 0) out += "\b\f\n\r\t".charAt(index);
      else if (letter === '"' || letter === "/" || letter === "\\") out += letter;
      else throw fail("json-invalid", "an escape that there is none of");
    }
  }
}

/** A number or a word. Whole numbers above 2^53 stay text, to their last digit. */
function scalar(text: Bytes): unknown {
  if (text === "true" || text === "false") return text === "true";
  if (text === "null") return null;
  const digits = text.charAt(0) === "-" ? 1 : 0;
  const first = text.charCodeAt(digits);
  const value = +text;
  for (let i = 0; i < text.length; i++) {
    if ("0123456789+-.eE".indexOf(text.charAt(i)) < 0) throw fail("json-invalid", "neither a word nor a number");
  }
  const second = text.charCodeAt(digits + 1);
  const last = text.charCodeAt(text.length - 1);
  // The interpreter reads 012 as octal and 1e as 1.
  if ((first === 48 && second > 47 && second < 58) || !(last > 47 && last < 58)) {
    throw fail("json-invalid", "neither a word nor a number");
  }
  if (!(first > 47 && first < 58) || !isFinite(value)) throw fail("json-invalid", "neither a word nor a number");
  if (Math.abs(value) <= EXACT || text.indexOf(".") >= 0 || text.indexOf("e") >= 0 || text.indexOf("E") >= 0) {
    return value;
  }
  return text;
}

/** The index of the next byte that is no white space. */
function skip(bytes: Bytes, at: number): number {
  while (at < bytes.length && bytes.charCodeAt(at) < 33) at++;
  return at;
}

/**
 * What JSON bytes say. Text becomes the runtime's own; whole numbers beyond ±(2^53 − 1) come as their digits in
 * a string. Throws `json-invalid`, also over eight levels.
 */
export function readJson(bytes: Bytes, runtime: Runtime): unknown {
  // Lists and objects in one type: which it is, Array.isArray says.
  const holders: { [name: string]: unknown }[] = [];
  let root: unknown;
  let name = "";
  let at = 0;
  for (;;) {
    at = skip(bytes, at);
    const first = bytes.charAt(at);
    let value: unknown;
    let opened = first === "{" || first === "[";
    let end = at + 1;
    if (first === "{") value = {};
    else if (first === "[") value = [];
    else if (first === '"') {
      end = stringEnd(bytes, end);
      value = runtime.decode(unescape(bytes.substring(at + 1, end)));
      end++;
    } else {
      while (end < bytes.length && bytes.charCodeAt(end) > 32 && ",]}".indexOf(bytes.charAt(end)) < 0) end++;
      value = scalar(bytes.substring(at, end));
    }
    at = end;
    const holder = holders[holders.length - 1];
    if (!holder) root = value;
    else if (Array.isArray(holder)) holder.push(value);
    else holder[name] = value;
    if (opened && holders.push(value as { [name: string]: unknown }) > DEPTH) throw fail("json-invalid", "too deep");
    for (;;) {
      at = skip(bytes, at);
      if (!holders.length) {
        if (at < bytes.length) throw fail("json-invalid", "something follows");
        return root;
      }
      const list = Array.isArray(holders[holders.length - 1]);
      const next = bytes.charAt(at);
      if (next === (list ? "]" : "}")) {
        at++;
        holders.pop();
        opened = false;
        continue;
      }
      if (!opened) {
        if (next !== ",") throw fail("json-invalid", "a comma is missing");
        at = skip(bytes, at + 1);
      }
      if (!list) {
        if (bytes.charAt(at) !== '"') throw fail("json-invalid", "a name is missing");
        end = stringEnd(bytes, at + 1);
        name = runtime.decode(unescape(bytes.substring(at + 1, end)));
        if (name === "__proto__") throw fail("json-invalid", "a name that objects use themselves");
        at = skip(bytes, end + 1);
        if (bytes.charAt(at) !== ":") throw fail("json-invalid", "a colon is missing");
        at++;
      }
      break;
    }
  }
}

/** An object or a list that is being written. */
interface Writing {
  holder: unknown[];
  /** Of its members; undefined for a list. */
  names: string[] | undefined;
  /** The next member. */
  at: number;
  /** What stands before that. */
  comma: string;
}

/** A value that holds no others as JSON. */
function writeScalar(value: unknown): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "function") return "" + value();
  if (typeof value === "number") return isFinite(value) ? JSON.stringify(value) : "null";
  return typeof value === "boolean" ? "" + value : "null";
}

/**
 * A value as JSON: text keeps its bytes, undefined members are left out, numbers that JSON has no word for become null. A
 * function stands for JSON of its own: what it returns is written as it is. Throws `json-invalid` over eight levels. It does
 * not call itself, for the board's stack is short.
 */
export function writeJson(root: unknown): string {
  const open: Writing[] = [];
  let value = root;
  let out = "";
  for (;;) {
    if (typeof value === "object" && value !== null) {
      if (open.length === DEPTH) throw fail("json-invalid", "too deep, or holds itself");
      const list = Array.isArray(value);
      open.push({ holder: value as never, names: list ? undefined : Object.keys(value), at: 0, comma: "" });
      out += list ? "[" : "{";
    } else out += writeScalar(value);
    // On to the next member of the innermost that has one.
    for (;;) {
      const inner = open[open.length - 1];
      if (!inner) return out;
      const names = inner.names;
      if (inner.at === (names || inner.holder).length) {
        out += names ? "}" : "]";
        open.pop();
        continue;
      }
      const name = names ? names[inner.at] : inner.at;
      inner.at++;
      value = inner.holder[name as number];
      if (names && value === undefined) continue;
      out += inner.comma + (names ? quote(name as string) + ":" : "");
      inner.comma = ",";
      break;
    }
  }
}
