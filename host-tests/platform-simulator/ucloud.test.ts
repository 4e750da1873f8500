import type { Platform } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { WireClient } from "../fixtures/wire-client";
import type { Connect } from "./devices";
import { lastEvent, leave, online, UCLOUD } from "./devices";

let platform: Platform;

beforeAll(async () => {
  platform = await startPlatform({ platform: "ucloud" });
});
afterAll(() => platform.close());

describe("ucloud admits", () => {
  test.each([3, 4] as const)(
    "the example device at protocol level %i, and keeps its secret",
    async (protocolVersion) => {
      const client = await online(platform.url, { ...UCLOUD, protocolVersion });
      expect(platform.connected()).toEqual(["exampleproduct.device-1"]);
      expect(lastEvent(platform, "connect")).toMatchObject({
        clientId: "exampleproduct.device-1",
        protocolVersion,
      });
      expect(JSON.stringify(platform.events)).not.toContain("examplesecret");
      await leave(platform, client);
    },
  );

  test("more than five connections in a minute", async () => {
    for (let count = 0; count < 7; count++) await leave(platform, await online(platform.url, UCLOUD));
    expect(platform.connected()).toEqual([]);
  });
});

describe("ucloud refuses", () => {
  const will = { topic: "/exampleproduct/device-1/gone", payload: Buffer.from("x"), qos: 0, retain: false } as const;
  const cases: [rule: string, change: Partial<Connect>, returnCode: number, code: string][] = [
    ["a wrong password with CONNACK 4", { password: Buffer.from("wrong") }, 4, "bad-password"],
    ["a user name of another form with CONNACK 4", { username: "exampleproduct|device-1" }, 4, "bad-username"],
    [
      "an authmode that is neither 1 nor 2 with CONNACK 4",
      { username: "exampleproduct|device-1|3" },
      4,
      "bad-authmode",
    ],
    [
      "dynamic registration of a product that has none with CONNACK 5",
      { username: "exampleproduct|device-1|2" },
      5,
      "registration-off",
    ],
    ["an unknown device with CONNACK 5", { username: "exampleproduct|nobody|1" }, 5, "unknown-device"],
    ["a client id of another form with CONNACK 2", { clientId: "device-1" }, 2, "bad-client-id"],
    ["a keepalive below 30 s with CONNACK 3", { keepalive: 29 }, 3, "keepalive-out-of-range"],
    ["a keepalive above 1200 s with CONNACK 3", { keepalive: 1201 }, 3, "keepalive-out-of-range"],
    ["a will with CONNACK 2", { will }, 2, "will-forbidden"],
  ];

  test.each(cases)("%s", async (_rule, change, returnCode, code) => {
    const client = await WireClient.open(platform.url);
    expect(await client.connect({ ...UCLOUD, ...change })).toMatchObject({ returnCode });
    await client.closed;
    expect(lastEvent(platform, "refused")).toMatchObject({ returnCode, code });
  });
});

describe("ucloud's topics", () => {
  let client: WireClient;
  beforeEach(async () => {
    client = await online(platform.url, UCLOUD);
  });
  afterEach(() => leave(platform, client));

  test.each(["/exampleproduct/device-1/up", "/$system/exampleproduct/device-1/tmodel/property/post"])(
    "a device publishes to %s",
    async (topic) => {
      client.publish(topic, "1", { qos: 1 });
      expect(await client.next("puback")).toMatchObject({ messageId: 2 });
    },
  );

  const forbidden: [rule: string, topic: string, options: { qos?: 0 | 1 | 2; retain?: boolean }, code: string][] = [
    ["to another device's topic", "/exampleproduct/device-2/up", {}, "foreign-topic"],
    ["a retained message", "/exampleproduct/device-1/up", { retain: true }, "retain-forbidden"],
    ["at QoS 2", "/exampleproduct/device-1/up", { qos: 2 }, "qos-forbidden"],
    ["to a topic of more than 128 bytes", `/exampleproduct/device-1/${"t".repeat(104)}`, {}, "topic-too-long"],
    ["to a topic with more than 7 slashes", "/exampleproduct/device-1/3/4/5/6/7/8", {}, "topic-too-deep"],
  ];

  test.each(forbidden)("publishing %s ends the connection", async (_rule, topic, options, code) => {
    client.publish(topic, "1", options);
    expect(await client.closed).toEqual({ code: 1008, reason: code });
  });

  test("publishing a packet of more than 256 KB ends the connection", async () => {
    const topic = "/exampleproduct/device-1/up";
    client.publish(topic, Buffer.alloc(256 * 1024 - topic.length - 1));
    expect(await client.closed).toEqual({ code: 1008, reason: "message-too-big" });
  });

  test("a packet of 256 KB arrives", async () => {
    const topic = "/exampleproduct/device-1/up";
    // Topic length and packet identifier take two bytes each.
    client.publish(topic, Buffer.alloc(256 * 1024 - topic.length - 4), { qos: 1 });
    expect(await client.next("puback")).toMatchObject({ messageId: 2 });
  });

  test("subscriptions are granted to its own topics, nine at once, and to no others", async () => {
    const own = Array.from({ length: 9 }, (_, index) => `/$system/exampleproduct/device-1/down/${index}`);
    expect(await client.subscribe(own)).toEqual(Array(9).fill(1));
    expect(await client.subscribe(["/exampleproduct/+/down"])).toEqual([0x80]);
    expect(lastEvent(platform, "refused")).toMatchObject({ code: "foreign-topic" });
  });
});
