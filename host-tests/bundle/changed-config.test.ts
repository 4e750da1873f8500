/** device.json while the board runs: it is read for each attempt, and another one is another device. */
import type { Platform } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { EXAMPLES } from "../../tools/run/device-file";
import type { DeviceUnderTest } from "../fixtures/boards";
import { onEachBoard } from "../fixtures/boards";

jest.setTimeout(120_000);

/** Writes what comes as a message into device.json, and puts the first one back when an attempt has failed for it. */
const SKETCH = `
var file = require("Storage").read("device.json"), first = "";
for (var i = 0; i < file.length; i++) first += file.charAt(i);
device.on("message", function (topic, payload) { require("Storage").write("device.json", payload); print("written"); });
device.on("close", function (error) { if (error.code === "config-invalid") require("Storage").write("device.json", first); });`;

const OWN = { productKey: "pk", deviceName: "device", deviceSecret: "secret" };
const OTHER = { productKey: "pk", deviceName: "other", deviceSecret: "another" };

onEachBoard((make) => {
  let platform: Platform;
  let device: DeviceUnderTest;

  const file = (aliyun: object) => ({
    ...EXAMPLES.aliyun,
    aliyun,
    url: platform.url,
    telemetry: undefined,
    subscribe: [{ topic: `/pk/${(aliyun as typeof OWN).deviceName}/user/get`, qos: 1 }],
  });

  /** Brings a board online, has it write `content` as its device.json, and breaks its connection. */
  async function change(content: () => string): Promise<void> {
    platform = await startPlatform({ platform: "aliyun", devices: [OWN, OTHER] });
    device = make(1);
    await device.start(file(OWN), SKETCH);
    await device.status("subscribed");
    await platform.publish("/pk/device/user/get", content(), { qos: 1 });
    await device.line((line) => line === "written");
    platform.cut("reset");
  }

  afterEach(async () => {
    await device.stop();
    await platform.close();
  });

  const names = () => platform.events.filter(({ event }) => event === "connect").map(({ username }) => username);

  test("another device: the board starts again as that one, and nothing is sent in its name before", async () => {
    await change(() => JSON.stringify(file(OTHER)));
    await device.status("online", 2);
    expect(device.all("error")).toMatchObject([{ code: "config-changed" }]);
    expect(device.all("boot")).toHaveLength(2);
    expect(names()).toEqual(["device&pk", "other&pk"]);
    expect(await device.status("subscribed", 2)).toMatchObject({ topic: "/pk/other/user/get" });
  });

  test.each([
    ["damaged", () => "{", ["config-invalid", "config-invalid"]],
    ["of another platform that is unsound", () => '{"platform":"ucloud"}', ["config-missing", "config-invalid"]],
  ])(
    "%s: each attempt says so, and the file that was there before is enough to go on",
    async (_what, content, codes) => {
      await change(content);
      await device.status("online", 2);
      expect(device.all("error").map(({ code }) => code)).toEqual(codes);
      expect(device.all("boot")).toHaveLength(1);
      expect(names()).toEqual(["device&pk", "device&pk"]);
      expect(device.lines.join("\n")).not.toMatch(/secret"|another"/);
    },
  );
});
