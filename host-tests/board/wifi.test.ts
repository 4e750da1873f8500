/** The Wi-Fi driver of a simulated board, as both releases have it. */
import { RELEASES } from "../../tools/board/images";
import type { BenchOptions } from "./bench";
import { Bench, MemoryNetwork } from "./bench";

const PLANT = { ssid: "plant", password: "plant-secret", joinTime: 500, tryTime: 1000 };
const plain = { "garbled-details": false };
const WATCH = `var wifi = require("Wifi");
["associated", "connected", "disconnected"].forEach(function (e) { wifi.on(e, function (d) { print(e, d.ip || d.msg); }); });
wifi.connect("plant", { password: PASSWORD }, function (error) { print("done", error); });`;

const joining = WATCH.replace("PASSWORD", '"plant-secret"');
const REJOIN = 'wifi.connect("plant", { password: "plant-secret" })';

const on = (release: "2v29" | "later", more: BenchOptions = {}) =>
  new Bench({ wifi: PLANT, release, traits: plain, ...more });

describe.each(RELEASES)("on %s", (release) => {
  test("joining takes time and tells the callback and the events", async () => {
    const bench = on(release);
    expect(await bench.boot(joining, 499)).toEqual([]);
    expect(bench.pass(1)).toEqual(["associated undefined", "done null", "connected 192.168.4.17"]);
    expect(bench.type("print(wifi.getIP().ip, wifi.getStatus().station)")).toEqual(["192.168.4.17 connected"]);
  });

  test("loss closes no socket: it goes silent, and what was queued flows again later", async () => {
    const network = new MemoryNetwork();
    const bench = on(release, { network });
    await bench.boot(joining, 600);
    bench.type(
      'var s = require("net").connect({ host: "h", port: 1 }); s.on("close", function () { print("closed"); }); s.on("data", function (d) { print(d); })',
    );
    bench.board.setWifiPresent(false);
    bench.type('s.write("out")');
    bench.peer.send("in");
    bench.pass(3500);
    expect(bench.lines.at(-1)).toBe("disconnected " + (release === "2v29" ? "BEACON_TIMEOUT" : "NO_AP_FOUND"));
    expect(bench.peer.received).toBe("");
    bench.board.setWifiPresent(true);
    // The access point would keep a later driver from joining.
    bench.type("wifi.stopAP();" + REJOIN);
    bench.pass(600);
    expect(bench.lines.slice(-3)).toEqual(["in", "associated undefined", "connected 192.168.4.17"]);
    expect(bench.peer.received).toBe("out");
  });

  test("a network that gives no address: nothing is told until the board lets go of it", async () => {
    const bench = on(release, { wifi: { ...PLANT, mute: true } });
    expect(await bench.boot(joining, 1e6)).toEqual(["associated undefined"]);
    expect(bench.type("wifi.disconnect()")[0]).toBe("disconnected ASSOC_LEAVE");
    bench.board.changeWifi({ mute: false });
    bench.type("wifi.stopAP();" + REJOIN);
    expect(bench.pass(500).at(-1)).toBe("connected 192.168.4.17");
  });

  test("the callback of disconnect is called at once, and again with the event", async () => {
    const bench = on(release);
    await bench.boot(joining, 600);
    expect(bench.type('wifi.disconnect(function () { print("gone"); })')).toEqual([
      "gone",
      "disconnected ASSOC_LEAVE",
      "gone",
    ]);
  });

  test("a password of one to seven characters is refused: printed, never told", async () => {
    const bench = on(release);
    const printed = "ERROR: jswrap_wifi_connect: esp_wifi_set_config: 12299(Password is invalid)";
    expect(await bench.boot(WATCH.replace("PASSWORD", '"secret7"'), 1e6)).toEqual([printed]);
  });

  test("a name is cut at 31 bytes, a password at 63", async () => {
    const wifi = { ssid: "s".repeat(32), password: "p".repeat(64) };
    const join = 'wifi.connect("' + "s".repeat(32) + '", { password: "' + "p".repeat(64) + '" });';
    const watch = 'var wifi = require("Wifi"); wifi.on("connected", function () { print("joined"); });';
    expect(await on(release, { wifi }).boot(watch + join, 1e4)).toEqual([]);
    const cut = { ssid: "s".repeat(31), password: "p".repeat(63) };
    expect(await on(release, { wifi: cut }).boot(watch + join, 1e4)).toEqual(["joined"]);
  });

  test("the association survives load() and reset(), not E.reboot()", async () => {
    const bench = on(release);
    await bench.boot("", 0);
    bench.type('require("Wifi").stopAP();require("Wifi").connect("plant", { password: "plant-secret" })');
    bench.pass(600);
    const joined = 'print(require("Wifi").getStatus().station, require("Wifi").getIP().ip)';
    bench.type("load()");
    expect(bench.type(joined)).toEqual(["connected 192.168.4.17"]);
    bench.type("reset()");
    expect(bench.type(joined)).toEqual(["connected 192.168.4.17"]);
    bench.type("E.reboot()");
    expect(bench.type(joined)).toEqual(["Unknown reason 0.0.0.0"]);
  });

  test("a driver that is wedged stays so over load(), until a reboot", async () => {
    const bench = on(release);
    await bench.boot(joining, 600);
    bench.board.wedgeWifi();
    bench.board.setWifiPresent(false);
    bench.board.setWifiPresent(true);
    bench.lines.length = 0;
    bench.type("wifi.disconnect();" + REJOIN);
    bench.type("load()");
    expect(bench.pass(1e6)).toEqual([]);
    bench.type("E.reboot()");
    expect(bench.pass(600)).toContain("connected 192.168.4.17");
  });

  test("a deaf link has its address, and hears again after disconnect and connect", async () => {
    const network = new MemoryNetwork();
    const bench = on(release, { network });
    await bench.boot(joining, 600);
    bench.type('var s = require("net").connect({ host: "h", port: 1 }); s.on("data", function (d) { print(d); })');
    bench.lines.length = 0;
    bench.board.deafenWifi();
    bench.peer.send("in");
    bench.pass(1e6);
    expect(bench.lines).toEqual([]);
    expect(bench.type("print(wifi.getStatus().station, wifi.getIP().ip)")).toEqual(["connected 192.168.4.17"]);
    bench.type("wifi.disconnect();wifi.stopAP();" + REJOIN);
    expect(bench.pass(1000)).toContain("in");
  });

  test("a lost event reaches nobody; getStatus tells the truth", async () => {
    const bench = on(release);
    await bench.boot(joining, 600);
    bench.type("wifi.stopAP()");
    bench.board.loseNextEvent("disconnected");
    bench.board.setWifiPresent(false);
    bench.pass(1e6);
    expect(bench.lines.filter((line) => line.startsWith("disconnected"))).toEqual([]);
    expect(bench.type("print(wifi.getStatus().station)")).toEqual([
      release === "2v29" ? "BEACON_TIMEOUT" : "NO_AP_FOUND",
    ]);
  });

  test("a lost address is told by no event", async () => {
    const bench = on(release);
    await bench.boot(joining, 600);
    bench.lines.length = 0;
    bench.board.loseAddress();
    expect(bench.pass(1e6)).toEqual([]);
    expect(bench.type("print(wifi.getIP().ip, wifi.getStatus().station)")).toEqual(["0.0.0.0 connected"]);
  });

  test("what an event hands over is garbage; getIP and getStatus are right", async () => {
    const bench = on(release, { traits: {} });
    await bench.boot(joining, 600);
    expect(bench.lines.join()).not.toContain("192.168");
    expect(bench.type("print(wifi.getIP().ip, wifi.getStatus().ssid)")).toEqual(["192.168.4.17 plant"]);
  });

  test("an event leaks its details until load()", async () => {
    const bench = on(release);
    await bench.boot("", 600);
    const usage = () => Number(bench.type("print(process.memory(false).usage)")[0]);
    const before = usage();
    bench.type('var wifi = require("Wifi");wifi.stopAP();' + REJOIN);
    bench.pass(1000);
    expect(usage() - before).toBe(11);
    bench.type("wifi.disconnect()");
    expect(usage() - before).toBe(23);
    bench.type("load()");
    expect(usage()).toBe(before);
  });
});

