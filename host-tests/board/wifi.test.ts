import { Bench, MemoryNetwork } from "./bench";

const PLANT = { ssid: "plant", password: "secret", joinTime: 500, tryTime: 1000 };
const WATCH = `var wifi = require("Wifi");
["connected", "disconnected"].forEach(function (e) { wifi.on(e, function (d) { print(e, d.ip || d.msg); }); });
wifi.connect("plant", { password: PASSWORD }, function (error) { print("done", error); });`;

const joined = WATCH.replace("PASSWORD", '"secret"');

test("joining takes time and tells the callback and the event", async () => {
  const bench = new Bench({ wifi: PLANT });
  expect(await bench.boot(joined, 499)).toEqual([]);
  expect(bench.pass(1)).toEqual(["done null", "connected 192.168.4.17"]);
  expect(bench.type("print(wifi.getIP().ip, wifi.getDetails().status)")).toEqual(["192.168.4.17 connected"]);
});

test("a wrong password fails after three silent tries, and stays failed", async () => {
  const bench = new Bench({ wifi: PLANT });
  expect(await bench.boot(WATCH.replace("PASSWORD", '"wrong"'), 2999)).toEqual([]);
  expect(bench.pass(1)).toEqual(["disconnected AUTH_FAIL", "done AUTH_FAIL"]);
  expect(bench.pass(1e6)).toHaveLength(2);
});

test("loss closes no socket: it goes silent, and what was queued flows again later", async () => {
  const network = new MemoryNetwork();
  const bench = new Bench({ wifi: PLANT, network });
  await bench.boot(joined, 600);
  bench.type(
    'var s = require("net").connect({ host: "h", port: 1 }); s.on("close", function () { print("closed"); }); s.on("data", function (d) { print(d); })',
  );
  bench.board.setWifiPresent(false);
  bench.type('s.write("out")');
  bench.peer.send("in");
  bench.pass(1500);
  expect(bench.lines).toEqual(["done null", "connected 192.168.4.17"]);
  expect(bench.peer.received).toBe("");
  bench.board.setWifiPresent(true);
  bench.type('wifi.connect("plant", { password: "secret" })');
  bench.pass(600);
  expect(bench.lines.slice(2)).toEqual(["connected 192.168.4.17", "in"]);
  expect(bench.peer.received).toBe("out");
});

test("after a loss the driver gives up for good", async () => {
  const bench = new Bench({ wifi: PLANT });
  await bench.boot(joined, 600);
  bench.board.setWifiPresent(false);
  bench.pass(3000);
  expect(bench.lines.at(-1)).toBe("disconnected NO_AP_FOUND");
  bench.board.setWifiPresent(true);
  expect(bench.pass(1e6)).toHaveLength(3);
});

test("a loss that is over soon is not told; the network is, once more, with the address it gives now", async () => {
  const bench = new Bench({ wifi: PLANT });
  await bench.boot(joined, 600);
  bench.board.setWifiPresent(false);
  bench.board.changeWifi({ absent: false, ip: "192.168.4.99" });
  expect(bench.pass(1e6).slice(2)).toEqual(["connected 192.168.4.99"]);
});

test("a network that gives no address: nothing is told until the board lets go of it", async () => {
  const bench = new Bench({ wifi: { ...PLANT, mute: true } });
  expect(await bench.boot(joined, 1e6)).toEqual([]);
  expect(bench.type("wifi.disconnect()")).toEqual(["disconnected ASSOC_LEAVE", "done ASSOC_LEAVE"]);
  bench.board.changeWifi({ mute: false });
  bench.type('wifi.connect("plant", { password: "secret" })');
  expect(bench.pass(500).at(-1)).toBe("connected 192.168.4.17");
});

test("each reason has its number", async () => {
  const bench = new Bench({ wifi: PLANT });
  await bench.boot('require("Wifi").on("disconnected", function (d) { print(d.reason, d.msg); })', 0);
  bench.type('require("Wifi").connect("plant", { password: "wrong" })');
  bench.pass(3000);
  bench.type('require("Wifi").connect("other")');
  expect(bench.pass(3000)).toEqual(["202 AUTH_FAIL", "201 NO_AP_FOUND"]);
});

test("connecting while the network is away throws", async () => {
  const bench = new Bench({ wifi: PLANT });
  await bench.boot("", 0);
  expect(bench.type('require("net").connect({ host: "h", port: 1 })')).toEqual([
    "Uncaught InternalError: Unable to locate host",
  ]);
});

test("names are resolved later, by a callback", async () => {
  const bench = new Bench({ wifi: { ...PLANT, lookup: (name) => (name === "h" ? "10.0.0.1" : undefined) } });
  await bench.boot(joined, 600);
  expect(bench.type('wifi.getHostByName("h", print); wifi.getHostByName("x", print); print("asked")')).toEqual([
    "asked",
    "10.0.0.1",
    "null",
  ]);
});

test("without the option there is no such module", async () => {
  const bench = new Bench();
  expect(await bench.boot('require("Wifi")')).toEqual(['Uncaught Error: Module "Wifi" not found']);
});
