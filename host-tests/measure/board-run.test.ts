/** Programs that are measured, on the real interpreter. */
import { findEspruino } from "../../tools/board/espruino";
import { identify, runOnBoard } from "../../tools/measure/board-run";

jest.setTimeout(60_000);

const onInterpreter = findEspruino() ? describe : describe.skip;

onInterpreter("on the real interpreter", () => {
  const binary = findEspruino()!;

  test("lines are found whether they were told before or come later, from a given one on", async () => {
    const code = `print("~n 1");setTimeout(function(){print("~n 2")},50);`;
    await runOnBoard({ code, binary }, async (board) => {
      expect(await board.told("~n")).toBe("1");
      expect(await board.told("~n", 10_000, board.lines.indexOf("~n 1") + 1)).toBe("2");
      expect(await board.told("~n")).toBe("1");
    });
  });

  test.each([
    ["out of Storage", false],
    ["out of RAM", true],
  ])("a program %s that throws rejects with what the board said", async (_, inMemory) => {
    const code = `print("so far");setTimeout(function(){throw new Error("nonsense")},20);`;
    const run = runOnBoard({ code, binary, inMemory }, (board) => board.told("~never"));
    await expect(run).rejects.toThrow(/so far\n[^]*Uncaught Error: nonsense/);
  });

  test("a program that throws while it is read rejects too", async () => {
    const run = runOnBoard({ code: `print("read");nonsense();`, binary, inMemory: true }, (board) =>
      board.told("~never"),
    );
    await expect(run).rejects.toThrow(/"nonsense"/);
  });

  test("work beside the board ends when the program fails", async () => {
    const code = `setTimeout(function(){print("~failed queue-full")},20);setInterval(function(){},1000);`;
    const run = runOnBoard({ code, binary }, (board) => board.during(new Promise(() => undefined), "messages"));
    await expect(run).rejects.toThrow(/no messages: the program failed/);
  });

  test("a board that is held says nothing until it is resumed", async () => {
    const code = `var n=0;setInterval(function(){print("~tick "+ ++n)},5);`;
    await runOnBoard({ code, binary }, async (board) => {
      await board.told("~tick 3");
      board.hold();
      // What was on its way when it stopped.
      await new Promise((resolve) => setImmediate(resolve));
      const from = board.lines.length;
      board.resume();
      await board.line((line) => line.startsWith("~tick"), "tick", 10_000, from + 2);
      expect(board.lines.length).toBeGreaterThan(from + 2);
    });
  });

  test("it says what kind it is", async () => {
    const build = await identify(binary);
    expect(build.version).toMatch(/^2v\d+/);
    expect(build.blocksize).toBeGreaterThanOrEqual(12);
    expect(build.blocksize).toBeLessThanOrEqual(32);
    expect([build.unicode, build.crypto, build.tls].every((known) => typeof known === "boolean")).toBe(true);
  });
});
