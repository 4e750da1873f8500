/**
 * How deep the firmware's calls nest. An ESP32's interpreter has a stack of 25,000 bytes, later C3 images 15,000, and no call
 * that says how much of it is free; "too much recursion" cannot be caught. One level costs some 770 bytes.
 */
import { findEspruino } from "../../tools/board/espruino";
import { DEEPEST, nested, NESTING } from "../../tools/footprint/nested";
import { runOnBoard } from "../../tools/measure/board-run";
import type { PlatformName } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { EXAMPLES } from "../../tools/run/device-file";
import { built } from "../fixtures/boards";

/** Bytes of a level, seen on a chip image; of the interpreter's own functions that are called last; and of the stack that may be used. */
const LEVEL = 770;
const NATIVE = 1300;
const STACK = 12_000;
const MOST = Math.floor((STACK - NATIVE) / LEVEL);

/** Everything that a sketch can ask of either cloud, each from within the handler of something else. */
const SKETCH = `
device.on("set", function () { device.publish(topic, "x", { qos: 1 }, function () { device.report({ a: 1 }); }); });
device.on("command", function (id, input, reply) { reply({ text: "\\xe4", list: [1, { a: [2] }] }); });
device.on("desired", function (values) { device.shadow.report({ values: values, text: "\\xe4" }); });
device.on("message", function (name) { device.publish(topic, name); });
device.on("connect", function () { device.publish(topic, "again", { qos: 1 }); });
setTimeout(function () {
  device.report({ t: { a: { b: { c: { d: { e: { f: 1 } } } } } } });
  device.event("over", { limit: 1 });
}, 500);
`;

const binary = findEspruino();

(binary ? describe : describe.skip).each<PlatformName>(["aliyun", "ucloud"])("with %s", (name) => {
  test(`no more than ${MOST} calls nest: connecting, subscribing, reporting, answering, from within handlers`, async () => {
    const platform = await startPlatform({ platform: name });
    try {
      const example = EXAMPLES[name];
      const device = JSON.stringify({ ...example, url: platform.url });
      const topic = JSON.stringify(example.telemetry!.topic);
      // Out of RAM: the counting bundle is longer than a board reads out of its flash.
      const code = `${NESTING}${nested(built("firmware.js"))}\nvar topic=${topic};${SKETCH}
device.on("message",function(t,p){if(p==="how deep")print("~deepest",${DEEPEST})});`;
      const program = { code, files: { "device.json": device }, binary: binary!, inMemory: true };
      const deepest = await runOnBoard(program, async (board) => {
        await board.line((line) => line.includes('"event":"subscribed"'), "subscription");
        await platform.when(({ event }) => event === "reported");
        const lines = [
          'set {"target":22,"b":{"c":[1,2,3]}}',
          'command blink {"times":3}',
          ...(name === "aliyun" ? ['call blink {"times":3}'] : []),
          'desired {"target":{"a":1}}',
        ];
        for (const line of lines) await platform.command(line);
        platform.cut();
        await board.line((line) => line.includes('"event":"offline"'), "loss");
        const again = board.lines.length;
        await board.line((line) => line.includes('"event":"online"'), "connection", undefined, again);
        await board.line((line) => line.includes('"event":"message"'), "message", undefined, again);
        await platform.command(`publish ${example.subscribe![0].topic} how deep`);
        return Number(await board.told("~deepest"));
      });
      expect(deepest).toBeGreaterThan(5);
      expect(deepest).toBeLessThanOrEqual(MOST);
    } finally {
      await platform.close();
    }
  }, 60_000);
});
