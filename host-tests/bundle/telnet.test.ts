/** The compiled bundle with `"telnet": true` where there is no telnet: the console stays what it was, and nobody else gets it. */
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { EXAMPLES } from "../../tools/run/device-file";
import { onEachBoard } from "../fixtures/boards";
import { MINUTE, onEachRelease, powered, SECOND } from "../fixtures/site";
import { device } from "../fixtures/virtual-board";

jest.setTimeout(60_000);

onEachBoard((make) => {
  test("the firmware goes on speaking where it spoke", async () => {
    const platform = await startPlatform({ platform: "aliyun" });
    const board = make(1);
    try {
      await board.start({ ...EXAMPLES.aliyun, url: platform.url, telnet: true });
      expect(await board.status("online")).toMatchObject({ event: "online" });
      await platform.when(({ event }) => event === "subscribed");
      expect(await board.status("subscribed")).toMatchObject({ event: "subscribed" });
    } finally {
      await board.stop();
      await platform.close();
    }
  });
});

onEachRelease((options) => {
  describe.each(["ESP32_IDF4", "ESP32C3_IDF4"] as const)("%s, which has no telnet", (image) => {
    const booted = () => powered(device({}, { telnet: true }), { ...options, image });

    test("nothing listens, and the serial line has the console", async () => {
      const bench = await booted();
      bench.clock.advance(10 * MINUTE);
      expect(bench.board.listening()).toEqual([]);
      expect(bench.evaluate("6*7")).toBe("42");
      expect(bench.online).toBe(true);
    });

    test("who connects by Bluetooth does not get the console that telnet was to have, whenever it advertises", async () => {
      const bench = await booted();
      bench.clock.advance(MINUTE);
      bench.board.type("NRF.wake()");
      bench.clock.advance(SECOND);
      const stranger = bench.board.connectBle()!;
      stranger.type('print("st"+"olen")');
      bench.clock.advance(MINUTE);
      expect(stranger.lines).toEqual([]);
      expect(bench.printed).toEqual([]);
      expect(bench.evaluate("6*7")).toBe("42");
    });
  });
});
