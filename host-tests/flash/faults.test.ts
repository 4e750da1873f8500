/** What goes wrong on the way to a board, and what `npm run flash` says about it: never exit code 0. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEspruino } from "../../tools/board/espruino";
import { ConsoleBoard, onEachConsole } from "../fixtures/console-boards";
import { cutAfter, lineByLine, losing, writtenAt, WRITTEN } from "../fixtures/line-faults";
import { Seeded, seed } from "../fixtures/seeded";
import { runTool } from "../fixtures/tool";

// A piece whose letters are lost is sent again after seconds of silence.
jest.setTimeout(300_000);

/** Something to flash that says the two words that are waited for, in a handful of pieces. */
const FIRMWARE = `print('#{"event":"boot","version":"0"}');print('#{"event":"online"}');\n//${"-".repeat(3000)}!`;

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "flash-"));
  file = join(directory, "firmware.js");
  writeFileSync(file, FIRMWARE);
});
afterEach(() => rmSync(directory, { recursive: true }));

const flash = (board: { port: string }, ...more: string[]) =>
  runTool("flash", ["--port", board.port, "--firmware", file, ...more]);

onEachConsole(["tcp"], (make) => {
  test("a lost tail that the uploader takes for written is found by reading back", async () => {
    const board = await make();
    board.fault = lineByLine((line) => ((writtenAt(line) ?? 0) >= 2304 ? WRITTEN : undefined));
    const { code, stdout, stderr } = await flash(board);
    expect(code).toBe(1);
    expect(stdout).not.toMatch(/^(written|verified|status)/m);
    expect(stdout.match(/^differs .*writing it again$/gm)).toHaveLength(2);
    expect(stderr).toMatch(
      /^failed: what the board has is not what was sent: 3074 bytes, .* instead of 3074 bytes, .*flash again$/m,
    );
  });

  test("an upload that ends early leaves a file that differs, and the next flash mends it", async () => {
    const board = await make();
    let truncated = true;
    board.fault = lineByLine((line) => (truncated && (writtenAt(line) ?? 0) > 0 ? WRITTEN : undefined));
    expect((await flash(board)).code).toBe(1);
    truncated = false;
    expect(await flash(board)).toMatchObject({ code: 0 });
    await board.powerOff();
    expect(await board.readFile(".bootcde")).toBe(FIRMWARE);
  });

  test(`a line that loses letters (SEED=${seed}) costs time, no letters`, async () => {
    const board = await make();
    board.fault = losing(new Seeded(7100), 2500);
    const { code, stdout, stderr } = await flash(board);
    expect({ code, last: stderr.split("\n").filter((line) => line.startsWith("failed")) }).toEqual({
      code: 0,
      last: [],
    });
    expect(stdout).toMatch(/^verified/m);
    board.fault = (bytes) => bytes;
    await board.powerOff();
    expect(await board.readFile(".bootcde")).toBe(FIRMWARE);
  });

  test("a board that falls silent in the middle", async () => {
    const board = await make();
    board.fault = cutAfter(4000);
    const { code, stdout, stderr } = await flash(board);
    expect(code).toBe(1);
    expect(stdout).not.toMatch(/^(written|verified)/m);
    expect(stderr).toMatch(/^failed: .*(gave no answer|does not answer)/m);
  });

  test("a board that never answers", async () => {
    const board = await make();
    board.fault = () => Buffer.alloc(0);
    const { code, stderr } = await flash(board, "--timeout", "1s");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^failed: the board on tcp:\S+ does not answer within 1 s\. Is it running Espruino/m);
    await board.powerOff();
    expect(await board.readFile(".bootcde")).toBeUndefined();
  });

  test("firmware that throws at its start", async () => {
    writeFileSync(file, `print('#{"event":"boot"}');throw new Error("broken");`);
    const { code, stderr } = await flash(await make());
    expect(code).toBe(1);
    expect(stderr).toMatch(/^failed: the firmware fails: .*broken/m);
  });

  test("a console in any state: echo off, a line half typed, a program that prints all the time", async () => {
    const board = await make();
    board.write(Buffer.from("setInterval(function(){print('busy')},20);echo(0)\n"));
    await board.prints(/busy/);
    board.write(Buffer.from("function f(a,\nb){ if ("));
    expect(await flash(board)).toMatchObject({ code: 0 });
  });

  test("what tells of the last firmware's failures is gone with it", async () => {
    const board = await make();
    await board.powerOff();
    await board.writeFile("boot.count", "\x03");
    await board.writeFile("kept", "yes");
    await board.powerOn();
    expect(await flash(board)).toMatchObject({ code: 0 });
    await board.powerOff();
    expect(await board.readFile("boot.count")).toBeUndefined();
    expect(await board.readFile("kept")).toBe("yes");
  });
});

