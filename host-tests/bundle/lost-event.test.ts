/** The compiled bundle where an event of the Wi-Fi never comes, as while the collector runs: the driver is asked instead. */
import { Bench } from "../fixtures/recovery-bench";
import { backWithin, MINUTE, next, onEachRelease, SECOND } from "../fixtures/site";
import { device } from "../fixtures/virtual-board";

/** Keepalive, three minutes until the driver is asked, the first wait, a join; then the rate of attempts. */
const BOUND = 5 * MINUTE + 10 * SECOND;
/** Patience of a join, its first wait, a join. */
const JOIN_AGAIN = 40 * SECOND;

onEachRelease((options) => {
  test.each([10 * SECOND, MINUTE, 3 * MINUTE])(
    "`disconnected` is lost, the access point away for %d ms: online again within minutes of its return",
    async (away) => {
      const bench = await Bench.booted(2 * MINUTE, () => undefined, device(), options);
      bench.board.loseNextEvent("disconnected");
      bench.board.setWifiPresent(false);
      bench.clock.advance(away);
      bench.board.setWifiPresent(true);
      backWithin(bench, BOUND);
      expect(bench.all("boot")).toHaveLength(1);
    },
  );

  test("`disconnected` is lost and the access point stays away: that it is missing is told within minutes", async () => {
    const bench = await Bench.booted(2 * MINUTE, () => undefined, device(), options);
    bench.board.loseNextEvent("disconnected");
    bench.board.setWifiPresent(false);
    bench.clock.advance(10 * MINUTE);
    expect(bench.all("error").map(({ code }) => code)).toContain("wifi-not-found");
  });

  test("`connected` is lost: online when the join's patience is over", async () => {
    const bench = await Bench.booted(0, ({ board }) => board.setWifiPresent(false), device(), options);
    bench.clock.advance(10 * SECOND);
    bench.board.loseNextEvent("connected");
    bench.board.setWifiPresent(true);
    backWithin(bench, JOIN_AGAIN + 30 * SECOND);
  });

  test("`connected` is lost: the join has not failed, and the network that it joined is not left", async () => {
    const bench = await Bench.booted(0, ({ board }) => board.setWifiPresent(false), device(), options);
    bench.clock.advance(10 * SECOND);
    bench.board.type('require("Wifi").on("disconnected",function(){print("left")})');
    bench.board.loseNextEvent("connected");
    bench.board.setWifiPresent(true);
    backWithin(bench, JOIN_AGAIN);
    bench.clock.advance(2 * MINUTE);
    expect(bench.printed).toEqual([]);
    expect(bench.all("error").map(({ code }) => code)).not.toContain("wifi-failed");
    expect(bench.all("network")).toHaveLength(1);
    expect(bench.online).toBe(true);
  });

  test("the address is lost, of which there is no event: the link is left and joined again at the first look", async () => {
    const bench = await Bench.booted(2 * MINUTE, () => undefined, device(), options);
    bench.board.loseAddress();
    const lost = next(bench, "error", BOUND, { code: "wifi-lost" });
    next(bench, "network", 10 * SECOND, { after: lost });
    backWithin(bench, 75 * SECOND, lost);
    expect(bench.all("boot")).toHaveLength(1);
  });
});