describe("2v29", () => {
  test("the first failure is told: there are no silent tries, and the callback never hears of it", async () => {
    const bench = on("2v29");
    expect(await bench.boot(WATCH.replace("PASSWORD", '"wrong-password"'), 999)).toEqual([]);
    expect(bench.pass(1)).toEqual(["disconnected AUTH_FAIL"]);
    expect(bench.pass(1e6)).toHaveLength(1);
  });

  test("a loss is told at once, and the driver does not try again", async () => {
    const bench = on("2v29");
    await bench.boot(joining, 600);
    bench.board.setWifiPresent(false);
    bench.board.setWifiPresent(true);
    expect(bench.pass(1e6).slice(3)).toEqual(["disconnected BEACON_TIMEOUT"]);
  });

  test("a connect while joined gives no event", async () => {
    const bench = on("2v29");
    await bench.boot(joining, 600);
    bench.lines.length = 0;
    bench.type(REJOIN);
    expect(bench.pass(1e6)).toEqual([]);
  });

  test("the driver starts as an open access point when the program has run, and stays one beside the station", async () => {
    const bench = on("2v29");
    await bench.boot("", 0);
    expect(bench.type('print(require("Wifi").getStatus().mode, require("Wifi").getAPDetails().authMode)')).toEqual([
      "AP open",
    ]);
    expect(bench.board.listening()).toContain("access-point");
    bench.type(joining);
    bench.pass(600);
    expect(bench.type("print(wifi.getStatus().mode, wifi.getAPDetails().ssid)")).toEqual(["APSTA ESP_000001"]);
    bench.type("wifi.stopAP()");
    expect(bench.type("print(wifi.getStatus().mode, wifi.getStatus().station)")).toEqual(["STA connected"]);
    expect(bench.board.listening()).not.toContain("access-point");
  });

  test("an access point that the program stops before it has ended never opens", async () => {
    const bench = on("2v29");
    await bench.boot('require("Wifi").stopAP()', 1000);
    expect(bench.board.listening()).not.toContain("access-point");
    bench.type("load()");
    expect(bench.board.listening()).not.toContain("access-point");
  });
});

