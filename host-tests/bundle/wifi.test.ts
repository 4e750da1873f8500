/** The compiled bundle and its Wi-Fi, on the simulated board in virtual time: it joins, says why it cannot, and never gives up. */
import type { WifiOptions } from "../../tools/board/wifi-air";
import { polite } from "../fixtures/memory-broker";
import { Bench } from "../fixtures/recovery-bench";
import { device, WIFI } from "../fixtures/virtual-board";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The driver's three silent tries, in milliseconds. */
const TRIES = 6 * SECOND;
/** How long the firmware waits for a word, and between tries, at most. */
const PATIENCE = 30 * SECOND;
const LONGEST = 60 * SECOND;

const away = (change: Partial<WifiOptions>) => (bench: Bench) => bench.board.changeWifi(change);

test("it joins, says under which address, and connects", async () => {
  const bench = await Bench.booted();
  expect(bench.all("network")).toMatchObject([{ ip: "192.168.4.17" }]);
  expect(bench.online).toBe(true);
});

describe("a network that cannot be joined is named, tried for ever with growing waits, and joined once it can be", () => {
  test.each<[string, Partial<WifiOptions>, string, string, number]>([
    ["a wrong password", { password: "another" }, "wifi-password", "AUTH_FAIL", TRIES],
    ["a missing access point", { absent: true }, "wifi-not-found", "NO_AP_FOUND", TRIES],
    ["another network", { ssid: "plant-3" }, "wifi-not-found", "NO_AP_FOUND", TRIES],
    ["a network that gives no address", { mute: true }, "wifi-failed", "no answer", PATIENCE],
  ])("%s", async (_name, change, code, reason, time) => {
    const bench = await Bench.booted(DAY, away(change));
    const errors = bench.all("error");
    expect(new Set(errors.map((error) => `${error.code} ${error.reason}`))).toEqual(new Set([`${code} ${reason}`]));
    const waits = errors.slice(1).map(({ at }, i) => at - errors[i].at - time);
    expect(Math.max(...waits)).toBeLessThanOrEqual(LONGEST);
    expect(waits[0]).toBeLessThanOrEqual(SECOND);
    // A wait is drawn from the half of its length to the whole: boards that lost the same network do not come in step.
    expect(Math.min(...waits.slice(10))).toBeGreaterThanOrEqual(LONGEST / 2);
    expect(new Set(waits.slice(10).map(Math.round)).size).toBeGreaterThan(100);
    expect(errors.length).toBeGreaterThan(DAY / (time + LONGEST) - 10);
    expect(bench.attempts).toEqual([]);
    expect(bench.all("boot")).toHaveLength(1);

    bench.board.changeWifi({ ...WIFI, absent: false, mute: false });
    bench.clock.advance(PATIENCE + LONGEST + 2 * SECOND);
    expect(bench.online).toBe(true);
    expect(bench.printed).toEqual([]);
  });
});

