/** The compiled bundle where TLS cannot be: too little heap, a bad ca.der, no module. Named, waited for, and no end of the board. */
import { Bench } from "../fixtures/recovery-bench";
import { backWithin, HOUR, MINUTE, next, onEachRelease, SECOND, unplannedBoots } from "../fixtures/site";
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
      // Attempts have just been made: the chip restarts a minute later.
      next(bench, "online", MINUTE + 10 * SECOND, { after: reboot });
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

  test.each([
    ["a private key", "0\x82\x01\x2c" + "x".repeat(300)],
    ["a certificate whose inside is spoilt", "0\x82\x03\x00" + "0\x82\x02\x00" + "y".repeat(764)],
  ])(
    "a ca.der that is DER and no certificate, such as %s: ca-invalid, at most every five minutes, and no other code",
    async (_what, der) => {
      const prepare = ({ board }: Bench) => void board.writeFile("ca.der", der);
      // Five: the sixth ends the tries, and the planned restart comes before another.
      const bench = await Bench.booted(22 * MINUTE, prepare, WSS, { ...options, traits: { tls: "fits" } });
      const errors = bench.all("error");
      expect(errors.length).toBeGreaterThanOrEqual(5);
      expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(["ca-invalid"]));
      const gaps = errors.slice(1).map(({ at }, i) => at - errors[i].at);
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(PATIENCE - SECOND);
      expect(bench.all("boot")).toHaveLength(1);
      await bench.board.writeFile("ca.der", "");
      next(bench, "online", PATIENCE + 2 * MINUTE);
    },
  );

  test.each<[string, string, "fits" | "too-large"]>([
    ["ca-invalid", "0\x82\x01\x2c" + "x".repeat(300), "fits"],
    ["tls-memory", "", "too-large"],
  ])("%s all day: no setup takes the sockets that telnet and the sketch need", async (code, der, tls) => {
    const prepare = ({ board }: Bench) => void board.writeFile("ca.der", der);
    const bench = await Bench.booted(0, prepare, WSS, { ...options, traits: { tls } });
    let least = 10;
    for (let minute = 0; minute < 24 * 60; minute++) {
      bench.clock.advance(MINUTE);
      least = Math.min(least, bench.board.socketsLeft);
    }
    expect(new Set(bench.all("error").map((line) => line.code))).toEqual(new Set([code]));
    expect(bench.all("reboot").filter((line) => line.code !== "sockets")).toEqual([]);
    expect(unplannedBoots(bench)).toEqual([]);
    expect(least).toBeGreaterThanOrEqual(2);
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

  describe("a handshake that runs out of memory", () => {
    /** Each connection stands, and the interpreter ends it a second later with these words. */
    const ending = (words: string) => (bench: Bench) => {
      const { network, clock } = bench;
      const connect = network.connect.bind(network);
      network.connect = (target, events) => {
        clock.setTimeout(() => events.close(words), SECOND);
        return connect(target, { ...events, open: () => events.open(true) });
      };
    };

    test.each(["Not enough memory", "SSL - Memory allocation failed"])(
      "%s: tls-memory alone, and no fault of the program's",
      async (words) => {
        const fits = { ...options, traits: { tls: "fits" } } as const;
        const bench = await Bench.booted(10 * SECOND, ending(words), WSS, fits);
        expect(new Set(bench.all("error").map(({ code }) => code))).toEqual(new Set(["tls-memory"]));
        expect(await bench.board.readFile("boot.faults")).toBeUndefined();
        expect(bench.board.socketsLeft).toBeGreaterThanOrEqual(9);
      },
    );

    test.each(["ESP32C3_IDF4", "ESP32S3_IDF4"] as const)(
      "%s, all day: at most every five minutes, a planned reboot for a fresh heap each hour or two, and nothing else",
      async (image) => {
        const bench = await Bench.booted(24 * HOUR, ending("SSL - Memory allocation failed"), WSS, {
          ...options,
          image,
        });
        expect(bench.attempts.length).toBeGreaterThanOrEqual(100);
        // Beside these, the first attempt of each boot.
        expect(bench.attempts.length).toBeLessThanOrEqual((24 * HOUR) / PATIENCE + bench.all("boot").length);
        const gaps = bench.all("reboot").map(({ at }, i, all) => at - (all[i - 1]?.at ?? 0));
        expect(gaps.length).toBeGreaterThanOrEqual(12);
        expect(Math.max(...gaps)).toBeLessThanOrEqual(2 * HOUR);
        expect(Math.min(...gaps)).toBeGreaterThanOrEqual(HOUR);
        expect(new Set(bench.all("error").map(({ code }) => code))).toEqual(new Set(["tls-memory"]));
        expect(unplannedBoots(bench)).toEqual([]);
        expect(bench.all("safe-mode")).toEqual([]);
      },
    );
  });

  test("handshakes that ran out of memory, with sessions between them, are no reason to restart later", async () => {
    let connections = 0;
    const prepare = ({ network, clock }: Bench) => {
      const connect = network.connect.bind(network);
      // Every second one fails.
      network.connect = (target, events) => {
        if (++connections % 2 === 0) return connect(target, events);
        clock.setTimeout(() => events.close("SSL - Memory allocation failed"), SECOND);
        return connect(target, { ...events, open: () => events.open(true) });
      };
    };
    const bench = await Bench.booted(0, prepare, WSS, { ...options, traits: { tls: "fits" } });
    for (let day = 0; day < 7; day++) {
      backWithin(bench, PATIENCE * 3);
      bench.clock.advance(24 * HOUR);
      bench.network.cut();
    }
    backWithin(bench, PATIENCE * 3);
    expect(bench.all("error").length).toBeGreaterThanOrEqual(7);
    bench.board.setWifiPresent(false);
    bench.clock.advance(90 * SECOND);
    bench.board.setWifiPresent(true);
    backWithin(bench, PATIENCE * 3);
    expect(bench.all("reboot")).toEqual([]);
  });

  describe("what an exception of the TLS library says is no fault of the program's, also in 2v20's words", () => {
    test.each([
      ["mbedtls_ssl_handshake returned X509 - Certificate verification failed", "tls-failed"],
      ["Failed! mbedtls_ssl_handshake returned X509 - Certificate verification failed", "tls-failed"],
      ["Failed! mbedtls_ssl_setup: Not enough memory", "tls-memory"],
    ])("%s: %s", async (words, code) => {
      for (const handshake of [true, false]) {
        const prepare = ({ network }: Bench) => void (network.manners.handshake = handshake);
        const bench = await Bench.booted(5 * SECOND, prepare, device(), options);
        bench.board.type(`throw new InternalError("${words}")`);
        bench.clock.advance(SECOND);
        expect(bench.all("error").filter((line) => /mbedtls/.test(line.reason as string))).toMatchObject([{ code }]);
        expect(bench.all("fault")).toEqual([]);
        expect(await bench.board.readFile("boot.faults")).toBeUndefined();
      }
    });
  });
});
