/** `npm run report`: the files it writes, its exit codes, and what it does with damaged logs. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReportFigures } from "../../tools/report/figures";
import { readReport } from "../../tools/report/figures";
import { renderHtml } from "../../tools/report/html";
import { judge, toLeak } from "../../tools/report/limits";
import { describeReport } from "../../tools/report/write-report";
import { FieldLog } from "../fixtures/field-log";
import { seed, Seeded } from "../fixtures/seeded";
import { runTool } from "../fixtures/tool";

jest.setTimeout(60_000);

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "report-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const write = (log: string, name = "ttyUSB0.jsonl") => writeFileSync(join(folder, name), log);

/** Half an hour with a cut of 40 s in it and a leak of 60 variables an hour. */
function halfHour(): FieldLog {
  const log = new FieldLog()
    .start()
    .told(1, "boot", { version: "1.0.0", free: 2600 })
    .told(1, "online", { session: false, ms: 412 });
  for (let i = 0; i < 60; i++) {
    log.told(30, "ping", { rtt: 20 + i, free: 2400 - Math.floor(i / 2) });
    if (i === 20) {
      log.told(1, "offline", { code: "socket-closed", reason: "the connection <b>was</b> closed", retry: 2 });
      log.told(40, "online", { session: false, ms: 300 });
    }
  }
  log
    .told(1, "published", { topic: "t", qos: 1, bytes: 37, ms: 44 })
    .told(1, "message", { topic: "t", qos: 1, bytes: 4 });
  return log;
}

test("figures of a run", async () => {
  write(halfHour().text());
  const { figures } = await readReport(folder);
  expect(figures.boards).toHaveLength(1);
  expect(figures.boards[0]).toMatchObject({
    board: "ttyUSB0",
    name: "/dev/ttyUSB0",
    version: "1.0.0",
    seconds: { online: 1803, offline: 41, unknown: 1 },
    availability: 1803 / 1844,
    offline: { count: 2, longest: 40_000, causes: { "socket-closed": { count: 1, ms: 40_000, longest: 40_000 } } },
    reboots: { count: 0 },
    rtt: { count: 60, minimum: 20, p50: 49, maximum: 79 },
    reconnects: { count: 2, maximum: 40_000 },
    publishes: { count: 1, maximum: 44 },
    memory: { first: 2400, last: 2371, least: 2371, slope: { leak: true } },
    messages: { in: { count: 1, bytes: 4 }, out: { count: 1, bytes: 37 } },
    codes: { "socket-closed": { count: 1 } },
    log: { lines: 66, damaged: 0, missing: 0 },
  });
  expect(figures.boards[0].findings.join("\n")).toMatch(/memory leak: \d\d\.\d variables an hour[^]*socket-closed 1×/);
});

