/** `npm run bench` as a person meets it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEspruino } from "../../tools/board/espruino";
import type { Speed } from "../../tools/bench/tables";
import { NO_INTERPRETER, runTool } from "../measure/command";

jest.setTimeout(120_000);

const onInterpreter = findEspruino() ? test : test.skip;

onInterpreter("--json gives figures, and progress goes to stderr", async () => {
  const { code, stdout, stderr } = await runTool("bench", ["--no-build", "--only", "connect", "--runs", "1", "--json"]);
  const { runs, results, endurance } = JSON.parse(stdout) as Speed;
  expect(code).toBe(0);
  expect(runs).toBe(1);
  expect(results.map(({ what }) => what)).toEqual(["connect", "connect and sign, firmware"]);
  expect(endurance).toBeUndefined();
  expect(stderr).toContain("run 1 of 1: connect");
});

onInterpreter("--write puts the tables into the README", async () => {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const readme = join(folder, "README.md");
  writeFileSync(readme, "# A board\n\n<!-- written by npm run bench -- --write -->\n\n<!-- end of npm run bench -->\n");
  const quick = ["--runs", "1", "--messages", "10", "--endurance", "10"];
  const { code } = await runTool("bench", ["--no-build", "--write", "--readme", readme, ...quick]);
  expect(code).toBe(0);
  const text = readFileSync(readme, "utf8");
  rmSync(folder, { recursive: true });
  expect(text).toMatch(/^\| SHA-1, a block of 64 bytes +\| [\d.]+ ms +\|/m);
  expect(text).toMatch(/^\| publish 64 bytes, QoS 0 +\| [\d,]+ messages\/s +\|.*≥ 2,000/m);
});

test.each([
  ["an unknown option", ["--fast"]],
  ["no whole number", ["--runs", "1.5"]],
  ["too few", ["--messages", "1"]],
  ["an unknown part", ["--only", "everything"]],
  ["--write of a part", ["--write", "--only", "memory"]],
  ["no interpreter", []],
])("wrong usage, %s: exit code 2, and nothing on stdout", async (_, args) => {
  const { code, stdout, stderr } = await runTool("bench", args, NO_INTERPRETER);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/^error: /m);
});

test("--help tells parts and exit codes", async () => {
  const { code, stdout } = await runTool("bench", ["--help"]);
  expect(code).toBe(0);
  expect(stdout).toContain("computing");
  expect(stdout).toMatch(/exit\s+code 0/i);
});
