/** The compiled bundle on a Wi-Fi link that is deaf with everything in place: associated, an address, no event, and nothing passes. */
import { Bench } from "../fixtures/recovery-bench";
import { arrived, backWithin, MINUTE, next, onEachRelease, SECOND } from "../fixtures/site";
import { device } from "../fixtures/virtual-board";

/** With a keepalive of 60 s. */
const NOTICED = 50 * SECOND;
/** Ten minutes without reaching anybody; each of them may be longer by one connect that blocks. */
const REJOINED = 10 * (MINUTE + 39 * SECOND) + 10 * SECOND;

onEachRelease((options) => {
  test.each([
    ["by name", "ws://broker:8080/mqtt"],
    ["by address", "ws://10.1.2.3:8080/mqtt"],
  ])("server %s: noticed, joined again, online again; what had waited for over a minute arrives", async (_how, url) => {
    const bench = await Bench.booted(2 * MINUTE, () => undefined, device({}, { url }), options);
    bench.board.deafenWifi();
    expect(next(bench, "offline", NOTICED)).toMatchObject({ code: "ping-timeout" });
    bench.publish("waited");
    backWithin(bench, REJOINED);
    bench.clock.advance(SECOND);
    expect(arrived(bench)).toEqual(["waited"]);
    expect(bench.all("network")).toHaveLength(2);
    expect(bench.all("boot")).toHaveLength(1);
  });

  test("a deaf link at the first join is left as well", async () => {
    const bench = await Bench.booted(
      0,
      ({ network, board }) => {
        network.blackhole = true;
        board.changeWifi({ nameless: true });
      },
      device(),
      options,
    );
    next(bench, "network", 5 * SECOND);
    bench.board.deafenWifi();
    bench.network.blackhole = false;
    bench.board.changeWifi({ nameless: false });
    backWithin(bench, REJOINED);
    expect(bench.all("boot")).toHaveLength(1);
  });
});