test("the HTML is one file that loads nothing, and what a board says is no markup", async () => {
  const evil = '<script>alert("x")</script>';
  write(halfHour().told(1, "offline", { code: evil, reason: evil }).told(1, "online").text());
  const html = renderHtml(await readReport(folder));
  expect(html).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;");
  expect(html).not.toMatch(/<script|<link|<img|<iframe|@import|url\((?!#)|\b(src|href)=/i);
  expect(html).toContain("default-src 'none'");
  expect(html.match(/<svg /g)).toHaveLength(4);
  for (const label of ["timeline", "round trips", "percentiles", "free memory"])
    expect(html).toMatch(new RegExp(`role="img" aria-label="${label}`));
});

test("a run of boards that told nothing has a report as well", async () => {
  write(new FieldLog().start().text());
  write("", "empty.jsonl");
  const report = await readReport(folder);
  expect(report.figures.boards.map(({ board, availability }) => [board, availability])).toEqual([
    ["empty", null],
    ["ttyUSB0", null],
  ]);
  expect(renderHtml(report)).toContain("ttyUSB0");
});

test(`a damaged log loses its damaged lines only (SEED=${seed})`, async () => {
  const random = new Seeded(5);
  const whole = halfHour().text().trim().split("\n");
  const damage = (line: string): string =>
    random.pick([
      () => line.slice(0, random.below(line.length - 1)) + "\0",
      () => "\0".repeat(random.below(300) + 1),
      () => line.replace('"at":"2026', '"at":"9026'),
      () => random.bytes(80).replace(/\n/g, "") + "\x01",
      () => '{"at":"2026-01-01T00:00:00.000Z"}',
      () => "null",
    ])();
  // Pings only: of what else is lost the report tells other causes.
  const broken = new Set(whole.map((_, i) => i).filter((i) => whole[i].includes('"ping"') && random.chance(5)));
  write(whole.map((line, i) => (broken.has(i) ? damage(line) : line)).join("\n\n") + '\n{"at":"2026-01-0');
  const { boards } = (await readReport(folder)).figures;
  expect({ damaged: boards[0].log.damaged, lines: boards[0].log.lines }).toEqual({
    damaged: broken.size + 1,
    lines: whole.filter((line) => line.includes('"event"')).length - broken.size,
  });
  expect(boards[0].seconds).toEqual({ online: 1803, offline: 41, unknown: 1 });
});

test("limits: what is not measured is not within", () => {
  const { boards } = { boards: [] as ReportFigures["boards"] };
  expect(judge(boards, { maxOffline: 1 })).toEqual([]);
  expect([toLeak("1/h"), toLeak("24/d"), toLeak("0/h"), toLeak("1/m")]).toEqual([1, 1, 0, 60]);
  expect(() => toLeak("1")).toThrow(/1\/h/);
});

test.each([
  [["--max-offline", "41s", "--max-rtt", "79ms", "--max-leak", "70/h"], 0, ""],
  [["--max-offline", "39s"], 1, "beyond the limit: ttyUSB0: 40 s offline at the longest, limit 39 s"],
  [["--max-rtt", "78ms"], 1, "beyond the limit: ttyUSB0: 79 ms for the longest round trip, limit 78 ms"],
  [["--max-leak", "10/h"], 1, "variables an hour lost, limit 10 an hour"],
  [["--max-leak", "10"], 2, ""],
  [["--max-offline", "soon"], 2, ""],
  [["--max-offline", "0s"], 2, ""],
])("%j is exit code %i", async (args, code, text) => {
  write(halfHour().text());
  const result = await runTool("report", [folder, ...args]);
  expect({ code: result.code, stderr: code === 2 ? "" : result.stderr }).toEqual({ code, stderr: "" });
  expect(result.stdout).toContain(text);
  expect(readdirSync(folder).sort()).toEqual(
    code === 2 ? ["ttyUSB0.jsonl"] : ["report.html", "report.json", "ttyUSB0.jsonl"],
  );
});

test.each([
  [1, false],
  [4, false],
  [6, true],
])("hourly reboots, 4.75 variables lost in each: a limit of %i an hour is kept: %p", async (maxLeak, kept) => {
  const log = new FieldLog().start();
  for (let i = 0; i < 72 * 60; i++) {
    if (i % 60 === 0) log.told(0, "boot");
    log.told(60, "ping", { rtt: 20, free: 2400 - Math.round((4.75 * (i % 60)) / 60) });
  }
  write(log.text());
  const { verdicts } = (await readReport(folder, { maxLeak })).figures;
  expect(verdicts.map(({ within }) => within)).toEqual([kept]);
});

test("control characters of a board do not reach the terminal", async () => {
  const code = "\x1b[2J\x9b31m\r";
  write(halfHour().told(1, "offline", { code }).told(5, "boot").text());
  const shown = describeReport((await readReport(folder, { maxOffline: 1 })).figures);
  expect(shown).toContain("\\x1b[2J\\x9b31m\\x0d 1×");
  expect(shown.replace(/\n/g, "")).not.toMatch(/\p{Cc}/u);
});

test("a board that never pinged keeps no limit of round trips or memory", async () => {
  write(new FieldLog().start().told(1, "online").text());
  const { figures } = await readReport(folder, { maxRtt: 1000, maxLeak: 1, maxOffline: 60_000 });
  expect(figures.verdicts.map(({ limit, within }) => [limit, within])).toEqual([
    ["maxOffline", true],
    ["maxRtt", false],
    ["maxLeak", false],
  ]);
});

test("the JSON next to the HTML has the figures that --json prints", async () => {
  write(halfHour().text());
  const { stdout } = await runTool("report", [folder, "--json"]);
  const printed = JSON.parse(stdout) as ReportFigures;
  expect(JSON.parse(readFileSync(join(folder, "report.json"), "utf8"))).toEqual(printed);
  expect(printed.boards[0].availability).toBeCloseTo(1803 / 1844);
});

test.each([[["/none/such"]], [[]]])("%j is wrong usage", async (args: string[]) => {
  const { code, stderr } = await runTool("report", args);
  expect(code).toBe(2);
  expect(stderr).not.toBe("");
});

test("--out names a folder that is made", async () => {
  write(halfHour().text());
  const out = join(folder, "of", "its own");
  const { code } = await runTool("report", [folder, "--out", out]);
  expect(code).toBe(0);
  expect(readdirSync(out).sort()).toEqual(["report.html", "report.json"]);
});

test("a time of nothing is told so, not that it has no unit", async () => {
  const { stderr } = await runTool("report", [folder, "--max-offline", "0s"]);
  expect(stderr).toContain("must be more than 0");
});

test("what a board says steers no terminal, and a folder named as a log is none", async () => {
  write(
    new FieldLog()
      .start()
      .told(1, "online")
      .told(2, "error", { code: "uncaught", reason: "x\x1b[2J" })
      .told(3, "boot")
      .text(),
  );
  mkdirSync(join(folder, "other.jsonl"));
  const { code, stdout } = await runTool("report", [folder]);
  expect(code).toBe(0);
  expect(stdout).toContain("x\\x1b[2J");
  expect(stdout).not.toContain("\x1b");
});
