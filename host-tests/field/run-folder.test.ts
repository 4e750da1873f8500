/** Where a run writes: made and checked before anything else, and one run's at a time. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure } from "../../tools/command-line/exit";
import type { FieldRunOptions } from "../../tools/field/field-run";
import { runField } from "../../tools/field/field-run";
import { takeFolder } from "../../tools/field/run-folder";
import { realClock } from "../../tools/field/sources";
import { readReport } from "../../tools/report/figures";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "folder-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** A run whose board tells when it is followed; ended by the signal. */
function run(out: string) {
  const over = new AbortController();
  let followed = false;
  const begun = new Promise<void>((resolve) => over.signal.addEventListener("abort", () => resolve()));
  const follow: FieldRunOptions["sources"][0]["follow"] = async (sink, signal) => {
    followed = true;
    sink.port("open");
    over.abort();
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
  };
  const written: string[] = [];
  const result = runField(
    {
      folder: out,
      sources: [{ name: "board", follow }],
      clock: realClock,
      limits: {},
      pagePort: 0,
      out: { write: (text) => written.push(text) },
      complain: (reason) => written.push(reason),
    },
    over.signal,
  );
  return { result, begun, written, followed: () => followed };
}

test("a folder in folders that are not there is made, and is free again after the run", async () => {
  const out = join(folder, "a/b");
  await run(out).result;
  expect(existsSync(join(out, "board.jsonl"))).toBe(true);
  expect(existsSync(join(out, "run.lock"))).toBe(false);
  await run(out).result;
});

test("a second run into the same folder is refused by the first one's process, before its board is followed", async () => {
  const release = takeFolder(folder);
  const second = run(folder);
  await expect(second.result).rejects.toThrow(new RegExp(`process ${process.pid} writes a run .*--out`));
  await expect(second.result).rejects.toBeInstanceOf(Failure);
  expect([second.followed(), second.written]).toEqual([false, []]);
  release();
  await run(folder).result;
});

test.each([
  ["of a process that is gone", JSON.stringify({ pid: 2 ** 30, born: "" })],
  ["of one whose number another process has by now", JSON.stringify({ pid: process.pid, born: "another boot 7" })],
  ["that is torn", '{"pid":'],
])("a lock %s is no obstacle", async (_name, lock) => {
  writeFileSync(join(folder, "run.lock"), lock);
  const release = takeFolder(folder);
  expect(JSON.parse(readFileSync(join(folder, "run.lock"), "utf8"))).toMatchObject({ pid: process.pid });
  release();
});

test.each(["/dev/null/x", "/dev/null", "/proc/x", "/proc/x/y"])(
  "%s: a Failure in one line, nothing begun",
  async (out) => {
    const refused = run(out);
    await expect(refused.result).rejects.toThrow(/^cannot write to .*--out$/);
    await expect(refused.result).rejects.toBeInstanceOf(Failure);
    expect([refused.followed(), refused.written]).toEqual([false, []]);
  },
);

test("a folder that is named as a board's log is a Failure of the run, and no log for a report", async () => {
  mkdirSync(join(folder, "board.jsonl"));
  await expect(run(folder).result).rejects.toBeInstanceOf(Failure);
  await expect(readReport(folder)).rejects.toThrow(/holds no log/);
  writeFileSync(join(folder, "a.jsonl"), "");
  expect((await readReport(folder)).figures.boards.map(({ board }) => board)).toEqual(["a"]);
});
