import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EspruinoBoard, findEspruino } from "../../tools/board/espruino";

// The interpreter is a process of its own, and the computer may be busy.
jest.setTimeout(30_000);

const binary = findEspruino();
const withInterpreter = binary ? describe : describe.skip;

withInterpreter("the real interpreter as a board", () => {
  let directory: string;
  let board: EspruinoBoard;
  let lines: string[];
  let heard: (line: string) => void;

  const make = (options: { speed?: number; onExit?: (reason: string) => void } = {}) =>
    new EspruinoBoard({
      directory,
      onLine(line) {
        lines.push(line);
        heard(line);
      },
      ...options,
    });

  /** Resolves when the board prints this line. */
  const printed = (wanted: string) =>
    new Promise<void>((resolve) => {
      heard = (line) => {
        if (line === wanted) resolve();
      };
      if (lines.includes(wanted)) resolve();
    });

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "espruino-"));
    lines = [];
    heard = () => undefined;
    board = make();
  });

  afterEach(async () => {
    await board.powerOff();
    rmSync(directory, { recursive: true });
  });

  test("Storage holds any bytes, 60 kB of them, and forgets what is erased", async () => {
    const content = Array.from({ length: 60_000 }, (_, at) => String.fromCharCode((at * 7 + (at >> 8)) & 255)).join("");
    await board.writeFile("bytes", content);
    expect((await board.readFile("bytes")) === content).toBe(true);
    await board.writeFile("bytes", "");
    expect(await board.readFile("bytes")).toBeUndefined();
  });

  test("a file that does not fit is an error", async () => {
    await expect(board.writeFile("big", "x".repeat(300_000))).rejects.toThrow(/^the interpreter failed|did not store/);
  });

  test("the saved program has run when powerOn resolves, and its console is clean", async () => {
    await board.writeFile(
      ".bootcde",
      'print("你好"); print("> not a prompt")'.replace("你好", "\xe4\xbd\xa0\xe5\xa5\xbd"),
    );
    await board.powerOn();
    expect(lines).toEqual(["你好", "> not a prompt"]);
  });

  test("typed lines are evaluated in the global scope, without echo", async () => {
    await board.powerOn();
    board.type("var kept = 1");
    board.type(`var long = "${"x".repeat(100)}"; 5 + 5`);
    board.type('print(kept + long.length, "你")');
    await printed("101 你");
    expect(lines).toEqual(["101 你"]);
  });

  test("a power cut keeps Storage and nothing else", async () => {
    await board.writeFile(
      ".bootcde",
      'print(typeof ram, require("Storage").read("n")); ram = 1; require("Storage").write("n", "kept");',
    );
    await board.powerOn();
    await board.powerOff();
    expect(await board.readFile("n")).toBe("kept");
    await board.powerOn();
    expect(lines).toEqual(["undefined undefined", "undefined kept"]);
  });

  test("speed divides every delay", async () => {
    board = make({ speed: 1000 });
    const program =
      'setTimeout(function (a) { print(a); }, 60000, "minute"); var i = setInterval(function () { clearInterval(i); print("interval"); }, 30000);';
    await board.writeFile(".bootcde", program);
    await board.powerOn();
    await printed("minute");
    expect(lines).toEqual(["interval", "minute"]);
  });

  test("an end of its own is told", async () => {
    const reason = new Promise<string>((resolve) => (board = make({ onExit: resolve })));
    await board.powerOn();
    board.type("quit()");
    expect(await reason).toMatch(/^the interpreter ended/);
  });

  test("its Storage cannot be reached while it runs", async () => {
    await board.powerOn();
    await expect(board.readFile("x")).rejects.toThrow("the board is on");
  });
});

test("a missing interpreter is named in the error", async () => {
  const directory = mkdtempSync(join(tmpdir(), "espruino-"));
  const board = new EspruinoBoard({ directory, binary: join(directory, "none"), onLine: () => undefined });
  await expect(board.powerOn()).rejects.toThrow(/ENOENT/);
  rmSync(directory, { recursive: true });
});
