/** The compiled bundle and its ten sockets: whatever a connection ends with gives its socket back. */
import { Bench } from "../fixtures/recovery-bench";
import { backWithin, MINUTE, onEachRelease, unplannedBoots } from "../fixtures/site";
import { device } from "../fixtures/virtual-board";

onEachRelease((options) => {
  test("a hundred connections that end in every way leave no socket behind", async () => {
    const bench = await Bench.booted(2 * MINUTE, () => undefined, device({ keepalive: 30 }), options);
    const left = bench.board.socketsLeft;
    const ends = [
      () => bench.network.cut(),
      () => bench.network.close(1001),
      () => void (bench.network.manners.pingresp = false),
      () => void (bench.network.blackhole = true),
      () => bench.board.deafenWifi(),
      () => bench.board.setWifiPresent(false),
      () => void (bench.network.manners.handshake = false) || bench.network.cut(),
      () => void (bench.network.manners.connack = 3) || bench.network.cut(),
      () => void (bench.network.answer = "refuses") || bench.network.cut(),
      () => void (bench.network.answer = "silent") || bench.network.cut(),
    ];
    for (let i = 0; i < 100; i++) {
      // A connection of ten minutes clears the suspicion that a second device has these credentials.
      bench.clock.advance(11 * MINUTE);
      ends[i % ends.length]();
      bench.clock.advance(2 * MINUTE);
      bench.board.setWifiPresent(true);
      Object.assign(bench.network, { blackhole: false, answer: "answers" });
      Object.assign(bench.network.manners, { pingresp: true, handshake: true, connack: 0 });
      if (!bench.online) backWithin(bench, 20 * MINUTE);
    }
    bench.clock.advance(2 * MINUTE);
    expect(bench.board.socketsLeft).toBe(left);
    expect(bench.all("reboot").filter(({ code }) => code !== "memory")).toEqual([]);
    expect(unplannedBoots(bench)).toEqual([]);
  });
});
