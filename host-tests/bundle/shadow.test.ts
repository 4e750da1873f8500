/** The compiled firmware's shadow on each board, with both simulated clouds. */
import type { Platform } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { EXAMPLES } from "../../tools/run/device-file";
import type { DeviceUnderTest } from "../fixtures/boards";
import { onEachBoard } from "../fixtures/boards";
import { readmeExample } from "../fixtures/readme";

jest.setTimeout(60_000);

const CLOUDS = ["aliyun", "ucloud"] as const;

onEachBoard((make) => {
  let platform: Platform;
  let device: DeviceUnderTest;

  async function start(name: (typeof CLOUDS)[number], sketch: string): Promise<void> {
    platform = await startPlatform({ platform: name });
    device = make(1);
    await device.start({ ...EXAMPLES[name], telemetry: undefined, url: platform.url }, sketch);
    const last = name === "aliyun" ? /^\/shadow\/get/ : /shadow\/get_reply$/;
    await platform.when(({ event, topic }) => event === "subscribed" && last.test(topic!));
  }

  /** How many of the console's lines are this. */
  const count = (text: string) => device.lines.filter((line) => line === text).length;

  afterEach(async () => {
    await device.stop();
    await platform.close();
  });

  test.each(CLOUDS)("%s: the README's shadow prints what the README says", async (name) => {
    await start(name, readmeExample("js", "shadow"));
    await platform.command('desired {"target":22}');
    await device.line((line) => line === "desired 22");
    await device.line((line) => line === "reported");
    expect(device.all("error")).toEqual([]);
  });

  test.each(CLOUDS)(
    "%s: desired values are told once, also after a reconnect, and again when they change",
    async (name) => {
      await start(name, readmeExample("js", "shadow"));
      await platform.command('desired {"target":22}');
      await device.line((line) => line === "reported");
      platform.cut();
      await device.status("online", 2);
      // The get of the new connection has been answered once this one has changed something.
      await platform.command('desired {"target":23}');
      await device.line((line) => line === "desired 23");
      expect(count("desired 22")).toBe(1);
      expect(count("desired 23")).toBe(1);
    },
  );

  test.each(CLOUDS)("%s: what was desired while the device was away is told when it comes", async (name) => {
    await start(name, 'device.on("desired", function (v) { print("desired", v.text, v.big); });');
    await device.board.powerOff();
    await platform.command('desired {"text":"温\\u5ea6","big":9223372036854775807}');
    await device.board.powerOn();
    const line = await device.line((text) => text.startsWith("desired "));
    expect(line).toContain(" 9223372036854775807");
  });

  test.each(CLOUDS)("%s: a conflict is resolved by the cloud's own rule, and the values get there", async (name) => {
    await start(
      name,
      `var n = 0;
       setInterval(function () {
         device.shadow.report({ n: n + 1 }, function (e) { if (!e) n++; print("report", n, e ? e.code : "well"); });
       }, 1500);`,
    );
    await device.line((line) => line === "report 1 well");
    await platform.command("overtake");
    await device.line((line) => line === "report 2 well");
    expect(platform.events.some(({ code }) => code === "version-conflict")).toBe(true);
    const reported = platform.events.filter(({ event }) => event === "reported");
    expect(reported[1].reason).toContain('"n":2');
  });
});
