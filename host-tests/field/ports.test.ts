/** Field runs at real ports: what is kept of a console, ports that go, lines that come in pieces, and the live feed. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogEntry } from "../../tools/field/log";
import { BoardLog, boardName } from "../../tools/field/log";
import { ConsoleBoard, onEachConsole } from "../fixtures/console-boards";
import { runTool, Tool } from "../fixtures/tool";

jest.setTimeout(60_000);

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "field-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const say = (board: ConsoleBoard, code: string) => board.write(Buffer.from(`\x10${code}\n`));
const status = (json: string) => `print('#${json}')`;
const logOf = (board: ConsoleBoard) => join(folder, `${boardName(board.port)}.jsonl`);
const entries = (board: ConsoleBoard) =>
  readFileSync(logOf(board), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as LogEntry & Record<string, unknown>);

onEachConsole(["tcp", "pty"], (make) => {
  test("status lines are kept with their time, other lines never, pieces are counted", async () => {
    const board = await make();
    const tool = new Tool("field", ["--port", board.port, "--out", folder, "--no-page"]);
    await tool.shows(/unknown/);
    say(
      board,
      `print("deviceSecret is hunter2");${status('{"event":"ping","rtt":23')};${status('{"event":"online","session":false,"ms":4,"at":"x"}')}`,
    );
    await tool.shows(/ {2}online/);
    tool.interrupt();
    expect(await tool.result).toMatchObject({ code: 0, stderr: "" });
    const kept = entries(board);
    expect(kept.map(({ at, ...rest }) => ({ ...rest, valid: new Date(at).toISOString() === at }))).toEqual([
      { run: "start", name: board.port, alive: 60, valid: true },
      { port: board.port, state: "open", valid: true },
      { damaged: 1, valid: true },
      { event: "online", session: false, ms: 4, valid: true },
      { run: "stop", valid: true },
    ]);
    expect(readFileSync(logOf(board), "utf8")).not.toContain("hunter2");
  });
});

describe("on the simulated board", () => {
  let board: ConsoleBoard;
  beforeEach(async () => {
    board = await new ConsoleBoard("simulated", "tcp").start();
  });
  afterEach(() => board.remove());

  test("a port that goes is waited for, and the time without it is unknown", async () => {
    const tool = new Tool("field", ["--port", board.port, "--out", folder, "--no-page"]);
    await tool.shows(/not told yet/);
    say(board, status('{"event":"online","session":false,"ms":4}'));
    await tool.shows(/ {2}online/);
    await board.stop();
    await tool.shows(/unknown .*port was gone/);
    await board.start();
    await tool.shows(/unknown .*not told yet[^]*unknown .*not told yet/);
    say(board, status('{"event":"ping","rtt":5,"free":2000}'));
    await tool.shows(/rtt 5 ms/);
    tool.interrupt();
    await tool.result;
    expect(entries(board).flatMap(({ state, event }) => state ?? event ?? [])).toEqual([
      "open",
      "online",
      "gone",
      "open",
      "ping",
    ]);
  });

  test("the live feed tells boards and entries; only this computer's pages may read it", async () => {
    const tool = new Tool("field", ["--port", board.port, "--out", folder]);
    const url = (await tool.shows(/live page: (http:\/\/127\.0\.0\.1:\d+\/)/))[1];
    await tool.shows(/not told yet/);
    const origin = "http://localhost:3000";
    const feed = await open(`${url}events`, { origin });
    expect(feed.headers).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "access-control-allow-origin": origin,
    });
    const heard = reading(feed);
    await heard(/event: boards\ndata: \[\{"board":"tcp-127.0.0.1-\d+",.*"state":"unknown"/);
    say(board, status('{"event":"online","session":false,"ms":4}'));
    await heard(
      /event: entry\ndata: \{"at":"[^"]+","event":"online","session":false,"ms":4,"board":"tcp-127.0.0.1-\d+"\}\n\n/,
    );
    feed.destroy();

    const page = await open(url);
    expect(page.statusCode).toBe(200);
    expect(page.headers["content-security-policy"]).toMatch(
      /default-src 'none'; connect-src 'self'; script-src 'sha256-/,
    );
    page.destroy();
    const report = await open(`${url}report.json`, { origin: "http://evil.example" });
    expect(report.headers["access-control-allow-origin"]).toBeUndefined();
    await reading(report)(/"boards":\[\{"board":"tcp-127.0.0.1-/);
    for (const [path, headers, code] of [
      ["nothing", {}, 404],
      ["boards.json", { host: "evil.example" }, 403],
    ] as const) {
      const answer = await open(url + path, headers);
      expect(answer.statusCode).toBe(code);
      answer.destroy();
    }
    tool.interrupt();
    expect((await tool.result).code).toBe(0);
  });
});

test("a port that is not there at first is exit code 1 and leaves no log", async () => {
  const { code, stderr } = await runTool("field", ["--port", "tcp://127.0.0.1:1", "--out", folder, "--no-page"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/cannot connect/);
  expect(existsSync(join(folder, "tcp-127.0.0.1-1.jsonl"))).toBe(false);
});

test("a log that cannot be written is complained about once, and tells how many lines that cost", () => {
  const complaints: string[] = [];
  const log = new BoardLog(join(folder, "board.jsonl"), (reason) => complaints.push(reason));
  const at = new Date(0).toISOString();
  const inside = log as unknown as { file: number };
  const { file } = inside;
  inside.file = -1;
  log.append({ at, event: "ping" });
  log.append({ at, event: "ping" });
  inside.file = file;
  log.append({ at, event: "online" });
  log.close();
  expect(complaints).toHaveLength(1);
  const lines = readFileSync(log.path, "utf8").trim().split("\n");
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { at, run: "unwritten", lines: 2 },
    { at, event: "online" },
  ]);
});

test.each([
  ["/dev/ttyUSB0", "ttyUSB0"],
  ["COM3", "COM3"],
  ["tcp://[::1]:23", "tcp-1-23"],
  ["../../etc/passwd", "etc-passwd"],
  ["///", "board"],
])("the log of %s is %s", (port, name) => {
  expect(boardName(port)).toBe(name);
});

function open(url: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => get(url, { headers, agent: false }, resolve).on("error", reject));
}

/** Resolves once what has come matches. */
function reading(message: IncomingMessage): (pattern: RegExp) => Promise<void> {
  let text = "";
  let look = () => undefined as void;
  message.on("data", (bytes: Buffer) => {
    text += bytes.toString();
    look();
  });
  return (pattern) =>
    new Promise((resolve, reject) => {
      look = () => {
        if (pattern.test(text)) resolve();
      };
      message.on("close", () => reject(new Error(`ended without ${pattern}: ${text}`)));
      look();
    });
}

test("what a missing port's message advises is there: --list", async () => {
  const missing = await runTool("field", ["--port", join(folder, "none"), "--out", folder, "--no-page"]);
  expect(missing.stderr).toMatch(
    /^failed: cannot open .*none: No such file or directory; is the board plugged in\? --list /,
  );
  expect(await runTool("field", ["--list"])).toMatchObject({ code: 0 });
});
