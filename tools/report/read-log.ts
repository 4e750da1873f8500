/** Reads a run's logs a piece at a time: what they hold never is in memory as a whole. */
import { createReadStream, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { LineReader } from "../board/console";
import { Failure, UsageError } from "../command-line/exit";
import type { LogEntry } from "../field/log";
import { StrayTimes } from "./steady-time";

const EARLIEST = Date.UTC(2000, 0);
const LATEST = Date.UTC(2100, 0);

/** The entry of a line with its time in milliseconds, or undefined where the line is damaged. */
export function parseEntry(line: string): { time: number; entry: LogEntry } | undefined {
  try {
    const entry = JSON.parse(line) as LogEntry;
    const time = Date.parse(entry.at);
    if (typeof entry.at !== "string" || ("event" in entry && typeof entry.event !== "string")) return undefined;
    const known = ["event", "state", "run", "damaged"].some((key) => key in entry);
    return known && time >= EARLIEST && time < LATEST ? { time, entry } : undefined;
  } catch {
    return undefined;
  }
}

/** Tells each entry of a file in order; resolves to how many lines were damaged, in their time or altogether. Rejects with a Failure where it cannot be read. */
export async function readLog(path: string, onEntry: (time: number, entry: LogEntry) => void): Promise<number> {
  let damaged = 0;
  const take = (time: number, entry: LogEntry) => {
    try {
      onEntry(time, entry);
    } catch {
      // One line that cannot be taken costs that line, not the report.
      damaged++;
    }
  };
  const entries = new StrayTimes(take, () => damaged++);
  const reader = new LineReader((line) => {
    if (line.trim() === "") return;
    const parsed = parseEntry(line);
    if (parsed) entries.add(parsed.time, parsed.entry);
    else damaged++;
  });
  let ended = true;
  try {
    for await (const bytes of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
      reader.push(bytes);
      ended = bytes.at(-1) === 0x0a;
    }
  } catch (error) {
    throw new Failure(`cannot read ${path}: ${(error as Error).message}`);
  }
  // The last line may be torn; or whole, but for its end.
  if (!ended) reader.push(Buffer.from("\n"));
  entries.end();
  return damaged;
}

/** A run's logs: the board's name and the file's path, by name. Throws a UsageError where there are none. */
export function listLogs(folder: string): { board: string; path: string }[] {
  let names: string[];
  try {
    if (!statSync(folder).isDirectory()) throw new Error("it is not a folder");
    const isFile = (name: string) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile();
    names = readdirSync(folder).filter((name) => name.endsWith(".jsonl") && isFile(name));
  } catch (error) {
    throw new UsageError(`cannot read ${folder}: ${(error as Error).message}`);
  }
  if (names.length === 0) throw new UsageError(`${folder} holds no log: no file ends in .jsonl`);
  const order = new Intl.Collator("en", { numeric: true }).compare;
  return names.sort(order).map((name) => ({ board: basename(name, ".jsonl"), path: join(folder, name) }));
}
