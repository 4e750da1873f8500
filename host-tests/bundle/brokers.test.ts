/** The compiled bundle on a board, against brokers that know nothing of clouds: aedes and Mosquitto. */
import type { Platform } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { EXAMPLES } from "../../tools/run/device-file";
import type { DeviceUnderTest } from "../fixtures/boards";
import { memoryWatched, onEachBoard, SPEED, watchMemory } from "../fixtures/boards";
import { findMosquitto, startMosquitto } from "../fixtures/mosquitto";

jest.setTimeout(Math.max(60_000, 600_000 / SPEED));

onEachBoard((make) => {
  let device: DeviceUnderTest;

  afterEach(() => device.stop());

  test("aedes: connected with a Will and a retained message of its own, and back after a cut", async () => {
    const platform: Platform = await startPlatform({ platform: "broker", speed: SPEED });
    try {
      device = make();
      const mqtt = { keepalive: 60, will: { topic: "device-1/state", payload: "gone", retain: true } };
      await device.start({ ...EXAMPLES.broker, url: platform.url, mqtt });
      await device.status("published");
      const gone = new Promise<string>((resolve) => {
        platform.subscribe("device-1/state", (_topic, payload) => resolve(payload.toString()));
      });
      platform.cut("reset");
      expect(await gone).toBe("gone");
      await device.status("online", 2);
    } finally {
      await platform.close();
    }
  });

  (findMosquitto() ? describe : describe.skip)("Mosquitto", () => {
    // Mosquitto's own timers are real, so it hears more pings than it needs to.
    test.each([
      ["aliyun", 4],
      ["ucloud", 4],
      ["broker", 4],
      ["broker", 3],
    ] as const)(
      "a device of %s, protocolVersion %i: five intervals, messages both ways",
      async (name, protocolVersion) => {
        const mosquitto = await startMosquitto();
        try {
          device = make();
          const topic = EXAMPLES[name].telemetry!.topic;
          const file = {
            ...EXAMPLES[name],
            url: mosquitto.url,
            mqtt: { keepalive: 30, protocolVersion },
            subscribe: [{ topic, qos: 1 }],
            telemetry: undefined,
          };
          const message = `device.publish(${JSON.stringify(topic)},"there and back",{qos:1})`;
          await device.start(file, `setTimeout(function(){${message}},10000);${watchMemory(30)}`);
          expect(await device.status("message")).toMatchObject({ topic, qos: 1, bytes: 14 });
          const { usage, flags } = await device.until(() => {
            const watched = memoryWatched(device.lines);
            return watched.usage.length === 6 ? watched : undefined;
          }, "six intervals");
          // The message was published in the first interval; the look after it, a minute later, is over by the third.
          expect(usage[3].often).toContain(usage[5].most);
          expect([...flags]).toEqual(["[]"]);
          expect(device.all("offline")).toEqual([]);
          expect(device.all("error")).toEqual([]);
        } finally {
          await mosquitto.stop();
        }
      },
    );
  });
});
