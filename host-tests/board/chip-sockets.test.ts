/** The TCP/IP stack of a simulated board: ten sockets, connects that block, TLS that does not fit and what it leaks. */
import type { BenchOptions } from "./bench";
import { Bench } from "./bench";

const WIFI = { ssid: "plant", password: "plant-secret" };
const JOIN = 'require("Wifi").connect("plant", { password: "plant-secret" });';
const CONNECT = 'require("net").connect({ host: "h", port: 1 });';
const tls = (more = "") => `require("tls").connect({ host: "h", port: 443${more} });`;

async function joined(options: BenchOptions = {}, program = ""): Promise<Bench> {
  const bench = new Bench({ wifi: WIFI, ...options });
  await bench.boot(`echo(0);${JOIN}${program}`, 1000);
  bench.lines.length = 0;
  return bench;
}

test("there are ten sockets, one of which telnet has: the tenth connect throws", async () => {
  const bench = await joined();
  expect(bench.type(`for (var i = 0; i < 9; i++) ${CONNECT}`)).toEqual([]);
  expect(bench.type(CONNECT)).toEqual([
    "ERROR: Socket creation failed",
    "Uncaught InternalError: Unable to create socket",
  ]);
});

test("a socket is free again once it is closed, by either side, and by load()", async () => {
  const bench = await joined();
  bench.type(`var s = ${CONNECT}`);
  expect(bench.board.socketsLeft).toBe(8);
  bench.type("s.end()");
  expect(bench.board.socketsLeft).toBe(9);
  bench.type(CONNECT);
  bench.peer.events.close();
  bench.pass(10);
  expect(bench.board.socketsLeft).toBe(9);
  bench.type(CONNECT + CONNECT);
  bench.type("load()");
  expect(bench.board.socketsLeft).toBe(9);
});

test("a server that gets no socket has sckt 1, and throws nothing", async () => {
  const bench = await joined();
  const listen = 'var s = require("net").createServer(function () {}); s.listen(80); print(s.sckt);';
  expect(bench.type(listen)).toEqual(["56"]);
  expect(bench.board.listening()).toContain("port 80");
  bench.type("s.close()");
  expect(bench.board.listening()).not.toContain("port 80");
  bench.type(`for (var i = 0; i < 9; i++) ${CONNECT}`);
  expect(bench.type(listen)).toEqual(["ERROR: Socket creation failed", "1"]);
});

describe("a connect", () => {
  test("that is refused throws at once", async () => {
    const bench = await joined();
    bench.network.answer = "refuses";
    const before = bench.clock.now();
    expect(bench.type(CONNECT)).toEqual([
      "ERROR: Connect failed (err 104)",
      "Uncaught InternalError: Unable to create socket",
    ]);
    expect(bench.clock.now()).toBe(before);
    expect(bench.board.socketsLeft).toBe(9);
  });

  test("that nobody answers blocks the interpreter for 39 s", async () => {
    const bench = await joined();
    bench.network.answer = "silent";
    bench.type("var ticks = 0; setInterval(function () { ticks++; }, 1000);");
    const before = bench.clock.now();
    const blocked = `try { ${CONNECT} } catch (e) { print(e.message, ticks); }`;
    expect(bench.type(blocked)).toEqual(["ERROR: Connect failed (err 113)", "Unable to create socket 0"]);
    expect(bench.clock.now() - before).toBe(39_000);
    // What was due meanwhile comes at once.
    bench.pass(0);
    expect(bench.type("print(ticks)")).toEqual(["39"]);
  });

  test("whose name server is silent blocks for 21 s", async () => {
    const bench = await joined({ wifi: { ...WIFI, nameless: true } });
    const before = bench.clock.now();
    expect(bench.type(CONNECT)).toEqual(["Uncaught InternalError: Unable to locate host"]);
    expect(bench.clock.now() - before).toBe(21_000);
  });

  test("over a deaf link blocks as well, by name and by address", async () => {
    const bench = await joined();
    bench.board.deafenWifi();
    const before = bench.clock.now();
    expect(bench.type(CONNECT)).toEqual(["Uncaught InternalError: Unable to locate host"]);
    bench.type('require("net").connect({ host: "10.0.0.1", port: 1 })');
    expect(bench.clock.now() - before).toBe(60_000);
  });

  test("without an address throws at once", async () => {
    const bench = new Bench({ wifi: WIFI });
    await bench.boot('require("Wifi").stopAP()', 0);
    expect(bench.type(CONNECT)).toEqual(["Uncaught InternalError: Unable to locate host"]);
    expect(bench.type('require("net").connect({ host: "10.0.0.1", port: 1 })')).toEqual([
      "ERROR: Connect failed (err 118)",
      "Uncaught InternalError: Unable to create socket",
    ]);
  });

  test("that blocks longer than the watchdog waits is a reboot", async () => {
    const bench = await joined();
    bench.network.answer = "silent";
    bench.type(`E.enableWatchdog(30, false); ${CONNECT} require("Storage").write("after", "1");`);
    expect(bench.lines).toEqual([]);
    expect(await bench.board.readFile("after")).toBeUndefined();
    expect(bench.type("print(getTime() < 20)")).toEqual(["true"]);
  });
});

describe("TLS", () => {
  test("does not fit the ESP32's heap, and keeps its socket until a reboot", async () => {
    const bench = await joined();
    expect(bench.type(tls())).toEqual(["Uncaught InternalError: mbedtls_ssl_setup: Not enough memory"]);
    expect(bench.board.socketsLeft).toBe(8);
    bench.type("load()");
    expect(bench.board.socketsLeft).toBe(8);
    bench.type("E.reboot()");
    expect(bench.board.socketsLeft).toBe(9);
  });

  test("with a ca that is not DER leaks too, after which no connect works", async () => {
    const bench = await joined({ traits: { tls: "fits" } });
    for (let i = 0; i < 9; i++) {
      expect(bench.type(tls(', ca: "no"')).join()).toContain("mbedtls_x509_crt_parse of 'ca'");
    }
    expect(bench.type(CONNECT)).toContain("Uncaught InternalError: Unable to create socket");
  });

  test("fits an ESP32C3 and an ESP32S3; an ESP32_IDF4 has neither TLS nor crypto", async () => {
    for (const image of ["ESP32C3_IDF4", "ESP32S3_IDF4"] as const) {
      expect((await joined({ image })).type(tls())).toEqual([]);
    }
    const bench = await joined({ image: "ESP32_IDF4" });
    expect(bench.type('require("tls")')).toEqual(['Uncaught Error: Module "tls" not found']);
    expect(bench.type('require("crypto")')).toEqual(['Uncaught Error: Module "crypto" not found']);
  });
});

test("an ESP32_IDF4's watchdog bites, however often it is fed, while a socket is open", async () => {
  const feeding = 'E.enableWatchdog(30, false); setInterval(function () { E.kickWatchdog(); }, 1000); print("boot");';
  const boots = async (program: string) => {
    const bench = await joined({ image: "ESP32_IDF4" }, feeding + program);
    return bench.pass(100_000).length;
  };
  expect(await boots("")).toBe(0);
  expect(await boots(`setTimeout(function () { ${CONNECT} }, 900);`)).toBeGreaterThan(1);
});
