/** The compiled bundle and its ten sockets: whatever a connection ends with gives its socket back. */
import { Bench } from "../fixtures/recovery-bench";
import { backWithin, HOUR, MINUTE, onEachRelease, SECOND, unplannedBoots } from "../fixtures/site";
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

  test("a moment without a free socket, which a sketch has had and given back, is no reason to restart hours later", async () => {
    const bench = await Bench.booted(2 * MINUTE, () => undefined, device(), options);
    const { network, board, clock } = bench;
    const take = 'S.push(require("net").connect({host:"broker",port:80}));';
    const own = network.latestCut();
    board.type(`var S=[];for(var i=0;i<9;i++)${take}`);
    clock.advance(SECOND);
    expect(board.socketsLeft).toBe(0);
    own();
    clock.advance(20);
    board.type(take);
    clock.advance(10 * SECOND);
    expect(board.socketsLeft).toBe(0);
    expect(bench.all("error").at(-1)).toMatchObject({
      code: "connect-failed",
      reason: expect.stringMatching(/^no socket left/),
    });
    board.type("S.forEach(function(s){s.end();s.clsNow=true});S=[];");
    backWithin(bench, 2 * MINUTE);
    clock.advance(6 * HOUR);
    board.setWifiPresent(false);
    clock.advance(90 * SECOND);
    board.setWifiPresent(true);
    clock.advance(10 * MINUTE);
    expect(bench.online).toBe(true);
    expect(bench.all("reboot")).toEqual([]);
    expect(bench.all("boot")).toHaveLength(1);
  });
});
