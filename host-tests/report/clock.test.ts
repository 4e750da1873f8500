/** Times in a log that cannot be true: a clock that was set, a digit that was damaged. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { liveBoard } from "../../tools/field/live-board";
import type { BoardFigures } from "../../tools/report/figures";
import { readReport } from "../../tools/report/figures";
import { FieldLog } from "../fixtures/field-log";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "clock-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const MINUTES = 60_000;

/** Online, an outage of 20 min, online again. `jump`: seconds that the clock is set by just before the outage. */
function withOutage(jump = 0): FieldLog {
  const log = new FieldLog().start().told(1, "online");
  for (let i = 0; i < 20; i++) log.told(30, "ping", { rtt: 20, free: 2000 });
  log.told(10 + jump, "offline", { code: "socket-closed", retry: 2 }).quiet(20 * 60);
  log.told(0, "online");
  for (let i = 0; i < 20; i++) log.told(30, "ping", { rtt: 20, free: 2000 });
  return log;
}

async function figuresOf(lines: string[]): Promise<BoardFigures> {
  writeFileSync(join(folder, "board.jsonl"), lines.join("\n"));
  return (await readReport(folder)).figures.boards[0];
}
const linesOf = (log: FieldLog) => log.text().trim().split("\n");

test.each([-3600, -15, -86_400 * 365])(
  "a clock set back by %i s just before an outage: the outage is whole, and the step is one",
  async (jump) => {
    const { offline, log, seconds, findings } = await figuresOf(linesOf(withOutage(jump)));
    expect(offline.causes["socket-closed"]).toEqual({ count: 1, ms: 20 * MINUTES, longest: 20 * MINUTES });
    expect(log).toMatchObject({ clockSteps: 1, damaged: 0 });
    // All but the 10 s in which the clock was set.
    expect(seconds.online).toBe(1200);
    expect(findings.join("\n")).toContain("clock went back once");
  },
);

// The line of the start is the first; lines 5 and 21 are pings before the outage, 30 is a sign of life in it.
test.each([
  ["a century's digit", 5, (line: string) => line.replace('"at":"2026', '"at":"2096')],
  ["a digit of the year, back", 5, (line: string) => line.replace('"at":"2026', '"at":"2016')],
  ["a digit of the hour", 21, (line: string) => line.replace("T00:", "T01:")],
  ["a digit of the day, in the outage", 30, (line: string) => line.replace("-01T", "-21T")],
  ["the first line's year", 0, (line: string) => line.replace('"at":"2026', '"at":"2096')],
])("%s is damaged: that line is lost and nothing after it", async (_name, index, damage) => {
  const lines = linesOf(withOutage());
  const whole = await figuresOf(lines);
  const damaged = lines.map((line, i) => (i === index ? damage(line) : line));
  expect(damaged[index]).not.toBe(lines[index]);
  const figures = await figuresOf(damaged);
  expect(figures.log).toMatchObject({ damaged: 1, clockSteps: 0 });
  expect(figures.offline.causes).toEqual(whole.offline.causes);
  expect(figures.seconds).toEqual(whole.seconds);
});

test("the first entry after days without the tool is no damage, and neither is the last one of a log", async () => {
  const log = withOutage()
    .add(3 * 86_400, { run: "start", name: "x", alive: 60 })
    .port(0, "open")
    .told(5, "ping");
  const { log: figures, unknown } = await figuresOf(linesOf(log.add(86_400, { run: "alive" })));
  expect(figures).toMatchObject({ damaged: 0, clockSteps: 0, starts: 2 });
  expect(unknown.list.map(({ ms }) => ms)).toContain(3 * 86_400_000);
});

test("a live board after a step: since when and for how long, by the clock as it is now", () => {
  const log = withOutage(-3600);
  const statistics = log.statistics();
  const now = Date.parse(log.entries.at(-1)!.at);
  expect(liveBoard(statistics, "board", now)).toMatchObject({
    state: "online",
    since: new Date(now - 10 * MINUTES).toISOString(),
  });
  const { online, offline, unknown } = statistics.timeUntil(now + MINUTES);
  expect(statistics.elapsed(now + MINUTES)).toBe(online + offline + unknown);
});
