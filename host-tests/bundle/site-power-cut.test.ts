/** The compiled bundle after a site's power cut: the boards are up long before the access point is. */
import { Bench } from "../fixtures/recovery-bench";
import { backWithin, MINUTE, next, onEachRelease, SECOND } from "../fixtures/site";
import { device } from "../fixtures/virtual-board";

/** Until the access point is back. */
const ROUTER = 5 * MINUTE;
/** The longest wait between two joins, the tries of one that is just under way, and what a join and a connect take. */
const BOUND = 5 * MINUTE + 10 * SECOND;

onEachRelease((options) => {
  /** A board of that site: online, then without power, then with power and without its access point. */
  async function afterPowerCut(serial: string): Promise<Bench> {
    const board = { ...options, serial };
    const bench = await Bench.booted(2 * MINUTE, () => undefined, device(), board);
    expect(bench.all("online")).toHaveLength(1);
    await bench.board.powerOff();
    bench.board.setWifiPresent(false);
    await bench.board.powerOn();
    bench.clock.advance(ROUTER);
    return bench;
  }

  test("the access point is back five minutes after the boards: each is online within the longest wait", async () => {
    for (let i = 1; i <= 10; i++) {
      const bench = await afterPowerCut(`240ac400-${1000 + i}`);
      expect(bench.all("error").at(-1)).toMatchObject({ code: "wifi-not-found" });
      bench.board.setWifiPresent(true);
      backWithin(bench, BOUND);
      expect(bench.all("boot")).toHaveLength(2);
      expect(bench.printed).toEqual([]);
    }
  });

  test("ten boards of one firmware do not come in step", async () => {
    const times: number[] = [];
    for (let i = 1; i <= 10; i++) {
      const bench = await afterPowerCut(`240ac400-${1000 + i}`);
      bench.board.setWifiPresent(true);
      times.push(backWithin(bench, BOUND));
    }
    const sorted = times.sort((a, b) => a - b);
    expect(new Set(sorted.map(Math.round)).size).toBe(10);
    // Three servers would not feel it: no second in which more than three of them come.
    for (let i = 3; i < sorted.length; i++) expect(sorted[i] - sorted[i - 3]).toBeGreaterThan(SECOND);
    expect(sorted.at(-1)! - sorted[0]).toBeGreaterThan(20 * SECOND);
  });

  test("the access point is there before the board: it is online within seconds", async () => {
    const bench = await Bench.booted(2 * MINUTE, () => undefined, device(), options);
    await bench.board.powerOff();
    await bench.board.powerOn();
    expect(next(bench, "online", 5 * SECOND)).toBeDefined();
  });
});
