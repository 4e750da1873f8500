/** The compiled bundle on boards whose Wi-Fi is played by a module in Storage: what the interpreter makes of the firmware's side. */
import type { Platform } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { EXAMPLES } from "../../tools/run/device-file";
import type { DeviceUnderTest } from "../fixtures/boards";
import { onEachLinux, SPEED } from "../fixtures/boards";

jest.setTimeout(Math.max(60_000, 600_000 / SPEED));

/** What becomes of each `connect`: a driver's reason, an address, or nothing at all. */
type Outcome = { msg: string } | { ip: string; lostAfter?: number } | null;

/** A driver that fares so, one `connect` after the other; the last one for ever. Prints what it is asked. Its events bring garbage, as a chip's may. */
const driver = (outcomes: Outcome[]) => `
var outcomes = ${JSON.stringify(outcomes)};
var station = "Unknown reason", address = "0.0.0.0";
function lose(msg) { station = msg; address = "0.0.0.0"; exports.emit("disconnected", { reason: "\\x81", msg: "\\x07" }); }
exports.getIP = function () { return { ip: address, mac: "24:0a:c4:00:00:01" }; };
exports.getStatus = function () { return { station: station, ssid: "plant-2" }; };
exports.stopAP = function () { print("stopAP"); };
exports.connect = function (ssid, options) {
  var next = outcomes.length > 1 ? outcomes.shift() : outcomes[0];
  print("join " + ssid + " " + options.password);
  if (!next) return;
  setTimeout(function () {
    if (!next.ip) return lose(next.msg);
    station = "connected";
    address = next.ip;
    exports.emit("connected", { ip: "255.1.2.3" });
    if (next.lostAfter) setTimeout(lose, next.lostAfter, "BEACON_TIMEOUT");
  }, 500);
};
exports.disconnect = function () { print("disconnect"); if (station === "connected") lose("ASSOC_LEAVE"); };
exports.getHostByName = function (name, done) { print("lookup " + name); };
`;

onEachLinux((make) => {
  let platform: Platform;
  let device: DeviceUnderTest;

  afterEach(async () => {
    await device.stop();
    await platform.close();
  });

  async function start(outcomes: Outcome[], host = "127.0.0.1"): Promise<void> {
    platform = await startPlatform({ platform: "aliyun", speed: SPEED });
    device = make();
    await device.board.writeFile("Wifi", driver(outcomes));
    const url = platform.url.replace("127.0.0.1", host);
    const wifi = { ssid: "plant-2", password: "wifi-pa55" };
    await device.start({ ...EXAMPLES.aliyun, url, wifi, telemetry: undefined, subscribe: undefined });
  }

  test("silent, wrong password, missing, too far, joined, lost, joined again: each is told, and the session follows", async () => {
    await start([
      null,
      { msg: "4WAY_HANDSHAKE_TIMEOUT" },
      { msg: "NO_AP_FOUND" },
      { msg: "AUTH_EXPIRE" },
      { ip: "10.0.0.7", lostAfter: 90_000 },
      { ip: "10.0.0.8" },
    ]);
    await device.status("online", 2);
    const told = device.statuses.filter(({ event }) => ["error", "network", "online", "offline"].includes(event));
    expect(told.map(({ event, code, ip }) => [event, code ?? ip])).toEqual([
      ["error", "wifi-failed"],
      ["error", "wifi-password"],
      ["error", "wifi-not-found"],
      ["error", "wifi-failed"],
      ["network", "10.0.0.7"],
      ["online", undefined],
      ["offline", "wifi-lost"],
      ["network", "10.0.0.8"],
      ["online", undefined],
    ]);
    expect(told[0].reason).toBe("no answer");
    expect(device.lines.filter((line) => line === "disconnect")).toHaveLength(1);
    expect(device.lines.filter((line) => line === "join plant-2 wifi-pa55")).toHaveLength(6);
    expect(device.lines.filter((line) => line === "stopAP")).toHaveLength(6);
    expect(device.lines.filter((line) => line.startsWith("lookup"))).toEqual([]);
    expect(device.lines.filter((line) => /uncaught/i.test(line))).toEqual([]);
  });

  test("in safe mode it joins, and starts no session", async () => {
    platform = await startPlatform({ platform: "aliyun", speed: SPEED });
    device = make();
    await device.board.writeFile("Wifi", driver([{ ip: "10.0.0.7" }]));
    await device.board.writeFile("boot.count", "3");
    const later = 'setTimeout(function(){print("later")},30000);';
    await device.start({ ...EXAMPLES.aliyun, url: platform.url, wifi: { ssid: "plant-2" } }, later);
    expect(await device.status("network")).toMatchObject({ ip: "10.0.0.7" });
    expect(device.all("safe-mode")).toHaveLength(1);
    await device.line((line) => line === "later");
    expect(platform.events.filter(({ event }) => event === "websocket")).toEqual([]);
  });
});
