/** The compiled bundle without its access point for a week: a planned boot an hour at most, no safe mode, and nothing is lost. */
import { Bench } from "../fixtures/recovery-bench";
import { arrived, backWithin, DAY, HOUR, MINUTE, onEachRelease, SECOND, unplannedBoots } from "../fixtures/site";
import { device } from "../fixtures/virtual-board";

const WEEK = 7 * DAY;
const HOURS = WEEK / HOUR;
/** The longest wait between two joins, one join, one connect. */
const BOUND = 5 * MINUTE + 10 * SECOND;

onEachRelease((options) => {
  async function afterWeek(atStart: (bench: Bench) => void): Promise<Bench> {
    const bench = await Bench.booted(10 * MINUTE, () => undefined, device(), options);
    bench.board.setWifiPresent(false);
    bench.clock.advance(MINUTE);
    atStart(bench);
    bench.clock.advance(WEEK);
    return bench;
  }

  test("168 planned boots at most; online when it is back; what was queued at the start arrives", async () => {
    const bench = await afterWeek((board) => board.publish("from/before"));
    const reboots = bench.all("reboot");
    expect(reboots.length).toBeLessThanOrEqual(HOURS);
    expect(reboots.length).toBeGreaterThan(HOURS / 2);
    expect(new Set(reboots.map(({ code }) => code))).toEqual(new Set(["offline"]));
    const gaps = reboots.slice(1).map(({ at }, i) => at - reboots[i].at);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(HOUR);
    expect(unplannedBoots(bench)).toEqual([]);
    expect(bench.all("safe-mode")).toEqual([]);
    expect(bench.attempts).toHaveLength(1);

    bench.board.setWifiPresent(true);
    backWithin(bench, BOUND);
    bench.clock.advance(SECOND);
    expect(arrived(bench)).toEqual(["from/before"]);
    expect(bench.printed).toEqual([]);
  });

  test("where the session never was: a board that is brought to a site without its access point", async () => {
    const bench = await Bench.booted(0, ({ board }) => board.setWifiPresent(false), device(), options);
    bench.clock.advance(DAY);
    expect(bench.all("reboot").length).toBeLessThanOrEqual(24);
    expect(unplannedBoots(bench)).toEqual([]);
    expect(bench.all("safe-mode")).toEqual([]);
    bench.board.setWifiPresent(true);
    backWithin(bench, BOUND);
  });
});
