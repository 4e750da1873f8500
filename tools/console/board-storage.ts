/** The board's Storage, by its console. */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { Failure } from "../command-line/exit";
import type { AskOptions, BoardConsole } from "./board-console";

/** What a file in Storage is, without its content. */
export interface Digest {
  /** Bytes. */
  length: number;
  /** SHA-1 where the board computes one natively, otherwise the CRC-32 that every build has. */
  hash: { method: "sha1" | "crc32"; hex: string };
}

/** Bytes in one question or answer. Small: the line a board gathers costs it a variable for a dozen characters. */
const PIECE = 384;
/** Milliseconds for what makes the board go through a whole file, or compact its flash. */
const LONG = 30_000;

/** Storage keeps so many bytes in front of each file, and begins each at a multiple of four. */
export const FILE_HEADER = 32;

const text = (value: string) => `atob("${Buffer.from(value, "latin1").toString("base64")}")`;

/** A question's code with a function of its own, so that nothing stays behind in the board's memory. */
const within = (code: string, ...values: (string | number)[]) =>
  `(function(s,n${values.map((_, at) => `,v${at}`).join("")}){${code}})(require("Storage"),${values.join(",")})`;

/** What the board finds in a file of its Storage; undefined where there is none. */
export async function readDigest(board: BoardConsole, name: string): Promise<Digest | undefined> {
  const code =
    "var c=s.read(n),h;if(c===undefined)return;" +
    'try{h=E.toString(require("crypto").SHA1(c))}catch(e){}' +
    "return [c.length,h?btoa(h):E.CRC32(c)];";
  const found = await board.ask<[number, string | number] | undefined>(within(code, text(name)), { wait: LONG });
  if (!found) return undefined;
  const [length, hash] = found;
  return typeof hash === "string"
    ? { length, hash: { method: "sha1", hex: Buffer.from(hash, "base64").toString("hex") } }
    : { length, hash: { method: "crc32", hex: (hash >>> 0).toString(16).padStart(8, "0") } };
}

/** The digest of a byte string by the same method as another's. */
export function digestLike(content: string, { hash: { method } }: Digest): Digest {
  const bytes = Buffer.from(content, "latin1");
  const hex =
    method === "sha1" ? createHash("sha1").update(bytes).digest("hex") : crc32(bytes).toString(16).padStart(8, "0");
  return { length: bytes.length, hash: { method, hex } };
}

/** Whether what the board has is this content. */
export function isSame(content: string, digest: Digest): boolean {
  const expected = digestLike(content, digest);
  return digest.length === expected.length && digest.hash.hex === expected.hash.hex;
}

export function describeDigest({ length, hash }: Digest): string {
  return `${length} bytes, ${hash.method === "sha1" ? "SHA-1" : "CRC-32"} ${hash.hex}`;
}

/** A whole file as a byte string; undefined where there is none. For small files: it comes in pieces of some hundred bytes. */
export async function readFile(board: BoardConsole, name: string): Promise<string | undefined> {
  const length = await board.ask<number | undefined>(within("var c=s.read(n);return c&&c.length", text(name)));
  if (length === undefined) return undefined;
  let content = "";
  while (content.length < length) {
    const piece = within(`return btoa(s.read(n,v0,${PIECE}))`, text(name), content.length);
    const bytes = Buffer.from(await board.ask<string>(piece), "base64").toString("latin1");
    if (bytes === "") break;
    content += bytes;
  }
  return content;
}

/**
 * Writes a small file: it is gathered in the board's memory, compared there, and written in one go, so that whatever
 * goes wrong before leaves the file that was there. The old file's room does not count: the interpreter lets go of that
 * file before it looks for room. Reads it back. Rejects with a Failure.
 */
export async function writeFile(board: BoardConsole, name: string, content: string): Promise<void> {
  for (let at = 0; at < content.length; at += PIECE) {
    // Cutting what is there already off at `at` makes a piece that is sent twice harmless.
    const gather = `var o=global.__p||"";global.__p=o.substr(0,v0)+v1;return __p.length`;
    const piece = content.slice(at, at + PIECE);
    await board.ask(within(gather, text(name), at, text(piece)));
  }
  const sum = crc32(Buffer.from(content, "latin1")) | 0;
  // Written or not, the gathered bytes go; asked again, it finds the file written.
  const store =
    "var p=global.__p;delete global.__p;" +
    "var c=s.read(n);if(c!==undefined&&c.length==v0&&(E.CRC32(c)^v1)==0)return true;" +
    "if(p===undefined||p.length!=v0||(E.CRC32(p)^v1)!=0)return false;" +
    "var f=s.getFree()+(s.getStats?s.getStats().trashBytes||0:0);if(f<v2)return f;" +
    "s.write(n,p);return true;";
  const needed = FILE_HEADER + Math.ceil(content.length / 4) * 4;
  const question = within(store, text(name), content.length, sum, needed);
  const stored = await board.ask<boolean | number>(question, { wait: LONG });
  if (typeof stored === "number") {
    throw new Failure(
      `Storage has room for ${stored} bytes, ${name} takes ${needed}; nothing was written. At the board's console, ` +
        'require("Storage").list() shows what is there, require("Storage").erase(name) makes room',
    );
  }
  const back = stored ? await readFile(board, name) : undefined;
  if (back !== content) throw new Failure(`${name} is not on the board as it was sent: try again`);
}

export async function eraseFiles(board: BoardConsole, names: readonly string[], options?: AskOptions): Promise<void> {
  for (const name of names) await board.ask(within("s.erase(n)", text(name)), options);
}
