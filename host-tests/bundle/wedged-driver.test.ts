/** The compiled bundle on a Wi-Fi driver that is wedged until a reboot: the last rung of the ladder, planned, and no bad boot. */
import { Bench } from "../fixtures/recovery-bench";
import { arrived, backWithin, HOUR, MINUTE, next, onEachRelease, SECOND, unplannedBoots } from "../fixtures/site";
import { device } from "../fixtures/virtual-board";

/** Minutes of the ladder may be longer, each by one connect that blocks. */
const BLOCKED = 99 / 60;

onEachRelease((options) => {
  const booted = (ms: number) => Bench.booted(ms, () => undefined, device(), options);

  /** Minutes from `since` until the board restarts on purpose, after which it is online at once. */
  function minutesUntilReboot(bench: Bench, since: number): number {
    const reboot = next(bench, "reboot", 2 * HOUR);
    expect(reboot).toMatchObject({ code: "offline", reason: expect.stringMatching(/minutes/) });
    backWithin(bench, 10 * SECOND, reboot);
    return (reboot.at - since) / MINUTE;
  }

  test("wedged soon after the boot: a reboot when the boot is an hour old, and the board is online again", async () => {
    const bench = await booted(5 * MINUTE);
    bench.board.wedgeWifi();
    const minutes = minutesUntilReboot(bench, 0);
    expect(minutes).toBeGreaterThanOrEqual(60);
    expect(minutes).toBeLessThanOrEqual(60 * BLOCKED);
    expect(bench.all("boot")).toHaveLength(2);
  });

  test("wedged later: a reboot after half an hour in which nobody was reached", async () => {
    const bench = await booted(3 * HOUR);
    bench.board.wedgeWifi();
    const minutes = minutesUntilReboot(bench, 3 * HOUR);
    expect(minutes).toBeGreaterThanOrEqual(30);
    expect(minutes).toBeLessThanOrEqual(31 * BLOCKED);
  });

  test("a server that is silent: the network is left and joined at 10 and 20 minutes, and not in the look that restarts", async () => {
    const bench = await booted(3 * HOUR);
    bench.network.answer = "silent";
    bench.network.cut();
    const reboot = next(bench, "reboot", 2 * HOUR);
    const left = bench.all("error").filter(({ code }) => code === "wifi-lost");
    expect(left).toHaveLength(2);
    expect(reboot.at - left[1].at).toBeGreaterThanOrEqual(9 * MINUTE);
  });

  test("wedged in the middle of a join: the same", async () => {
    const bench = await Bench.booted(100, () => undefined, device(), options);
    bench.board.wedgeWifi();
    const minutes = minutesUntilReboot(bench, 0);
    expect(minutes).toBeGreaterThanOrEqual(60);
    expect(minutes).toBeLessThanOrEqual(60 * BLOCKED);
  });

  test("wedged ten times in a row: each reboot is planned, none counts as a bad boot, no safe mode", async () => {
    const bench = await booted(5 * MINUTE);
    for (let i = 1; i <= 10; i++) {
      bench.board.wedgeWifi();
      const reboot = next(bench, "reboot", 2 * HOUR);
      next(bench, "boot", 5 * SECOND, { after: reboot });
      expect(await bench.board.readFile("boot.count")).toBe("1");
      bench.clock.advance(10 * SECOND);
    }
    bench.clock.advance(2 * MINUTE);
    expect(bench.all("boot")).toHaveLength(11);
    expect(unplannedBoots(bench)).toEqual([]);
    expect(bench.all("safe-mode")).toEqual([]);
    expect(bench.all("fault")).toEqual([]);
    expect(await bench.board.readFile("boot.count")).toBeUndefined();
  });

  test("what was published over all of the outage arrives after the reboot, in its order, also what was young", async () => {
    const bench = await booted(5 * MINUTE);
    bench.board.wedgeWifi();
    const published: string[] = [];
    const publish = () => {
      const topic = `reading/${published.length + 1}`;
      published.push(topic);
      bench.publish(topic);
    };
    for (let i = 0; i < 8; i++) {
      publish();
      bench.clock.advance(6 * MINUTE);
    }
    // One each half minute from here on: the last ones are younger than a minute when the board restarts.
    while (bench.all("reboot").length === 0 && published.length < 50) {
      publish();
      bench.clock.advance(30 * SECOND);
    }
    expect(published.length).toBeLessThan(50);
    backWithin(bench, 10 * SECOND, bench.all("reboot")[0]);
    bench.clock.advance(2 * MINUTE);
    expect(arrived(bench)).toEqual(published);
  });
});
