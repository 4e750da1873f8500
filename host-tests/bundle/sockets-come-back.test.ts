/** The compiled bundle and its ten sockets: whatever a connection ends with gives its socket back. */
import { Bench } from "../fixtures/recovery-bench";
import { backWithin, MINUTE, onEachRelease, unplannedBoots } from "../fixtures/site";
import { device } from "../fixtures/virtual-board";

onEachRelease((options) => {
  test("a hundred connections that end in every way leave no socket behind", async () => {
    const bench = await Bench.booted(2 * MINUTE, () => undefined, device({ keepalive: 30 }), options);
    const { network, board } = bench;
    const cutting = (change: object, manners: object = {}) => {
      Object.assign(network, change);
      Object.assign(network.manners, manners);
      network.cut();
    };
    const ends = [
      () => network.cut(),
      () => network.close(1001),
      () => void (network.manners.pingresp = false),
      () => void (network.blackhole = true),
      () => board.deafenWifi(),
      () => board.setWifiPresent(false),
      () => cutting({}, { handshake: false }),
      () => cutting({}, { connack: 3 }),
      () => cutting({ answer: "refuses" }),
      () => cutting({ answer: "silent" }),
    ];
    const left = board.socketsLeft;
    for (let i = 0; i < 100; i++) {
      // A connection of ten minutes clears the suspicion that a second device has these credentials.
      bench.clock.advance(11 * MINUTE);
      ends[i % ends.length]();
      bench.clock.advance(2 * MINUTE);
      board.setWifiPresent(true);
      Object.assign(network, { blackhole: false, answer: "answers" });
      Object.assign(network.manners, { pingresp: true, handshake: true, connack: 0 });
      if (!bench.online) backWithin(bench, 20 * MINUTE);
    }
    bench.clock.advance(2 * MINUTE);
    expect(board.socketsLeft).toBe(left);
    expect(bench.all("reboot").filter(({ code }) => code !== "memory")).toEqual([]);
    expect(unplannedBoots(bench)).toEqual([]);
  });
});
