import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { lockFolder } from "../../tools/field/lock";
import { runTool, Tool } from "../fixtures/tool";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "lock-"))));
afterEach(() => rmSync(folder, { recursive: true }));

test("one at a time, and the next when it is given back", () => {
  const unlock = lockFolder(join(folder, "of", "its own"));
  expect(() => lockFolder(join(folder, "of", "its own"))).toThrow(/another run \(process \d+\) is writing to .*--out/);
  unlock();
  lockFolder(join(folder, "of", "its own"))();
});

test.each([
  ["a run that was killed", () => `${spawnSync(process.execPath, ["--version"]).pid}\n`],
  ["a torn record", () => ""],
])("%s is no hindrance", (_name, content) => {
  writeFileSync(join(folder, "run.pid"), content());
  lockFolder(folder)();
  expect(readdirSync(folder)).toEqual([]);
});

test("a second run into the same folder is refused and touches nothing; the first goes on", async () => {
  const run = (...more: string[]) => ["--simulated", "1", "--no-build", "--no-page", "--out", folder, ...more];
  const first = new Tool("field", run());
  await first.shows(/simulated-1 +online/);
  const second = await runTool("field", run("--for", "1m"));
  expect(second).toMatchObject({ code: 1, stderr: expect.stringMatching(/^failed: another run \(process \d+\)/) });
  first.interrupt();
  expect((await first.result).code).toBe(0);
  expect(existsSync(join(folder, "run.pid"))).toBe(false);
}, 120_000);

test("a folder that cannot be is told in a line, before anything is opened", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  const { code, stdout, stderr } = await runTool("field", ["--port", "tcp://127.0.0.1:1", "--out", join(file, "run")]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^failed: cannot write to .*: ENOTDIR[^\n]*\n$/);
});