describe("later", () => {
  test("a wrong password fails after three silent tries, and the callback hears of it", async () => {
    const bench = on("later");
    expect(await bench.boot(WATCH.replace("PASSWORD", '"wrong-password"'), 2999)).toEqual([]);
    expect(bench.pass(1)).toEqual(["disconnected AUTH_FAIL", "done AUTH_FAIL"]);
    expect(bench.pass(1e6)).toHaveLength(2);
  });

  test("the retries count from connect on: a loss is silent while one is left, the next is told", async () => {
    const bench = on("later");
    await bench.boot(joining, 600);
    const flap = () => {
      bench.lines.length = 0;
      bench.board.setWifiPresent(false);
      bench.board.setWifiPresent(true);
      return bench.pass(2000).filter((line) => !line.startsWith("associated"));
    };
    // The loss costs one of three, and the try that began without the network another.
    expect(flap()).toEqual(["connected 192.168.4.17"]);
    expect(flap()).toEqual(["disconnected BEACON_TIMEOUT"]);
  });

  test("after a failed join in AP+STA a connect does nothing, for ever; stopAP before it helps", async () => {
    const bench = on("later", { wifi: { ...PLANT, absent: true } });
    await bench.boot(joining, 3000);
    expect(bench.lines).toEqual(["disconnected NO_AP_FOUND", "done NO_AP_FOUND"]);
    bench.board.setWifiPresent(true);
    bench.type(REJOIN);
    expect(bench.pass(1e6)).toHaveLength(2);
    bench.type("wifi.stopAP();" + REJOIN);
    expect(bench.pass(500).at(-1)).toBe("connected 192.168.4.17");
  });

  test("stopAP while a join is under way stops the driver, and with it the join", async () => {
    const bench = on("later");
    await bench.boot(joining, 200);
    bench.type("wifi.stopAP()");
    expect(bench.pass(1e6)).toEqual([]);
  });

  test("a connect while joined disconnects and joins again, without a disconnected event", async () => {
    const bench = on("later");
    await bench.boot(joining, 600);
    bench.lines.length = 0;
    bench.type(REJOIN);
    expect(bench.pass(600)).toEqual(["associated undefined", "connected 192.168.4.17"]);
  });

  test("nothing is started where there is no .wificfg; a connect without stopAP opens the access point", async () => {
    const bench = on("later");
    await bench.boot("", 0);
    expect(bench.type('print(require("Wifi").getStatus().mode)')).toEqual(["NULL"]);
    expect(bench.board.listening()).not.toContain("access-point");
    bench.type(joining);
    expect(bench.board.listening()).toContain("access-point");
  });

  test("an ESP32C3 has no access point beside the station", async () => {
    const bench = on("later", { image: "ESP32C3_IDF4" });
    await bench.boot(joining, 600);
    expect(bench.lines.at(-1)).toBe("connected 192.168.4.17");
    expect(bench.board.listening()).not.toContain("access-point");
  });
});

test(".wificfg is restored after .bootcde at power-on and reboot, not at load(), and wins", async () => {
  const bench = on("2v29", { wifi: { ...PLANT, ssid: "other" } });
  await bench.board.writeFile(".wificfg", JSON.stringify({ ssid: "other", password: "plant-secret", mode: 3 }));
  const program = 'require("Wifi").stopAP();' + joining;
  expect(await bench.boot(program, 1000)).toContain("connected 192.168.4.17");
  expect(bench.type("print(wifi.getStatus().ssid, wifi.getStatus().mode)")).toEqual(["other APSTA"]);
  bench.type("wifi.stopAP();load()");
  expect(bench.type("print(wifi.getStatus().mode)")).toEqual(["STA"]);
  bench.type('wifi.save("clear")');
  expect(await bench.board.readFile(".wificfg")).toBeUndefined();
});

test("each reason has its number", async () => {
  const bench = on("2v29");
  await bench.boot('require("Wifi").on("disconnected", function (d) { print(d.reason, d.msg); })', 0);
  bench.type('require("Wifi").connect("plant", { password: "wrong-password" })');
  bench.pass(3000);
  bench.type('require("Wifi").connect("other")');
  expect(bench.pass(3000)).toEqual(["202 AUTH_FAIL", "201 NO_AP_FOUND"]);
});

test("the Linux build has no such module", async () => {
  const bench = new Bench();
  expect(await bench.boot('require("Wifi")')).toEqual(['Uncaught Error: Module "Wifi" not found']);
});
