/** The compiled bundle where TLS cannot be: too little heap, a bad ca.der, no module. Named, waited for, and no end of the board. */
import { Bench } from "../fixtures/recovery-bench";
import { HOUR, MINUTE, next, onEachRelease, SECOND, unplannedBoots } from "../fixtures/site";
import { device } from "../fixtures/virtual-board";

const WSS = device({}, { url: "wss://broker:8443/mqtt" });
const PLAIN = JSON.stringify(device());
/** The least wait between two attempts, in milliseconds, and a look that may be cut short. */
const PATIENCE = 5 * MINUTE;

onEachRelease((options) => {
  describe("TLS that does not fit the heap", () => {
    test("tls-memory, at most every five minutes, with what to do", async () => {
      const bench = await Bench.booted(44 * MINUTE, () => undefined, WSS, options);
      const errors = bench.all("error");
      expect(errors.length).toBeGreaterThanOrEqual(5);
      expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(["tls-memory"]));
      expect(errors[0].reason).toMatch(/ws/);
      const gaps = errors.slice(1).map(({ at }, i) => at - errors[i].at);
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(PATIENCE - SECOND);
      expect(bench.all("boot")).toHaveLength(1);
    });

    test("ten failed setups: a planned reboot before the sockets end, hourly at most, for ever", async () => {
      const bench = await Bench.booted(0, () => undefined, WSS, options);
      for (let hour = 0; hour < 24; hour++) {
        bench.clock.advance(HOUR);
        expect(bench.board.socketsLeft).toBeGreaterThanOrEqual(0);
      }
      const reboots = bench.all("reboot");
      expect(reboots.length).toBeLessThanOrEqual(24);
      expect(reboots.length).toBeGreaterThanOrEqual(15);
      expect(new Set(reboots.map(({ code }) => code))).toEqual(new Set(["sockets"]));
      const gaps = reboots.slice(1).map(({ at }, i) => at - reboots[i].at);
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(HOUR);
      expect(unplannedBoots(bench)).toEqual([]);
      expect(bench.all("safe-mode")).toEqual([]);
      expect(bench.all("fault")).toEqual([]);
    });

    test("device.json is changed to ws while sockets are left: online", async () => {
      const bench = await Bench.booted(20 * MINUTE, () => undefined, WSS, options);
      expect(bench.board.socketsLeft).toBeLessThan(10);
      await bench.board.writeFile("device.json", PLAIN);
      next(bench, "online", PATIENCE + 2 * MINUTE);
    });

    test("device.json is changed to ws when none is left: a planned reboot, then online", async () => {
      const bench = await Bench.booted(5 * MINUTE, () => undefined, WSS, options);
      bench.board.type('for(var i=0;i<12;i++)try{require("tls").connect({host:"broker",port:1})}catch(e){}');
      bench.clock.advance(SECOND);
      expect(bench.board.socketsLeft).toBe(0);
      await bench.board.writeFile("device.json", PLAIN);
      const reboot = next(bench, "reboot", 2 * HOUR);
      expect(reboot).toMatchObject({ code: "sockets" });
      next(bench, "online", 10 * SECOND, { after: reboot });
      bench.clock.advance(24 * HOUR);
      expect(bench.all("reboot")).toHaveLength(1);
    });
  });

  describe("a ca.der that is no certificate", () => {
    test.each([
      ["text", "-".repeat(200)],
      ["PEM", "-----BEGIN CERTIFICATE-----\n" + "A".repeat(400)],
      ["DER that is cut short", "0\x82\x03\x00" + "x".repeat(300)],
      ["one byte", "0"],
    ])("%s: ca-invalid, before any socket is made", async (_what, der) => {
      const prepare = ({ board }: Bench) => void board.writeFile("ca.der", der);
      const bench = await Bench.booted(3 * HOUR, prepare, WSS, { ...options, traits: { tls: "fits" } });
      expect(new Set(bench.all("error").map(({ code }) => code))).toEqual(new Set(["ca-invalid"]));
      expect(bench.all("error")[0].reason).toMatch(/--ca/);
      expect(bench.attempts).toEqual([]);
      expect(bench.board.socketsLeft).toBe(10);
      expect(bench.all("reboot")).toEqual([]);
      await bench.board.writeFile("ca.der", "");
      next(bench, "online", PATIENCE + MINUTE);
    });
  });

  test("an image without TLS: tls-missing, every five minutes, and it never restarts for that", async () => {
    const bench = await Bench.booted(3 * HOUR, () => undefined, WSS, { ...options, image: "ESP32_IDF4" });
    const errors = bench.all("error");
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(["tls-missing"]));
    expect(errors[0].reason).toMatch(/ws/);
    expect(errors.length).toBeLessThanOrEqual((3 * HOUR) / PATIENCE + 1);
    expect(bench.all("reboot")).toEqual([]);
    await bench.board.writeFile("device.json", PLAIN);
    next(bench, "online", PATIENCE + MINUTE);
  });

  test("a handshake that runs out of memory is tls-memory, and no fault of the program's", async () => {
    const ends: ((reason?: string) => void)[] = [];
    const prepare = ({ network }: Bench) => {
      const connect = network.connect.bind(network);
      network.connect = (target, events) => {
        ends.push(events.close);
        return connect(target, { ...events, open: () => events.open(true) });
      };
    };
    const bench = await Bench.booted(10 * SECOND, prepare, WSS, { ...options, traits: { tls: "fits" } });
    ends[0]("Not enough memory");
    bench.clock.advance(10 * SECOND);
    const codes = bench.all("error").map(({ code }) => code);
    expect(codes).toContain("tls-memory");
    expect(codes).not.toContain("uncaught");
    expect(await bench.board.readFile("boot.faults")).toBeUndefined();
    expect(bench.board.socketsLeft).toBeGreaterThanOrEqual(9);
  });
});
