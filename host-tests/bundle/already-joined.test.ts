/** The compiled bundle that starts on a board whose Wi-Fi stands already: the association outlives load(). */
import { textToBytes } from "../../tools/board/board";
import { ANY } from "../../tools/board/wifi-air";
import { built } from "../fixtures/boards";
import { Bench } from "../fixtures/recovery-bench";
import { backWithin, MINUTE, onEachRelease, SECOND } from "../fixtures/site";
import { device, WIFI } from "../fixtures/virtual-board";

/** Counts the calls of a member of the Wi-Fi module from behind the firmware's start on. */
const COUNT = 'var W=require("Wifi"),c=W.connect,n=0;W.connect=function(a,b){n++;c.call(W,a,b)};';

onEachRelease((options) => {
  test("to our network: after load() it is online within seconds, without a join and without an error", async () => {
    const bench = await Bench.booted(2 * MINUTE, () => undefined, device(), options);
    bench.board.type("load()");
    bench.clock.advance(0);
    bench.board.type(COUNT);
    backWithin(bench, 5 * SECOND);
    bench.clock.advance(5 * MINUTE);
    expect(bench.evaluate("n")).toBe("0");
    expect(bench.all("error")).toEqual([]);
    expect(bench.all("offline")).toEqual([]);
    expect(bench.all("network")).toHaveLength(2);
    expect(bench.online).toBe(true);
  });

  test("ten load()s in a row: the same each time", async () => {
    const bench = await Bench.booted(2 * MINUTE, () => undefined, device(), options);
    for (let i = 0; i < 10; i++) {
      bench.board.type("load()");
      backWithin(bench, 5 * SECOND);
      bench.clock.advance(2 * MINUTE);
    }
    expect(bench.all("error")).toEqual([]);
    expect(bench.all("safe-mode")).toEqual([]);
  });

  test("associated without an address: it goes on when the address comes", async () => {
    const bench = await Bench.booted(2 * MINUTE, () => undefined, device(), options);
    bench.board.changeWifi({ mute: true });
    bench.board.loseAddress();
    bench.board.type("load()");
    bench.clock.advance(5 * SECOND);
    bench.board.changeWifi({ mute: false });
    backWithin(bench, 5 * SECOND);
    expect(bench.all("error")).toEqual([]);
  });

  test("in the middle of a join: online, and nothing worse than one failed join is told", async () => {
    const bench = await Bench.booted(200, () => undefined, device(), options);
    bench.board.type("load()");
    backWithin(bench, MINUTE);
    expect(bench.all("error").length).toBeLessThanOrEqual(1);
  });

  test("to another network: it leaves that one and joins ours", async () => {
    const bench = new Bench(options);
    bench.board.changeWifi({ ssid: "neighbour", password: "neighbours-own" });
    await bench.board.powerOn();
    bench.board.type('require("Wifi").connect("neighbour",{password:"neighbours-own"})');
    bench.clock.advance(2 * SECOND);
    expect(bench.evaluate('require("Wifi").getStatus().ssid')).toBe("neighbour");
    await bench.board.writeFile(".bootcde", textToBytes(built("firmware.js")));
    await bench.board.writeFile("device.json", textToBytes(JSON.stringify(device())));
    // From now on both are in the air.
    bench.board.changeWifi({ ssid: ANY });
    bench.board.type("load()");
    backWithin(bench, 5 * SECOND);
    expect(bench.evaluate('require("Wifi").getStatus().ssid')).toBe(WIFI.ssid);
    expect(bench.all("error")).toEqual([]);
  });
});
