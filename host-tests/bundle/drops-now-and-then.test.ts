/** The compiled bundle on a link that drops now and then for weeks: however many events a boot has seen, each drop costs seconds. */
import { Bench } from "../fixtures/recovery-bench";
import { backWithin, HOUR, MINUTE, next, onEachRelease, SECOND, unplannedBoots } from "../fixtures/site";
import { device } from "../fixtures/virtual-board";

/** Two waits of a join, one that begins too soon and one that does not, the first wait of a connect, a connect. */
const BOUND = 10 * SECOND;

onEachRelease((options) => {
  test.each([
    ["2,600, as with Bluetooth", 2600],
    ["4,600, as without", 4600],
    ["16,383, as with PSRAM", 16383],
  ])(
    "every three hours, the air is back as soon as that is noticed, %s variables: online within seconds each time",
    async (_what, variables) => {
      const bench = await Bench.booted(2 * MINUTE, () => undefined, device(), { ...options, traits: { variables } });
      for (let drop = 0; drop < 60; drop++) {
        bench.board.setWifiPresent(false);
        // Later images try three times before they say so.
        const offline = next(bench, "offline", MINUTE);
        expect(offline.code).toBe("wifi-lost");
        bench.board.setWifiPresent(true);
        backWithin(bench, BOUND, offline);
        bench.clock.advance(3 * HOUR);
      }
      expect(unplannedBoots(bench)).toEqual([]);
      expect(new Set(bench.all("reboot").map(({ code }) => code))).toEqual(
        new Set(variables > 10_000 ? [] : ["memory"]),
      );
    },
  );
});
