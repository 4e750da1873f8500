/** The README's example of each feature, in the compiled firmware on each board, and the clock against a simulated cloud. */
import type { Platform, PlatformOptions } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { EXAMPLES } from "../../tools/run/device-file";
import type { DeviceUnderTest } from "../fixtures/boards";
import { onEachBoard } from "../fixtures/boards";
import { readmeExample } from "../fixtures/readme";

jest.setTimeout(60_000);

/** What the README's board prints. */
const NOON = Date.parse("2026-01-02T03:04:05.678Z");

onEachBoard((make) => {
  let platform: Platform;
  let device: DeviceUnderTest;

  async function start(options: PlatformOptions, file: object, sketch = ""): Promise<void> {
    platform = await startPlatform(options);
    device = make(1);
    await device.start({ ...file, url: platform.url }, sketch);
  }

  afterEach(async () => {
    await device.stop();
    await platform.close();
  });

  test("the README's registration: a device with its product's secret alone gets online with its own", async () => {
    const file = JSON.parse(readmeExample("json", "registration"));
    const known = { ...file.ucloud, deviceSecret: "own" };
    await start({ platform: "ucloud", devices: [known] }, file);
    await device.status("registered");
    await device.status("online");
    expect(platform.connected()).toEqual(["prod.device-1"]);
  });

  test("the README's clock: no time before the answer, the cloud's after it, and the system clock untouched", async () => {
    const sketch = `${readmeExample("js", "clock")}
      setInterval(function () { print("own", Date.now()); }, 1000);`;
    await start({ platform: "aliyun", time: () => NOON }, { ...EXAMPLES.aliyun, telemetry: undefined }, sketch);
    await device.line((line) => /^2026-01-02T03:04:0\d/.test(line));
    const own = await device.line((line) => line.startsWith("own "));
    expect(Math.abs(Number(own.split(" ")[1]) - NOON)).toBeGreaterThan(86_400_000);
    expect(device.all("error")).toEqual([]);
  });

  test("telemetry has the cloud's time once it is known", async () => {
    const telemetry = { topic: "/pk/device/user/update", qos: 1, period: 1 };
    const reports: { time?: number; seq: number }[] = [];
    platform = await startPlatform({ platform: "aliyun", time: () => NOON });
    platform.subscribe(telemetry.topic, (_topic, payload) => reports.push(JSON.parse(payload.toString())));
    device = make(1);
    await device.start({ ...EXAMPLES.aliyun, url: platform.url, telemetry });
    await device.status("published", 3);
    expect(reports[0]).not.toHaveProperty("time");
    expect(reports[2].time).toBeGreaterThanOrEqual(NOON);
    expect(reports[2].time).toBeLessThan(NOON + 30_000);
  });

  test.each(["ucloud", "broker"] as const)("%s has no time service: no request, no device.time", async (name) => {
    await start(
      { platform: name },
      EXAMPLES[name],
      'setTimeout(function(){print("time is",typeof device.time)},2000);',
    );
    await device.line((line) => line === "time is undefined");
    expect(platform.events.filter(({ topic }) => topic?.includes("ntp"))).toEqual([]);
  });
});
