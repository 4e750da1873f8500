import { Bench, MemoryNetwork } from "./bench";

/** A program that connects to a host and prints each event of its socket. */
const LOGGED = `
var s = require("net").connect({ host: "peer", port: 80 }, function () { print("connect"); });
s.on("data", function (d) { print("data " + d.length); });
["drain", "end"].forEach(function (e) { s.on(e, function () { print(e); }); });
s.on("close", function (failed) { print("close " + failed); });
s.on("error", function (e) { print("error " + e.code + " " + e.message); });
`;

async function connected(program = LOGGED): Promise<Bench> {
  const bench = new Bench();
  await bench.boot(program);
  bench.lines.length = 0;
  return bench;
}

test("drain fires right after connect", async () => {
  expect(await new Bench().boot(LOGGED)).toEqual(["connect", "drain"]);
});

test("data arrives in pieces of at most 536 bytes", async () => {
  const bench = await connected();
  bench.peer.send("x".repeat(1200));
  expect(bench.pass(1)).toEqual(["data 536", "data 536", "data 128"]);
});

test("received bytes are a byte string", async () => {
  const bench = await connected(LOGGED + 's.on("data", function (d) { print(d.charCodeAt(0), d.charCodeAt(1)); });');
  bench.peer.send("\xff\x00");
  expect(bench.pass(1)).toEqual(["data 2", "255 0"]);
});

test("data can fire before connect", async () => {
  const bench = new Bench({ network: new MemoryNetwork(false) });
  await bench.boot(LOGGED);
  bench.peer.events.open();
  bench.peer.send("hello");
  expect(bench.pass(1)).toEqual(["data 5", "connect", "drain"]);
});

test("data that came before its handler waits for it", async () => {
  const bench = await connected('var s = require("net").connect({ host: "peer", port: 80 });');
  bench.peer.send("early");
  bench.pass(1);
  bench.type('s.on("data", function (d) { print(d); })');
  expect(bench.lines).toEqual(["early"]);
});

test("write always returns false, sends at most 536 bytes a turn, and drains when empty", async () => {
  const bench = await connected();
  expect(bench.type("print(s.write(E.toString({ data: 65, count: 1000 })))")).toEqual(["false", "drain"]);
  expect(bench.peer.pieces.map((piece) => piece.length)).toEqual([536, 464]);
});

test("a character over 255 is cut to its low byte", async () => {
  const bench = await connected();
  bench.type("s.write('\\u4f60\\u0141')");
  expect(bench.peer.received).toBe("\x60A");
});

test("write queues without bound while the peer takes nothing, and memory shows it", async () => {
  const bench = await connected("var before = process.memory().usage;" + LOGGED);
  bench.peer.room = false;
  bench.type("for (var i = 0; i < 100; i++) s.write(E.toString({ data: 65, count: 1000 }))");
  expect(bench.peer.received).toHaveLength(536);
  expect(bench.lines).toEqual([]);
  expect(Number(bench.type("print(process.memory().usage - before)")[0])).toBeGreaterThan(9000);
  bench.peer.room = true;
  bench.peer.events.drain();
  expect(bench.pass(1)).toContain("drain");
  expect(bench.peer.received).toHaveLength(100_000);
});

test("connect throws at once when the hook names a fault", async () => {
  const bench = new Bench({
    connectFault: (host, port) => (host === "x" && port === 81 ? "Unable to locate host" : undefined),
  });
  await bench.boot(
    'try { require("net").connect({ host: "x", port: 81 }); } catch (e) { print("" + e, e instanceof InternalError); }',
  );
  expect(bench.lines).toEqual(["InternalError: Unable to locate host true"]);
  expect(bench.network.peers).toHaveLength(0);
});

test("the peer's end and a reset look alike: end, close(false), no error", async () => {
  const bench = await connected();
  bench.peer.events.close();
  expect(bench.pass(1)).toEqual(["end", "close false"]);
});

test("what was received before the end is delivered before it", async () => {
  const bench = await connected();
  bench.peer.send("x".repeat(600));
  bench.peer.events.close();
  expect(bench.pass(1)).toEqual(["data 536", "data 64", "end", "close false"]);
});

test("an end with bytes unsent is an error", async () => {
  const bench = await connected();
  bench.peer.room = false;
  bench.type("s.write(E.toString({ data: 65, count: 1000 }))");
  bench.peer.events.close();
  expect(bench.pass(1)).toEqual(["error -8 unsent data", "end", "close true"]);
});

test("writing after the end throws", async () => {
  const bench = await connected();
  expect(bench.type('s.end(); s.write("x")')[0]).toBe("Uncaught Error: This socket is closed");
});

test("end sends what is queued first, then closes without drain", async () => {
  const bench = await connected();
  expect(bench.type('s.end("x" + E.toString({ data: 65, count: 600 }))')).toEqual(["end", "close false"]);
  expect(bench.peer.received).toHaveLength(601);
  expect(bench.peer.ended).toBe(true);
});

test("clsNow closes without sending what is queued", async () => {
  const bench = await connected();
  bench.type('s.write("x"); s.clsNow = true');
  expect(bench.lines).toEqual(["end", "close false"]);
  expect(bench.peer.received).toBe("");
  expect(bench.peer.destroyed).toBe(true);
});

test("a failed TLS handshake is an uncaught exception and a close, never an error event", async () => {
  const bench = await connected(LOGGED.replace('"net"', '"tls"'));
  bench.peer.events.close("-0x7780");
  expect(bench.pass(1)).toEqual([
    "end",
    "close false",
    "Uncaught InternalError: mbedtls_ssl_handshake returned -0x7780",
  ]);
  expect(bench.peer.target.tls).toBe(true);
});

test("a ca that is not DER is refused", async () => {
  const bench = new Bench();
  await bench.boot('require("tls").connect({ host: "x", port: 443, ca: "-----BEGIN CERTIFICATE-----" })');
  expect(bench.lines[0]).toMatch(/^Uncaught InternalError: HTTPS init failed!/);
});

test("a power cut closes every socket and nothing is heard of them", async () => {
  const bench = await connected();
  await bench.board.powerOff();
  bench.peer.send("late");
  expect(bench.pass(10)).toEqual([]);
  expect(bench.peer.destroyed).toBe(true);
});
