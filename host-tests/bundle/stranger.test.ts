/** The compiled bundle and a stranger who takes the console over telnet or Bluetooth: he loses it when the firmware starts. */
import { textToBytes } from "../../tools/board/board";
import type { Stranger } from "../../tools/board/stranger";
import { built } from "../fixtures/boards";
import { Bench } from "../fixtures/recovery-bench";
import { MINUTE, onEachRelease, SECOND } from "../fixtures/site";
import { device } from "../fixtures/virtual-board";

const STEAL = 'print("st"+"olen")';

onEachRelease((options) => {
  describe("while the firmware runs", () => {
    test("neither door opens, in any minute of an hour", async () => {
      const bench = await Bench.booted(2 * SECOND, () => undefined, device(), options);
      for (let minute = 0; minute < 60; minute++) {
        expect(bench.board.openTelnet()).toBeUndefined();
        expect(bench.board.connectBle()).toBeUndefined();
        bench.clock.advance(MINUTE);
      }
    });

    test("who connects by Bluetooth in the second in which it advertises gets no console, and no line", async () => {
      const bench = await Bench.booted(100, () => undefined, device(), options);
      const stranger = bench.board.connectBle()!;
      stranger.type(STEAL);
      bench.clock.advance(2 * MINUTE);
      stranger.type(STEAL);
      bench.clock.advance(SECOND);
      expect(stranger.lines).toEqual([]);
      expect(bench.printed).toEqual([]);
      expect(bench.online).toBe(true);
    });
  });

  describe("on a bare board, before the firmware starts", () => {
    /** A board without firmware, whose console a stranger has; then the firmware is there, and he restarts it. */
    async function taken(door: "telnet" | "ble"): Promise<[Bench, Stranger]> {
      const bench = new Bench(options);
      await bench.board.powerOn();
      bench.board.type('require("Wifi").connect("plant-2",{password:"plant-secret"})');
      bench.clock.advance(2 * SECOND);
      const stranger = (door === "telnet" ? bench.board.openTelnet() : bench.board.connectBle())!;
      stranger.type(STEAL);
      bench.clock.advance(SECOND);
      expect(stranger.lines).toContain("stolen");
      await bench.board.writeFile(".bootcde", textToBytes(built("firmware.js")));
      await bench.board.writeFile("device.json", textToBytes(JSON.stringify(device())));
      stranger.type("load()");
      return [bench, stranger];
    }

    test.each(["telnet", "ble"] as const)(
      "%s: the console is at the serial line from the first status line on",
      async (door) => {
        const [bench, stranger] = await taken(door);
        bench.clock.advance(2 * SECOND);
        const before = stranger.lines.length;
        stranger.type(STEAL);
        bench.clock.advance(MINUTE);
        expect(stranger.lines.slice(before)).toEqual([]);
        expect(stranger.lines.filter((line) => line.startsWith("#"))).toEqual([]);
        expect(bench.statuses.map(({ event }) => event)).toEqual(["boot", "network", "online", "ping", "ping"]);
        expect(bench.online).toBe(true);
      },
    );

    test("telnet: his connection ends, and there is no other", async () => {
      const [bench, stranger] = await taken("telnet");
      bench.clock.advance(2 * SECOND);
      expect(stranger.open).toBe(false);
      expect(bench.board.openTelnet()).toBeUndefined();
      expect(bench.board.listening()).toEqual([]);
    });

    test("ble: when he has gone Bluetooth sleeps, and the serial line still has the console", async () => {
      const [bench, stranger] = await taken("ble");
      bench.clock.advance(MINUTE);
      stranger.close();
      bench.clock.advance(SECOND);
      expect(bench.board.connectBle()).toBeUndefined();
      expect(bench.board.listening()).toEqual([]);
      expect(bench.online).toBe(true);
    });

    test("ble: a load() of the firmware's own, with him still there, gives him nothing", async () => {
      const [bench, stranger] = await taken("ble");
      bench.clock.advance(MINUTE);
      bench.board.type("load()");
      bench.clock.advance(MINUTE);
      const before = stranger.lines.length;
      stranger.type(STEAL);
      bench.clock.advance(SECOND);
      expect(stranger.lines.slice(before)).toEqual([]);
      expect(bench.all("boot")).toHaveLength(2);
      expect(bench.online).toBe(true);
    });
  });
});
