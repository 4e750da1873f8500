/** The compiled bundle and its Wi-Fi, on the simulated image in virtual time: it joins, says why it cannot, and never gives up. */
import { RELEASES } from "../../tools/board/images";
import type { WifiOptions } from "../../tools/board/wifi-air";
import { polite } from "../fixtures/memory-broker";
import { Bench } from "../fixtures/recovery-bench";
import { device, WIFI } from "../fixtures/virtual-board";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long the firmware waits for a word. */
const PATIENCE = 30 * SECOND;
/** The longest of the first ten waits, and every later one. */
const LONG = MINUTE;
const LONGEST = 5 * MINUTE;
/** Failures until the waits are the longest. */
const MANY = 10;

describe.each(RELEASES)("on the ESP32 image %s", (release) => {
  /** The driver's silent tries, in milliseconds: one, or three in later images. */
  const TRIES = release === "2v29" ? 2 * SECOND : 6 * SECOND;
  const booted = (ms?: number, prepare?: (bench: Bench) => void) => Bench.booted(ms, prepare, device(), { release });
  const away = (change: Partial<WifiOptions>) => (bench: Bench) => bench.board.changeWifi(change);

  test("it joins, says under which address, and connects", async () => {
    const bench = await booted();
    expect(bench.all("network")).toMatchObject([{ ip: "192.168.4.17" }]);
    expect(bench.online).toBe(true);
  });

  describe("a network that cannot be joined is named, tried for ever with growing waits, and joined once it can be", () => {
    test.each<[string, Partial<WifiOptions>, string, string, number]>([
      ["a wrong password", { password: "another-one" }, "wifi-password", "AUTH_FAIL", TRIES],
      ["a missing access point", { absent: true }, "wifi-not-found", "NO_AP_FOUND", TRIES],
      ["another network", { ssid: "plant-3" }, "wifi-not-found", "NO_AP_FOUND", TRIES],
      ["a network that gives no address", { mute: true }, "wifi-failed", "no answer", PATIENCE],
    ])("%s", async (_name, change, code, reason, time) => {
      // Short of the hour after which the chip restarts.
      const bench = await booted(59 * MINUTE, away(change));
      const errors = bench.all("error");
      expect(new Set(errors.map((error) => `${error.code} ${error.reason}`))).toEqual(new Set([`${code} ${reason}`]));
      const waits = errors.slice(1).map(({ at }, i) => at - errors[i].at - time);
      expect(waits[0]).toBeLessThanOrEqual(SECOND);
      expect(Math.max(...waits.slice(0, MANY))).toBeLessThanOrEqual(LONG);
      // A wait is drawn from the half of its length to the whole: boards that lost the same network do not come in step.
      expect(Math.min(...waits.slice(MANY))).toBeGreaterThanOrEqual(LONGEST / 2);
      expect(Math.max(...waits)).toBeLessThanOrEqual(LONGEST);
      expect(new Set(waits.map(Math.round)).size).toBe(waits.length);
      expect(errors.length).toBeGreaterThan(MANY + 59 / 5 - 6);
      expect(bench.attempts).toEqual([]);
      expect(bench.all("boot")).toHaveLength(1);

      bench.board.changeWifi({ ...WIFI, absent: false, mute: false });
      bench.clock.advance(PATIENCE + LONGEST + 2 * SECOND);
      expect(bench.online).toBe(true);
      expect(bench.printed).toEqual([]);
    });

    test("for a day, with a planned restart of the chip an hour", async () => {
      const bench = await booted(DAY, away({ absent: true }));
      expect(bench.all("reboot").length).toBeGreaterThanOrEqual(22);
      expect(bench.all("reboot").length).toBeLessThanOrEqual(24);
      expect(bench.all("boot")).toHaveLength(bench.all("reboot").length + 1);
      bench.board.setWifiPresent(true);
      bench.clock.advance(LONGEST + 2 * SECOND);
      expect(bench.online).toBe(true);
    });
  });

  describe("a loss while connected", () => {
    test("is told to the session as soon as the driver tells it; no attempt is made meanwhile, one when it is back", async () => {
      const bench = await booted(2 * MINUTE);
      const lost = bench.clock.now();
      bench.board.setWifiPresent(false);
      bench.clock.advance(50 * MINUTE);
      const [offline] = bench.all("offline");
      expect(offline).toMatchObject({
        code: "wifi-lost",
        reason: release === "2v29" ? "BEACON_TIMEOUT" : "NO_AP_FOUND",
      });
      expect(offline).not.toHaveProperty("retry");
      expect(offline.at - lost).toBeLessThanOrEqual(TRIES);
      expect(bench.attempts).toHaveLength(1);
      // The first line is the session's; then come those of the tries.
      expect(bench.all("error")[0]).toMatchObject({ code: "wifi-not-found" });

      bench.board.setWifiPresent(true);
      bench.clock.advance(LONGEST + 2 * SECOND);
      expect(bench.online).toBe(true);
      expect(bench.attempts).toHaveLength(2);
      expect(bench.all("offline")).toHaveLength(1);
    });

    test("does not count against a connection that had lasted: the next attempt comes within a second", async () => {
      const bench = await booted(2 * MINUTE);
      for (let i = 1; i <= 10; i++) {
        bench.board.setWifiPresent(false);
        bench.clock.advance(TRIES);
        bench.board.setWifiPresent(true);
        bench.clock.advance(LONG + 2 * SECOND);
        const up = bench.all("network").at(-1)!.at;
        expect(bench.all("online").at(-1)!.at - up).toBeLessThanOrEqual(1.5 * SECOND);
        bench.clock.advance(2 * MINUTE);
        expect(bench.all("online")).toHaveLength(i + 1);
      }
    });

    test("in the middle of an attempt ends that attempt, once", async () => {
      const bench = await booted(2 * SECOND, ({ network }) => (network.manners.handshake = false));
      bench.board.setWifiPresent(false);
      bench.clock.advance(TRIES);
      expect(bench.all("error")[0]).toMatchObject({ code: "wifi-lost" });
      expect(bench.all("error").filter(({ code }) => !String(code).startsWith("wifi-"))).toEqual([]);
      Object.assign(bench.network.manners, polite);
      bench.board.setWifiPresent(true);
      bench.clock.advance(2 * MINUTE);
      expect(bench.online).toBe(true);
    });

    test("while it waits for its next attempt: the attempt waits for the network", async () => {
      const bench = await booted(2 * SECOND, ({ network }) => (network.manners.connack = 5));
      expect(bench.all("error")).toMatchObject([{ code: "not-authorized" }]);
      bench.board.setWifiPresent(false);
      bench.clock.advance(50 * MINUTE);
      expect(bench.attempts).toHaveLength(1);
      expect(bench.all("error")[1]).toMatchObject({ code: "wifi-lost" });
    });

    // The image 2v29 has no try but the one that was asked for.
    if (release === "later") {
      test("that the driver mends by itself does not end the connection", async () => {
        const bench = await booted(2 * SECOND);
        bench.board.setWifiPresent(false);
        bench.clock.advance(500);
        bench.board.setWifiPresent(true);
        bench.clock.advance(HOUR);
        expect(bench.all("offline")).toEqual([]);
        expect(bench.all("network")).toHaveLength(1);
      });

      test("that the driver mends with another address ends it at once: no packet would find it any more", async () => {
        const bench = await booted(2 * MINUTE);
        bench.board.changeWifi({ absent: true });
        bench.board.changeWifi({ absent: false, ip: "192.168.4.99" });
        bench.clock.advance(5 * SECOND);
        expect(bench.all("offline")).toMatchObject([{ code: "wifi-lost", reason: "another address" }]);
        expect(bench.all("network").map(({ ip }) => ip)).toEqual(["192.168.4.17", "192.168.4.99"]);
        expect(bench.online).toBe(true);
      });
    }
  });

  describe("names", () => {
    test("are handed to the interpreter's own connect; the Wi-Fi module's look-up is never asked", async () => {
      const hosts: unknown[] = [];
      const bench = new Bench({ release });
      const connect = bench.network.connect.bind(bench.network);
      bench.network.connect = (target, events) => {
        hosts.push((target as { host: string }).host);
        return connect(target, events);
      };
      await bench.boot(device(), 'require("Wifi").getHostByName=function(){print("looked up")};');
      bench.clock.advance(2 * SECOND);
      expect(hosts).toEqual(["broker"]);
      expect(bench.online).toBe(true);
      expect(bench.printed).toEqual([]);
    });

    test("that nobody knows end the attempt with connect-failed, and the next ones follow", async () => {
      const bench = await booted(HOUR, (b) => (b.connectFault = "Unable to locate host"));
      const errors = bench.all("error");
      expect(errors[0]).toMatchObject({
        code: "connect-failed",
        reason: "Unable to locate host: broker:8080",
        retry: expect.any(Number),
      });
      expect(errors.length).toBeGreaterThan(30);
      bench.connectFault = undefined;
      bench.clock.advance(2 * MINUTE);
      expect(bench.online).toBe(true);
      expect(bench.printed).toEqual([]);
    });
  });
});
