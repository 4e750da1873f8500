/** The compiled bundle on boards whose Wi-Fi is played by a module in Storage: what the interpreter makes of the firmware's side. */
import type { Platform } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { EXAMPLES } from "../../tools/run/device-file";
import type { DeviceUnderTest } from "../fixtures/boards";
import { onEachBoardWithoutWifi, SPEED } from "../fixtures/boards";

jest.setTimeout(Math.max(60_000, 600_000 / SPEED));

/** What becomes of each `connect`: a driver's reason, an address, or nothing at all. */
type Outcome = { reason: number; msg: string } | { ip: string; lostAfter?: number } | null;

/** A driver that fares so, one `connect` after the other; the last one for ever. Prints what it is asked. */
const driver = (outcomes: Outcome[]) => `
var outcomes = ${JSON.stringify(outcomes)};
function lose(reason, msg) { exports.emit("disconnected", { reason: "" + reason, msg: msg }); }
exports.connect = function (ssid, options) {
  var next = outcomes.length > 1 ? outcomes.shift() : outcomes[0];
  print("join " + ssid + " " + options.password);
  if (!next) return;
  setTimeout(function () {
    if (!next.ip) return lose(next.reason, next.msg);
    exports.emit("connected", { ip: next.ip });
    if (next.lostAfter) setTimeout(lose, next.lostAfter, 200, "BEACON_TIMEOUT");
  }, 500);
};
exports.disconnect = function () { print("disconnect"); setTimeout(lose, 10, 8, "ASSOC_LEAVE"); };
exports.getHostByName = function (name, done) {
  print("lookup " + name);
  setTimeout(done, 100, name === "platform" ? "127.0.0.1" : null);
};
`;

onEachBoardWithoutWifi((make) => {
  let platform: Platform;
  let device: DeviceUnderTest;

  afterEach(async () => {
    await device.stop();
    await platform.close();
  });

  async function start(outcomes: Outcome[], host = "platform"): Promise<void> {
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
      { reason: 15, msg: "4WAY_HANDSHAKE_TIMEOUT" },
      { reason: 201, msg: "NO_AP_FOUND" },
      { reason: 2, msg: "AUTH_EXPIRE" },
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
    expect(device.lines.filter((line) => line === "lookup platform")).toHaveLength(2);
    expect(device.lines.filter((line) => /uncaught/i.test(line))).toEqual([]);
  });

  test("a name that nobody knows: connect-failed, again and again, without an exception", async () => {
    await start([{ ip: "10.0.0.7" }], "nowhere");
    const error = await device.status("error", 3);
    expect(error).toMatchObject({ code: "connect-failed", retry: expect.any(Number) });
    expect(error.reason).toMatch(/^Unable to locate host: nowhere:/);
    expect(device.all("error").map(({ code }) => code)).toEqual(Array(3).fill("connect-failed"));
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
