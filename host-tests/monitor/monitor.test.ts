/** `npm run monitor`: what a board tells, through a port that comes and goes. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConsoleBoard, onEachConsole } from "../fixtures/console-boards";
import { isBesides, parseBoardLine } from "../../tools/web-console/board/lines";
import { runTool, Tool } from "../fixtures/tool";

jest.setTimeout(60_000);

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "monitor-"))));
afterEach(() => rmSync(directory, { recursive: true }));

const say = (board: ConsoleBoard, code: string) => board.write(Buffer.from(`\x10${code}\n`));

onEachConsole(["tcp", "pty"], (make) => {
  test("shows status lines and whatever else is printed", async () => {
    const board = await make();
    const tool = new Tool("monitor", ["--port", board.port]);
    await tool.shows(/is open/);
    say(board, `print('#{"event":"ping","rtt":23,"free":2311}');print("by hand")`);
    await tool.shows(/^\d\d:\d\d:\d\d {2}ping +rtt 23, free 2311$/m);
    await tool.shows(/^\d\d:\d\d:\d\d {2}> by hand$/m);
    tool.interrupt();
    expect(await tool.result).toMatchObject({ code: 0, stderr: "" });
  });

  test("--send runs a command and shows what it prints and gives", async () => {
    const board = await make();
    const { code, stdout } = await runTool("monitor", ["--port", board.port, "--send", 'print("on the way");6*7']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/> on the way\n= 42\n$/);
  });

  test("--send of something that throws is exit code 1, with what the board says", async () => {
    const board = await make();
    const { code, stderr } = await runTool("monitor", [
      "--port",
      board.port,
      "--send",
      'throw new Error("no such lamp")',
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^failed: the board says: Error: no such lamp$/m);
  });
});

describe("on the simulated board", () => {
  test("a board that is offline is shown with how it stands, once for each opening of its port", async () => {
    await board.powerOff();
    await board.writeFile(
      ".bootcde",
      "var asked=0;var device={status:function(){return {configured:true,online:false,queued:++asked}}}",
    );
    await board.powerOn();
    const log = join(directory, "board.jsonl");
    const tool = new Tool("monitor", ["--port", board.port, "--log", log]);
    await tool.shows(/^\d\d:\d\d:\d\d {2}status +configured true, online false, queued 1$/m);
    tool.interrupt();
    await tool.result;
    const kept = readFileSync(log, "utf8").trim().split("\n");
    const entry = kept.find((line) => line.includes('"device":{"configured":true,"online":false,"queued":1}'));
    expect(entry).toBeDefined();
    // It is no word of the board, and no damaged line, where the page opens the log.
    expect([parseBoardLine(entry!), isBesides(entry!)]).toEqual([undefined, true]);
  });

  let board: ConsoleBoard;
  beforeEach(async () => {
    board = await new ConsoleBoard("simulated", "tcp").start();
  });
  afterEach(() => board.remove());

  test("the port goes and comes back, and the log has every line with its time", async () => {
    const log = join(directory, "board.jsonl");
    const tool = new Tool("monitor", ["--port", board.port, "--log", log, "--json"]);
    await tool.shows(/"state":"open"/);
    say(board, `print('#{"event":"online","session":false,"ms":4}')`);
    await tool.shows(/"event":"online"/);
    await board.stop();
    await tool.shows(/"state":"gone"/);
    await board.start();
    await tool.shows(/"state":"gone"[^]*"state":"open"/);
    say(board, "print('back')");
    await tool.shows(/"console":"back"/);
    tool.interrupt();
    expect((await tool.result).code).toBe(0);
    const entries = readFileSync(log, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(entries.every(({ at }) => new Date(String(at)).toISOString() === at)).toBe(true);
    const told = entries
      .map((entry) => entry.state ?? entry.event ?? entry.console)
      .filter((what) => !/espruino/.test(String(what)));
    expect(told).toEqual(["open", "online", "gone", "open", "back"]);
    expect(entries.find(({ event }) => event)).toMatchObject({ session: false, ms: 4 });
  });

  test("text beyond ASCII is shown as it is, though this board has no Unicode", async () => {
    const { stdout } = await runTool("monitor", ["--port", board.port, "--send", '"grün 你"']);
    expect(stdout).toBe('= "grün 你"\n');
  });

  test("--for ends by itself", async () => {
    expect(await runTool("monitor", ["--port", board.port, "--for", "100ms"])).toMatchObject({ code: 0 });
  });

  test("a command that the board does not answer is exit code 1, and is sent once", async () => {
    let asked = 0;
    board.fault = (bytes) => {
      if (bytes.includes("\n")) asked++;
      return Buffer.alloc(0);
    };
    const { code, stderr } = await runTool("monitor", ["--port", board.port, "--timeout", "300ms", "--send", "1"]);
    expect(code).toBe(1);
    expect(stderr).toContain("does not answer");
    expect(asked).toBe(1);
  });
});

test.each([
  [["--port", "tcp://127.0.0.1:1"], 1, /cannot connect/],
  [["--port", "tcp://127.0.0.1:1", "--log", "/none/such/file"], 2, /cannot write/],
  [["--for", "long"], 2, /10m/],
])("%j is exit code %i", async (args, code, text) => {
  const result = await runTool("monitor", args);
  expect(result.code).toBe(code);
  expect(result.stderr).toMatch(text);
});
