/** The compiled bundle on a board that each opening of its port resets: short boots count, and a tool that forgets them keeps it out of safe mode. */
import { Bench } from "../fixtures/recovery-bench";
import { backWithin, MINUTE, onEachRelease, SECOND } from "../fixtures/site";
import { device } from "../fixtures/virtual-board";

onEachRelease((options) => {
  /** What DTR and RTS do to the chip. */
  async function reset(bench: Bench): Promise<void> {
    await bench.board.powerOff();
    await bench.board.powerOn();
    bench.clock.advance(5 * SECOND);
  }

  test("three quick boots, then one that is left alone: online all the same, and the count is gone after a minute", async () => {
    const bench = await Bench.booted(5 * SECOND, () => undefined, device(), options);
    await reset(bench);
    await reset(bench);
    expect(await bench.board.readFile("boot.count")).toBe("3");
    expect(bench.online).toBe(true);
    bench.clock.advance(MINUTE);
    expect(await bench.board.readFile("boot.count")).toBeUndefined();
    expect(bench.all("safe-mode")).toEqual([]);
  });

  test("three quick boots and a fourth are safe mode: console and network, and the session an hour later", async () => {
    const bench = await Bench.booted(5 * SECOND, () => undefined, device(), options);
    for (let i = 0; i < 3; i++) await reset(bench);
    expect(bench.all("safe-mode")).toHaveLength(1);
    expect(bench.evaluate("device.status().configured")).toBe("false");
    backWithin(bench, 61 * MINUTE);
  });

  test("a tool that erases boot.count when it has opened the port: twenty openings, no safe mode", async () => {
    const bench = await Bench.booted(5 * SECOND, () => undefined, device(), options);
    for (let i = 0; i < 20; i++) {
      await reset(bench);
      bench.board.type('require("Storage").erase("boot.count")');
      bench.clock.advance(SECOND);
    }
    expect(bench.all("safe-mode")).toEqual([]);
    expect(bench.all("boot")).toHaveLength(21);
    expect(bench.online).toBe(true);
  });

  test("openings further apart than a minute never add up", async () => {
    const bench = await Bench.booted(2 * MINUTE, () => undefined, device(), options);
    for (let i = 0; i < 10; i++) {
      await reset(bench);
      bench.clock.advance(MINUTE);
    }
    expect(bench.all("safe-mode")).toEqual([]);
  });
});
