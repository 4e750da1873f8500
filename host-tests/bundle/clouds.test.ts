/** The compiled bundle on a board, against the simulated platforms: who it says it is, and that it stays connected. */
import type { Platform, PlatformOptions } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import type { DeviceFile } from "../../tools/run/device-file";
import { EXAMPLES } from "../../tools/run/device-file";
import { makeCertificate } from "../fixtures/certificate";
import type { DeviceUnderTest } from "../fixtures/boards";
import { memoryWatched, onEachBoard, SPEED, watchMemory } from "../fixtures/boards";

const KEEPALIVE = 30;

jest.setTimeout(Math.max(60_000, 600_000 / SPEED));

onEachBoard(
  (make) => {
    let platform: Platform;
    let device: DeviceUnderTest;

    async function start(
      options: PlatformOptions,
      file: Partial<DeviceFile>,
      sketch = "",
      speed = SPEED,
    ): Promise<void> {
      platform = await startPlatform({ ...options, speed });
      device = make(speed);
      await device.start({ ...EXAMPLES[options.platform], url: platform.url, ...file }, sketch);
    }

    afterEach(async () => {
      await device.stop();
      await platform.close();
    });

    /** Lets six keepalive intervals pass and holds the end against the first one after the minute that a boot is on trial. */
    async function staysConnected(): Promise<void> {
      const { usage, flags } = await device.until(() => {
        const watched = memoryWatched(device.lines);
        return watched.usage.length === 6 ? watched : undefined;
      }, "six intervals");
      expect(usage[2].often).toContain(usage[5].most);
      expect([...flags]).toEqual(["[]"]);
      // A packet leaves at least every half interval.
      expect(device.all("ping").length).toBeGreaterThanOrEqual(10);
      expect(device.all("online")).toHaveLength(1);
      expect(device.all("offline")).toEqual([]);
      expect(device.all("error")).toEqual([]);
    }

    test("the seeds' device signs as Alibaba Cloud's documents compute it, and stays connected for five intervals", async () => {
      await start(
        { platform: "aliyun" },
        { mqtt: { keepalive: KEEPALIVE }, telemetry: undefined },
        watchMemory(KEEPALIVE),
      );
      const connect = await platform.when(({ event }) => event === "connect");
      expect(connect).toMatchObject({
        clientId: "12345|securemode=3,signmethod=hmacsha1,timestamp=789|",
        username: "device&pk",
        password: "fafd82a3d602b37fb0fa8b7892f24a477f851a14",
        protocolVersion: 4,
        keepalive: KEEPALIVE,
        returnCode: 0,
      });
      await staysConnected();
    });

    test("MQTT 3.1 (protocolVersion 3): MQIsdp, level 3, and five intervals", async () => {
      await start(
        { platform: "aliyun" },
        { mqtt: { keepalive: KEEPALIVE, protocolVersion: 3 } as never, telemetry: undefined },
        watchMemory(KEEPALIVE),
      );
      expect(await platform.when(({ event }) => event === "connect")).toMatchObject({
        protocolVersion: 3,
        returnCode: 0,
      });
      await staysConnected();
    });

    test("a UCloud device connects with its product and device number, and stays connected for five intervals", async () => {
      await start(
        { platform: "ucloud" },
        { mqtt: { keepalive: KEEPALIVE }, telemetry: undefined },
        watchMemory(KEEPALIVE),
      );
      expect(await platform.when(({ event }) => event === "connect")).toMatchObject({
        clientId: "exampleproduct.device-1",
        username: "exampleproduct|device-1|1",
        returnCode: 0,
      });
      await staysConnected();
    });

    test("telemetry is acknowledged, a downlink arrives and is acknowledged, in Chinese too", async () => {
      const topic = "/pk/device/user/灯";
      const sketch = 'device.on("message",function(t,p){print("got "+t+" "+p)});';
      await start({ platform: "aliyun" }, { subscribe: [{ topic, qos: 1 }] }, sketch);
      await device.status("published");
      await device.status("subscribed");
      await platform.publish(topic, "开", { qos: 1 });
      expect(await device.status("message")).toMatchObject({ topic, qos: 1, bytes: 3 });
      await device.line((line) => line === `got ${topic} 开`);
      await platform.when(({ event }) => event === "delivered");
    });

    test("what a sketch publishes arrives, UTF-8 untouched, and its callback is told", async () => {
      const sketch = `device.on("connect",function(){setTimeout(function(){
      print(device.publish("/pk/device/user/update","温度 21.5",{qos:1},function(e){print("told "+e)}));
    },1000)});`;
      await start({ platform: "aliyun" }, { telemetry: undefined }, sketch);
      const arrived = new Promise<string>((resolve) => {
        platform.subscribe("/pk/device/user/update", (_topic, payload) => resolve(payload.toString("utf8")));
      });
      expect(await arrived).toBe("温度 21.5");
      await device.line((line) => line === "sent");
      await device.line((line) => line === "told undefined");
    });

    test("after a reset of the link the board is back, subscribed again, with one offline for one online", async () => {
      await start({ platform: "aliyun" }, { telemetry: undefined });
      await device.status("subscribed");
      platform.cut("reset");
      await device.status("online", 2);
      const own = "/pk/device/user/get";
      const subscribed = () => platform.events.filter(({ event, topic }) => event === "subscribed" && topic === own);
      await device.until(() => subscribed()[1], "second SUBSCRIBE");
      await platform.publish(own, "again", { qos: 1 });
      expect(await device.status("message")).toMatchObject({ bytes: 5 });
      expect(device.all("offline")).toMatchObject([{ code: "socket-closed" }]);
    });

    test("a blackholed link is noticed by its keepalive", async () => {
      await start({ platform: "aliyun" }, { mqtt: { keepalive: KEEPALIVE }, telemetry: undefined });
      await device.status("online");
      platform.cut("blackhole");
      expect(await device.status("offline")).toMatchObject({ code: "ping-timeout" });
      await device.status("online", 2);
    });

    test("a wrong secret is refused: named, not sent again for minutes, and nothing secret is printed", async () => {
      const aliyun = { ...EXAMPLES.aliyun.aliyun, deviceSecret: "wr0ng-s3cret" };
      await start({ platform: "aliyun" }, { aliyun }, "", 1);
      const error = await device.status("error");
      expect(["bad-username-or-password", "not-authorized"]).toContain(error.code);
      expect(error.retry).toBeGreaterThanOrEqual(300);
      expect(device.lines.join("\n")).not.toContain("wr0ng-s3cret");
    });

    test("what the console prints of device holds no secret", async () => {
      const aliyun = { ...EXAMPLES.aliyun.aliyun, deviceSecret: "secret" };
      const wifi = { ssid: "plant-2", password: "wifi-s3cret" };
      // The simulated board's printer gives up at an object that holds itself, which the interpreter's does not.
      const sketch =
        'setTimeout(function(){try{print(device)}catch(e){}try{print(JSON.stringify(device))}catch(e){}print("printed")},3000);';
      await start({ platform: "aliyun" }, { aliyun, wifi }, sketch, 1);
      await device.line((line) => line === "printed");
      expect(device.all("online")).toHaveLength(1);
      const told = device.lines.join("\n");
      expect(told).toContain("online");
      expect(told).not.toContain('"secret"');
      expect(told).not.toContain("wifi-s3cret");
    });

    test.each(["aliyun", "ucloud"] as const)("wss: %s over TLS, with securemode 2 where there is one", async (name) => {
      await start({ platform: name, tls: await makeCertificate() } as PlatformOptions, { mqtt: { keepalive: 300 } });
      await device.status("published");
      const { clientId } = await platform.when(({ event }) => event === "connect");
      if (name === "aliyun") expect(clientId).toContain("|securemode=2,");
      expect(device.all("offline")).toEqual([]);
    });
  },
  { tls: "fits" },
);