describe("a loss while connected", () => {
  test("is told to the session as soon as the driver tells it; no attempt is made meanwhile, one when it is back", async () => {
    const bench = await Bench.booted(2 * MINUTE);
    const lost = bench.clock.now();
    bench.board.setWifiPresent(false);
    bench.clock.advance(HOUR);
    const [offline] = bench.all("offline");
    expect(offline).toMatchObject({ code: "wifi-lost", reason: "NO_AP_FOUND" });
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
    const bench = await Bench.booted(2 * MINUTE);
    for (let i = 1; i <= 10; i++) {
      bench.board.setWifiPresent(false);
      bench.clock.advance(TRIES);
      bench.board.setWifiPresent(true);
      bench.clock.advance(LONGEST + 2 * SECOND);
      const up = bench.all("network").at(-1)!.at;
      expect(bench.all("online").at(-1)!.at - up).toBeLessThanOrEqual(1.5 * SECOND);
      bench.clock.advance(2 * MINUTE);
      expect(bench.all("online")).toHaveLength(i + 1);
    }
  });

  test("in the middle of an attempt ends that attempt, once", async () => {
    const bench = await Bench.booted(SECOND, ({ network }) => (network.manners.handshake = false));
    bench.board.setWifiPresent(false);
    bench.clock.advance(TRIES);
    expect(bench.all("error").map(({ code }) => code)).toEqual(["wifi-lost"]);
    Object.assign(bench.network.manners, polite);
    bench.board.setWifiPresent(true);
    bench.clock.advance(2 * MINUTE);
    expect(bench.online).toBe(true);
  });

  test("while it waits for its next attempt: the attempt waits for the network", async () => {
    const bench = await Bench.booted(SECOND, ({ network }) => (network.manners.connack = 5));
    expect(bench.all("error")).toMatchObject([{ code: "not-authorized" }]);
    bench.board.setWifiPresent(false);
    bench.clock.advance(HOUR);
    expect(bench.attempts).toHaveLength(1);
    expect(bench.all("error")[1]).toMatchObject({ code: "wifi-lost" });
  });

  test("that the driver mends by itself does not end the connection", async () => {
    const bench = await Bench.booted(SECOND);
    bench.board.setWifiPresent(false);
    bench.clock.advance(500);
    bench.board.setWifiPresent(true);
    bench.clock.advance(HOUR);
    expect(bench.all("offline")).toEqual([]);
    expect(bench.all("network")).toHaveLength(1);
  });

  test("that the driver mends with another address ends it at once: no packet would find it any more", async () => {
    const bench = await Bench.booted(2 * MINUTE);
    bench.board.changeWifi({ absent: true });
    bench.board.changeWifi({ absent: false, ip: "192.168.4.99" });
    bench.clock.advance(5 * SECOND);
    expect(bench.all("offline")).toMatchObject([{ code: "wifi-lost", reason: "another address" }]);
    expect(bench.all("network").map(({ ip }) => ip)).toEqual(["192.168.4.17", "192.168.4.99"]);
    expect(bench.online).toBe(true);
  });
});

describe("names", () => {
  test("are looked up without blocking: the connection goes to the address, its Host header keeps the name", async () => {
    const hosts: unknown[] = [];
    const bench = new Bench();
    bench.board.changeWifi({ lookup: (name) => (name === "broker" ? "10.1.2.3" : undefined) });
    const connect = bench.network.connect.bind(bench.network);
    bench.network.connect = (target, events) => {
      hosts.push((target as { host: string }).host);
      return connect(target, events);
    };
    await bench.boot(device());
    bench.clock.advance(SECOND);
    expect(hosts).toEqual(["10.1.2.3"]);
    expect(bench.online).toBe(true);
  });

  test("that nobody knows end the attempt with connect-failed, and the next ones follow", async () => {
    const bench = await Bench.booted(HOUR, away({ lookup: () => undefined }));
    const errors = bench.all("error");
    expect(errors[0]).toMatchObject({
      code: "connect-failed",
      reason: "Unable to locate host: broker:8080",
      retry: expect.any(Number),
    });
    expect(errors.length).toBeGreaterThan(30);
    bench.board.changeWifi({ lookup: undefined });
    bench.clock.advance(2 * MINUTE);
    expect(bench.online).toBe(true);
    expect(bench.printed).toEqual([]);
  });

  test("whose answer never comes end the attempt when its time is over, and an answer that comes late opens nothing", async () => {
    const bench = await Bench.booted(0);
    // The driver's own function, with the answers in the test's hand.
    bench.board.type('var answers=[];require("Wifi").getHostByName=function(n,f){answers.push(f)}');
    bench.clock.advance(SECOND);
    expect(bench.evaluate("answers.length")).toBe("1");
    bench.clock.advance(PATIENCE);
    expect(bench.all("error")).toMatchObject([{ code: "connect-timeout" }]);
    bench.board.type('answers[0]("127.0.0.1")');
    bench.clock.advance(0);
    expect(bench.attempts).toEqual([]);
    bench.clock.advance(2 * SECOND);
    bench.board.type('answers[1]("127.0.0.1")');
    bench.clock.advance(SECOND);
    expect(bench.online).toBe(true);
  });
});
