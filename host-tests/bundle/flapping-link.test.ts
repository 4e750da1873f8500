/** The compiled bundle at the edge of its access point's reach: joined and lost again and again, and each event leaks variables. */
import { Bench } from "../fixtures/recovery-bench";
import { arrived, backWithin, HOUR, MINUTE, onEachRelease, SECOND, unplannedBoots } from "../fixtures/site";
import { device } from "../fixtures/virtual-board";

onEachRelease((options) => {
  test.each([
    [5 * SECOND, 5 * SECOND],
    [20 * SECOND, 10 * SECOND],
    [45 * SECOND, 5 * SECOND],
  ])(
    "%d ms there, %d ms away, for six hours: memory never ends, every boot is planned, online once the link stays",
    async (there, away) => {
      const bench = await Bench.booted(2 * MINUTE, () => undefined, device(), options);
      bench.publish("first");
      const end = bench.clock.now() + 6 * HOUR;
      while (bench.clock.now() < end) {
        bench.board.setWifiPresent(false);
        bench.clock.advance(away);
        bench.board.setWifiPresent(true);
        bench.clock.advance(there);
      }
      expect(bench.printed.filter((line) => /MEMORY/.test(line))).toEqual([]);
      expect(unplannedBoots(bench)).toEqual([]);
      expect(bench.all("safe-mode")).toEqual([]);
      if (!bench.online) backWithin(bench, 6 * MINUTE);
      bench.clock.advance(SECOND);
      expect(arrived(bench)).toEqual(["first"]);
    },
  );
});
