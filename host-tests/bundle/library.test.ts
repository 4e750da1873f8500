/** dist/mqtt-ws.js as a module in Storage, and the README's own sketch, on each board. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { textToBytes } from "../../tools/board/board";
import type { Platform } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import type { DeviceUnderTest } from "../fixtures/boards";
import { ANY_WIFI, built, onEachBoard } from "../fixtures/boards";

jest.setTimeout(60_000);

/** The first JavaScript block of the README. */
function readmeSketch(): string {
  const readme = readFileSync(join(__dirname, "../../README.md"), "utf8");
  const block = /```js\n([^`]+)```/.exec(readme);
  if (!block) throw new Error("the README has no sketch");
  return block[1];
}

onEachBoard((make) => {
  let platform: Platform;
  let device: DeviceUnderTest;

  beforeEach(async () => {
    platform = await startPlatform({ platform: "broker" });
    device = make(1);
    await device.board.writeFile("mqtt-ws", textToBytes(built("mqtt-ws.js")));
  });

  afterEach(async () => {
    await device.stop();
    await platform.close();
  });

  /** On a chip as the README has it, once the network is joined. */
  async function run(sketch: string): Promise<void> {
    const { ssid, password } = ANY_WIFI;
    const joined = `require("Wifi").connect("${ssid}",{password:"${password}"},function(){${sketch}\n});`;
    await device.board.writeFile(".bootcde", textToBytes(device.wifi ? joined : sketch));
    await device.board.powerOn();
  }

  test("the README's sketch prints what the README says", async () => {
    await run(readmeSketch().replace(/ws:\/\/[^"]+/, platform.url));
    await device.line((line) => line === "acknowledged");
    await platform.when(({ event }) => event === "subscribed");
    await platform.publish("lamp/set", "on", { qos: 1 });
    await device.line((line) => line === "lamp/set on");
    platform.cut("reset");
    await device.line((line) => /^offline: socket-(closed|error) next try in \d+ ms$/.test(line));
  });

  test("a URL or an option that is wrong is thrown with its code; nobody listening is told by close", async () => {
    await run(`var m = require("mqtt-ws");
      function code(url, options) { try { m.connect(url, options); return "none"; } catch (e) { return e.code; } }
      print("codes", code("http://127.0.0.1"), code("${platform.url}", {keepalive: -1}), code("${platform.url}", {password: "x"}));
      m.connect("ws://127.0.0.1:1/").on("close", function (e, retry, online) { print("close", e.code, online); });`);
    await device.line((line) => line === "codes url-invalid option-out-of-range config-missing");
    await device.line((line) => /^close (connect-failed|socket-error|socket-closed) false$/.test(line));
  });

  test("subscribe, unsubscribe, publish and end tell their callbacks; arrays of bytes arrive as they are", async () => {
    await run(`var c = require("mqtt-ws").connect("${platform.url}", {clientId: "a"});
      c.on("message", function (t, p, packet) {
        print("got", packet.payload.length, packet.payload.charCodeAt(1));
        c.unsubscribe("x/#", function (e) { print("unsubscribed", e); c.end(); });
      });
      c.on("close", function (e, retry) { print("closed", e.code, retry); });
      c.subscribe("x/#", {qos: 1}, function (e, qos) { print("granted", e, qos); c.publish("x/y", new Uint8Array([0, 255, 128])); });`);
    await device.line((line) => line === "granted undefined 1");
    await device.line((line) => line === "got 3 255");
    await device.line((line) => line === "unsubscribed undefined");
    await device.line((line) => line === "closed ended undefined");
    expect((await platform.when(({ event }) => event === "disconnected")).code ?? "disconnect").toBe("disconnect");
  });
});
