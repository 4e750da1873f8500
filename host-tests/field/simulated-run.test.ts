/** A field run of simulated boards with trouble put in on purpose: the report names each. Also what a restart of the tool leaves. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReportFigures } from "../../tools/report/figures";
import { ROOT, runTool, Tool } from "../fixtures/tool";

jest.setTimeout(120_000);

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "field-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const figures = () => JSON.parse(readFileSync(join(folder, "report.json"), "utf8")) as ReportFigures;
const field = (...args: string[]) => ["--no-build", "--out", folder, ...args];

/** The options of the README's example, but for where it writes. */
function readmeOptions(): string[] {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const [, before, after] = /^\$ npm run field -- (.*--trouble.*) --out \S+ (.*)$/m.exec(readme)!;
  return `${before} ${after}`.split(" ");
}

test("the README's example: cuts, a double identity, a leak, a reboot and a pulled cable are each named, with time and cause", async () => {
  const { code, stdout, stderr } = await runTool("field", field(...readmeOptions()));
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  const [cut, kicked, leaking, rebooted, unplugged] = figures().boards;
  const began = Date.parse(cut.from);
  const minute = (iso: string) => (Date.parse(iso) - began) / 60_000;

  const cuts = cut.offline.list.filter(({ cause }) => cause === "socket-closed");
  expect(cuts.map(({ from }) => Math.round(minute(from)))).toEqual(expect.arrayContaining([5, 35]));
  for (const { ms, whole } of cuts.slice(0, 1))
    expect({ long: ms > 39_000, whole }).toEqual({ long: true, whole: true });

  expect(kicked.offline.causes.kicked).toMatchObject({ count: 1 });
  expect(minute(kicked.codes.kicked.last)).toBeGreaterThan(7);
  expect(kicked.codes.kicked.reason).toMatch(/second device/);

  expect(leaking.memory!.slope).toMatchObject({ leak: true });
  // Six variables every two minutes.
  expect(Math.abs(leaking.memory!.slope!.perHour + 180)).toBeLessThan(30);

  expect(rebooted.reboots.list).toHaveLength(1);
  expect(minute(rebooted.reboots.list[0].at)).toBeGreaterThan(11);
  expect(minute(rebooted.reboots.list[0].at)).toBeLessThan(14);

  const pulled = unplugged.unknown.list.filter(({ cause, ms }) => cause === "port was gone" && ms > 1000);
  expect(pulled).toHaveLength(1);
  expect(pulled[0].ms).toBeGreaterThan(239_000);

  for (const word of [
    /kicked once/,
    /memory leak: \d/,
    /rebooted once, last at/,
    /socket-closed \d×/,
    /unknown for 24\d s: port was gone/,
  ]) {
    expect(stdout).toMatch(word);
  }
  expect(stdout).toMatch(/beyond the limit: simulated-3: 1\d\d[.\d]* variables an hour lost/);
  const others = figures().verdicts.filter(({ board, limit }) => limit === "maxLeak" && board !== "simulated-3");
  expect(others.map(({ within }) => within)).toEqual([true, true, true, true]);
});

test("a run that was killed goes on: the log grows, its torn line is all that is lost, and the time in between is unknown", async () => {
  const log = join(folder, "simulated-1.jsonl");
  const killed = new Tool("field", field("--simulated", "1", "--speed", "200", "--no-page"));
  await killed.shows(/simulated-1 {2}online/);
  killed.kill();
  await killed.result;
  const before = readFileSync(log, "utf8");
  expect(before).toMatch(/"event":"online"/);
  expect(before).not.toMatch(/"run":"stop"/);
  writeFileSync(log, before + '{"at":"2026-01-01T00:0');

  const again = new Tool("field", field("--simulated", "1", "--speed", "200", "--no-page"));
  await again.shows(/simulated-1 {2}online/);
  again.interrupt();
  const { code, stdout } = await again.result;
  expect(code).toBe(0);
  expect(stdout).toContain("report.html");
  const after = readFileSync(log, "utf8");
  expect(after.startsWith(before)).toBe(true);
  expect(after.trim().split("\n").at(-1)).toMatch(/"run":"stop"/);
  const [board] = figures().boards;
  expect(board.log).toMatchObject({ damaged: 1, starts: 2, clockSteps: 0 });
  expect(board.unknown.list.map(({ cause }) => cause)).toContain("tool was not running");
  expect(board.reboots).toMatchObject({ count: 0, opened: 1 });
});

test("--for counts from the log's first line, whoever wrote it: a run that is over is reported on", async () => {
  const entry = (minutes: number, fields: object) =>
    JSON.stringify({ at: new Date(Date.now() - minutes * 60_000).toISOString(), ...fields }) + "\n";
  const name = "tcp://127.0.0.1:1";
  const start = { run: "start", name, alive: 60 };
  writeFileSync(
    join(folder, "tcp-127.0.0.1-1.jsonl"),
    entry(90, start) + entry(89, { event: "online" }) + entry(88, { event: "ping", rtt: 20, free: 2000 }),
  );
  const { code, stdout } = await runTool("field", field("--port", name, "--for", "1h", "--max-rtt", "1s"));
  expect(code).toBe(0);
  expect(stdout).toContain("report.html");
  expect(figures().boards[0].log.lines).toBe(2);
});

test.each([
  [["--port", "a", "--simulated", "2"], /exclude each other/],
  [["--port", "/dev/a", "--port", "/dev/a"], /named twice/],
  [["--port", "a", "--speed", "3"], /--simulated/],
  [["--simulated", "0"], /whole number from 1/],
  [["--simulated", "1", "--speed", "fast"], /number from 0.1/],
  [["--max-leak", "1"], /1\/h/],
  [["--port", "tcp://"], /tcp:\/\/host:port/],
])("%j is wrong usage", async (args, text) => {
  const { code, stderr } = await runTool("field", field(...args));
  expect(code).toBe(2);
  expect(stderr).toMatch(text);
});