(findEspruino() ? test : test.skip)(
  "firmware that never comes to rest is interrupted, on the real interpreter",
  async () => {
    const board = new ConsoleBoard("espruino", "tcp");
    try {
      await board.writeFile(".bootcde", 'print("busy");while(true);');
      await board.start();
      expect(await flash(board)).toMatchObject({ code: 0 });
    } finally {
      await board.remove();
    }
  },
);

describe("on the simulated board", () => {
  let board: ConsoleBoard;
  const make = async (options: ConstructorParameters<typeof ConsoleBoard>[2] = {}) => {
    board = new ConsoleBoard("simulated", "tcp", options);
    return board.start();
  };
  afterEach(() => board.remove());

  test("a port that goes away in the middle", async () => {
    await make();
    board.fault = lineByLine((line) => {
      if ((writtenAt(line) ?? 0) > 700) void board.stop();
      return undefined;
    });
    const { code, stderr } = await flash(board);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^failed: tcp:\S+ is gone/m);
  });

  test("no room in Storage is said before anything is written", async () => {
    await make({ storageBytes: 2048 });
    const { code, stderr } = await flash(board);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^failed: Storage has room for 2048 bytes, the firmware takes 3106/m);
    expect(await board.readFile(".bootcde")).toBeUndefined();
  });

  test("a board without native hashes is checked by its CRC-32", async () => {
    await make({ crypto: false });
    const { code, stdout } = await flash(board);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^verified +3074 bytes, CRC-32 [0-9a-f]{8}$/m);
    expect((await flash(board)).stdout).toMatch(/^same +already there, not written: 3074 bytes, CRC-32/m);
  });

  test("a file of the same length that differs in one letter is written", async () => {
    await make();
    await board.powerOff();
    await board.writeFile(".bootcde", FIRMWARE.replace("!", "?"));
    await board.powerOn();
    expect((await flash(board)).stdout).toMatch(/^written/m);
    expect(await board.readFile(".bootcde")).toBe(FIRMWARE);
  });

  test("a board without device.json boots and says what is missing; --no-online is content with that", async () => {
    await make();
    const first = await runTool("flash", ["--port", board.port, "--no-build"]);
    expect(first.code).toBe(1);
    expect(first.stderr).toMatch(/^failed: .*no sound device\.json on it: npm run provision -- --port tcp:/m);
    expect(await runTool("flash", ["--port", board.port, "--no-build", "--no-online"])).toMatchObject({
      code: 0,
      stderr: "",
    });
  });

  test("nothing reaches outside this computer", async () => {
    await make();
    const reached = join(directory, "reached");
    const preload = `--require ${join(__dirname, "../fixtures/loopback-only.js")}`;
    const { code } = await runTool("flash", ["--port", board.port, "--firmware", file], {
      env: { NODE_OPTIONS: preload, REACHED: reached },
    });
    expect(code).toBe(0);
    // tsx talks to itself by a Unix socket.
    const places = readFileSync(reached, "utf8").trim().split("\n");
    expect(places.filter((place) => !/^connect \//.test(place))).toEqual(["connect 127.0.0.1"]);
  });
});

describe("before there is a board", () => {
  test.each([
    [["--port", "tcp://127.0.0.1:1"], 1, /^failed: cannot connect to tcp:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/m],
    [["--port", "/dev/ttyNONE9"], 1, /^failed: cannot open \/dev\/ttyNONE9: .*is the board plugged in/m],
    [["--port", "tcp://host:port"], 2, /not of the form tcp:\/\/host:port/],
    [["--port"], 2, /argument missing/],
    [["--timeout", "soon"], 2, /10m/],
    [["--nonsense"], 2, /unknown option/],
  ])("%j is exit code %i and says what to do", async (args, code, text) => {
    const result = await runTool("flash", ["--firmware", file, ...args]);
    expect(result.code).toBe(code);
    expect(result.stderr).toMatch(text);
  });

  test.each([
    ["a missing file", undefined, 2, /cannot read/],
    ["an empty file", "", 1, /is empty/],
    ["letters beyond ASCII", 'print("ä")', 1, /is not ASCII/],
  ])("%s for firmware is refused", async (_what, content, code, text) => {
    const other = join(directory, "other.js");
    if (content !== undefined) writeFileSync(other, content);
    const result = await runTool("flash", ["--firmware", other, "--port", "tcp://127.0.0.1:1"]);
    expect(result.code).toBe(code);
    expect(result.stderr).toMatch(text);
  });

  test("--help names every option and is exit code 0", async () => {
    const { code, stdout } = await runTool("flash", ["--help"]);
    expect(code).toBe(0);
    for (const option of ["--port", "--list", "--timeout", "--firmware", "--no-build", "--no-online", "--wait"]) {
      expect(stdout).toContain(option);
    }
  });
});
