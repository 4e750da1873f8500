/** `npm start` as a person meets it: what it prints, and its exit codes. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { EXAMPLES } from "../../tools/run/device-file";

jest.setTimeout(60_000);

const ROOT = join(__dirname, "../..");

interface Result {
  code: number | null;
  stdout: string;
  stderr: string;
}

function run(...args: string[]): Promise<Result> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--import", "tsx", join(ROOT, "tools/run.ts"), "--no-build", ...args], {
      cwd: ROOT,
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data) => (stdout += data));
    child.stderr.on("data", (data) => (stderr += data));
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

const events = (stdout: string) =>
  stdout
    .trim()
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as { source?: string; event: string; [name: string]: unknown });

let directory: string;

beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "run-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function file(content: unknown): string {
  const path = join(directory, "device.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

test("shows every step in order and ends with a summary and exit code 0", async () => {
  const { code, stdout, stderr } = await run("--json", "--for", "1s");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const all = events(stdout);
  const steps = all.map(({ source, event }) => `${source} ${event}`);
  let at = -1;
  for (const step of [
    "board boot",
    "board network",
    "platform websocket",
    "platform connect",
    "board online",
    "board message",
    "platform ping",
    "board ping",
    "platform cut",
    "board offline",
    "board online",
    "board ping",
  ]) {
    at = steps.indexOf(step, at + 1);
    expect([step, at]).toEqual([step, expect.any(Number)]);
    expect(at).toBeGreaterThanOrEqual(0);
  }
  expect(steps).toEqual(expect.arrayContaining(["board subscribed", "board published", "platform delivered"]));
  expect(all.find(({ event }) => event === "connect")).toMatchObject({
    password: "fafd82a3d602b37fb0fa8b7892f24a477f851a14",
  });
  expect(all[all.length - 1]).toMatchObject({
    event: "summary",
    reconnects: 1,
    pings: expect.any(Number),
    roundTrips: { minimum: expect.any(Number) },
    messages: { in: 1 },
    free: { last: expect.any(Number) },
  });
});

test("runs against a broker of one's own", async () => {
  const platform = await startPlatform({ platform: "broker", speed: 30 });
  try {
    const { code, stdout } = await run("--url", platform.url, "--for", "1s", "--speed", "30");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^connected {4}\d/m);
  } finally {
    await platform.close();
  }
});

test("the README's device.json runs, though its telemetry leaves nothing to ping for", async () => {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const { code, stderr } = await run("--config", file(/```json\n([^`]+)```/.exec(readme)![1]), "--for", "1s");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

test("a device.json with a fault is exit code 1 and says which field", async () => {
  const { code, stderr } = await run("--config", file({ ...EXAMPLES.aliyun, mqtt: { keepalive: 5 } }));
  expect(code).toBe(1);
  expect(stderr).toContain("mqtt.keepalive");
});

test("a server that is not there is exit code 1 and says so", async () => {
  const { code, stderr } = await run("--url", "ws://127.0.0.1:1/mqtt");
  expect(code).toBe(1);
  expect(stderr).toMatch(/^failed: /);
});

test.each([
  [["--platform", "azure"], "Allowed choices"],
  [["--for", "soon"], "10m"],
  [["--for", "5"], "10m"],
  [["--speed", "0"], "0.1 to 1000"],
  [["--config", "no-such-file.json"], "cannot read no-such-file.json"],
  [["--nonsense"], "unknown option"],
])("wrong usage %j is exit code 2 and says what would be right", async (args, text) => {
  const { code, stderr } = await run(...args);
  expect(code).toBe(2);
  expect(stderr).toContain(text);
});

test("--help names every option and is exit code 0", async () => {
  const { code, stdout } = await run("--help");
  expect(code).toBe(0);
  for (const option of ["--platform", "--url", "--board", "--config", "--for", "--speed", "--json"]) {
    expect(stdout).toContain(option);
  }
});
