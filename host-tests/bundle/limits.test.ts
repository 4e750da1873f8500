/** The compiled firmware keeps to a cloud's rate of messages on each board. */
import type { Platform } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { EXAMPLES } from "../../tools/run/device-file";
import type { DeviceUnderTest } from "../fixtures/boards";
import { onEachBoard } from "../fixtures/boards";
import { readmeExample } from "../fixtures/readme";

jest.setTimeout(60_000);

onEachBoard((make) => {
  let platform: Platform;
  let device: DeviceUnderTest;

  afterEach(async () => {
    await device.stop();
    await platform.close();
  });

  test("the README's burst: forty messages wait for their turn, all arrive, and the cloud drops none", async () => {
    platform = await startPlatform({ platform: "aliyun" });
    const got: number[] = [];
    device = make(1);
    platform.subscribe("/pk/device/user/reading", (_topic, payload) => {
      got.push(Number(payload.toString()));
      device.wake();
    });
    await device.start({ ...EXAMPLES.aliyun, telemetry: undefined, url: platform.url }, readmeExample("js", "limits"));
    await device.line((line) => line === "all are through");
    await device.until(() => (got.length >= 40 ? true : undefined), "forty messages");
    expect([...got].sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(platform.events.filter(({ event }) => event === "refused")).toEqual([]);
  });

  test("what no cloud takes is refused by name: a topic too long, too deep or not its own, a full queue", async () => {
    platform = await startPlatform({ platform: "ucloud" });
    device = make(1);
    await device.start(
      { ...EXAMPLES.ucloud, telemetry: undefined, url: platform.url },
      `setTimeout(function () {
         var own = "/exampleproduct/device-1/", long = own, told = [];
         while (long.length <= 128) long += "x";
         told.push(device.publish(long, "x"));
         told.push(device.publish(own + "1/2/3/4/5/6", "x"));
         told.push(device.publish("/exampleproduct/another/x", "x"));
         for (var i = 0; i < 100 && told[3] != "queue-full"; i++) told[3] = device.publish(own + "x", "x", { qos: 1 });
         print("told", told.join());
       }, 1000);`,
    );
    await device.line((line) => line === "told topic-forbidden,topic-forbidden,topic-forbidden,queue-full");
  });
});
