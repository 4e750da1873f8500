/** Status lines whose fields are of other types than the firmware's: a board of another make, a damaged line, or somebody at its console. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BoardRun } from "../../tools/field/board-run";
import type { SourceSink } from "../../tools/field/sources";
import { BoardStatistics } from "../../tools/report/board-statistics";
import { figuresOf, readReport } from "../../tools/report/figures";
import { renderHtml } from "../../tools/report/html";
import { describeStatus } from "../../tools/status-line";
import { BEGIN, FieldLog } from "../fixtures/field-log";
import { cases, seed } from "../fixtures/seeded";

const FIELDS =
  "rtt free ms bytes code reason version ip uptime retry field run port state name lines alive speed".split(" ");
const EVENTS = "boot online offline ping published message error safe-mode network fault warning ?".split(" ");
/** As JSON, which knows numbers that a number cannot hold. */
const VALUES = [
  '{"valueOf":1,"toString":1}',
  '[{"toString":null}]',
  "[]",
  "{}",
  "null",
  "true",
  "1e999",
  "-1e999",
  "1.7e308",
  "-1",
  "0.5",
  "23",
  '""',
  '"23"',
  '"uncaught"',
  '"constructor"',
  '"__proto__"',
  '"\\u001b[2J"',
  '{"__proto__":{"toString":1}}',
];

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "foreign-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** A run of one board that says these lines; resolves when the board has said all. */
async function follow(lines: string[]): Promise<BoardRun> {
  let now = BEGIN;
  const clock = { now: () => (now += 1000), every: () => () => undefined, after: () => () => undefined };
  const source = {
    name: "board",
    follow: async (sink: SourceSink) => {
      sink.port("open");
      for (const line of lines) sink.line(line);
    },
  };
  const run = new BoardRun(source, { folder, clock, onEntry: () => undefined, onTrouble: () => undefined });
  await run.resume();
  await run.follow(new AbortController().signal);
  return run;
}

test.each(FIELDS)("an object as %s ends neither the run nor its report", async (field) => {
  const object = { valueOf: 1, toString: 1 };
  const hostile = EVENTS.map((event) => `#${JSON.stringify({ event, code: "uncaught", [field]: object })}`);
  await follow([...hostile, '#{"event":"ping","rtt":23,"free":2000}']);
  expect(readFileSync(join(folder, "board.jsonl"), "utf8")).toMatch(/"run":"stop"\}\n$/);
  // It goes on from what it has written.
  expect((await follow([])).statistics.starts).toBe(2);
  const report = await readReport(folder);
  expect(report.figures.boards[0]).toMatchObject({ rtt: { count: 1 }, log: { damaged: 0, lines: EVENTS.length + 1 } });
  expect(renderHtml(report)).toContain("board");
});

test(`fields of any type: every figure stays a number, every text a text (SEED=${seed})`, () => {
  cases(60, 70, (random) => {
    const statistics = new BoardStatistics("board");
    const log = new FieldLog().start();
    for (let i = 0; i < 40; i++) {
      const fields = Array.from({ length: 4 }, () => `"${random.pick(FIELDS)}":${random.pick(VALUES)}`);
      const entry = JSON.parse(`{"event":"${random.pick(EVENTS)}",${fields.join(",")}}`) as { event: string };
      expect(typeof describeStatus(entry)).toBe("string");
      log.add(random.below(30), random.chance(5) ? { ...entry, event: undefined } : entry);
    }
    // As it stands in a log: without what JSON does not hold.
    for (const line of log.text().trim().split("\n")) {
      const entry = JSON.parse(line) as (typeof log.entries)[0];
      statistics.add(Date.parse(entry.at), entry);
    }
    statistics.finish();
    const figures = figuresOf(statistics);
    const check = (value: unknown, path: string) => {
      if (typeof value === "number" && !Number.isFinite(value)) throw new Error(`${path} is ${value}`);
      if (value && typeof value === "object")
        for (const [key, inner] of Object.entries(value)) check(inner, `${path}.${key}`);
    };
    check(figures, "figures");
    for (const { cause, fault } of figures.reboots.list)
      expect([typeof cause, typeof (fault ?? "")]).toEqual(["string", "string"]);
    const report = { folder: "", made: "", limits: {}, verdicts: [], within: true, boards: [figures] };
    expect(renderHtml({ figures: report, statistics: [statistics] })).toContain("board");
  });
});

test("a line of the log that cannot be taken counts as damaged, and the others are taken", async () => {
  const at = new Date(BEGIN).toISOString();
  const lines = [
    { at, event: { toString: 1 } },
    { at: { toString: 1 }, event: "ping" },
    { at: 2026, event: "ping" },
    { at, event: "ping", rtt: 5 },
  ];
  writeFileSync(join(folder, "board.jsonl"), lines.map((line) => JSON.stringify(line)).join("\n"));
  expect((await readReport(folder)).figures.boards[0].log).toMatchObject({ damaged: 3, lines: 1 });
});

test("an object is shown as JSON", () => {
  expect(describeStatus({ event: "message", bytes: { valueOf: 1, toString: 1 } })).toBe(
    'message      bytes {"valueOf":1,"toString":1}',
  );
});

test("a board's own keys pass for none of the tool's", async () => {
  const { statistics } = await follow([
    '#{"event":"online"}',
    '#{"event":"ping","rtt":7,"run":"stop","board":"another","port":"x","state":"gone","damaged":1,"at":"x"}',
  ]);
  const kept = readFileSync(join(folder, "board.jsonl"), "utf8");
  expect(kept).toMatch(/"event":"ping","rtt":7\}\n/);
  expect(statistics.garbled).toBe(0);
  // A log of an older version has them.
  const log = new FieldLog()
    .start()
    .told(5, "online")
    .told(5, "ping", { run: "stop", port: "x", state: "gone" })
    .told(5, "ping", { run: "start" });
  expect(log.statistics()).toMatchObject({ current: { state: "online" }, starts: 1, time: { online: 10_000 } });
  expect(log.statistics().reboots.count).toBe(0);
});
