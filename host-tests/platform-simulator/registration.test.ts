/** Dynamic registration as the simulated clouds take and refuse it, on the wire. */
import { createHmac } from "node:crypto";
import type { Platform, PlatformOptions } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { WireClient } from "../fixtures/wire-client";
import type { Connect } from "./devices";
import { lastEvent } from "./devices";

const ALIYUN = { productKey: "pk", deviceName: "device", deviceSecret: "own", productSecret: "product" };
const UCLOUD = { productSN: "prod", deviceSN: "device-1", deviceSecret: "own", productSecret: "product" };

const asUcloud = (mode: 1 | 2, password: string): Connect => ({
  clientId: "prod.device-1",
  username: `prod|device-1|${mode}`,
  password: Buffer.from(password),
  keepalive: 300,
});

let platform: Platform;
let client: WireClient;

async function connect(options: PlatformOptions, packet: Connect): Promise<number | undefined> {
  platform = await startPlatform(options);
  client = await WireClient.open(platform.url);
  return (await client.connect(packet)).returnCode;
}

afterEach(async () => {
  client.terminate();
  await platform.close();
});

test("aliyun: authType=register over plain ws is refused with CONNACK 2", async () => {
  const password = createHmac("sha1", "product").update("deviceNamedeviceproductKeypkrandom1").digest("hex");
  const packet: Connect = {
    clientId: "12345|securemode=2,authType=register,random=1,signmethod=hmacsha1|",
    username: "device&pk",
    password: Buffer.from(password),
    keepalive: 300,
  };
  expect(await connect({ platform: "aliyun", devices: [ALIYUN] }, packet)).toBe(2);
  expect(lastEvent(platform, "refused")).toMatchObject({ code: "registration-insecure" });
});

test("ucloud: anything but the request on a connection that registers ends it", async () => {
  expect(await connect({ platform: "ucloud", devices: [UCLOUD] }, asUcloud(2, "product"))).toBe(0);
  client.send({ cmd: "publish", topic: "/prod/device-1/update", payload: "x", qos: 0, retain: false, dup: false });
  await client.closed;
  expect(lastEvent(platform, "refused")).toMatchObject({ code: "registering", topic: "/prod/device-1/update" });
});

test("ucloud: the device's own secret is no product secret", async () => {
  expect(await connect({ platform: "ucloud", devices: [UCLOUD] }, asUcloud(2, "own"))).toBe(4);
  expect(lastEvent(platform, "refused")).toMatchObject({ code: "bad-product-secret" });
});

test("a connection that registers is ended by the platform after 15 s", async () => {
  const options: PlatformOptions = { platform: "ucloud", devices: [UCLOUD], speed: 30, withholdSecrets: true };
  expect(await connect(options, asUcloud(2, "product"))).toBe(0);
  await client.closed;
  expect(lastEvent(platform, "disconnected")).toMatchObject({ code: "registration-over" });
});
