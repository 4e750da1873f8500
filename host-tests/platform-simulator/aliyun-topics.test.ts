import type { Platform } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { WireClient } from "../fixtures/wire-client";
import { DOCUMENTED, lastEvent, leave, nextEvent, online, sign } from "./devices";

let platform: Platform;
let client: WireClient;
let time = 0;

beforeAll(async () => {
  platform = await startPlatform({ platform: "aliyun", now: () => time });
});
beforeEach(async () => {
  time += 60_000;
  client = await online(platform.url, DOCUMENTED);
});
afterEach(() => leave(platform, client));
afterAll(() => platform.close());

/** 128 bytes, the longest topic. */
const LONGEST = `/pk/device/user/${"t".repeat(112)}`;
/** Seven slashes, the deepest topic. */
const DEEPEST = "/pk/device/user/4/5/6/7";

describe("aliyun lets a device publish", () => {
  test.each([
    "/pk/device/user/update",
    "/sys/pk/device/thing/event/property/post",
    "/ext/ntp/pk/device/request",
    "/shadow/update/pk/device",
    "/ota/device/inform/pk/device",
    LONGEST,
    DEEPEST,
  ])("to %s, with a PUBACK and a log line", async (topic) => {
    const before = platform.events.length;
    client.publish(topic, "21.5", { qos: 1 });
    expect(await client.next("puback")).toMatchObject({ messageId: 2 });
    const published = platform.events.slice(before).find(({ event }) => event === "published");
    expect(published).toEqual({ event: "published", clientId: DOCUMENTED.clientId, topic, qos: 1, bytes: 4 });
  });

  test("256 KB at once", async () => {
    client.publish("/pk/device/user/update", Buffer.alloc(256 * 1024), { qos: 1 });
    expect(await client.next("puback")).toMatchObject({ messageId: 2 });
  });

  test("Chinese text that arrives unchanged", async () => {
    const heard = new Promise((resolve) => {
      const stop = platform.subscribe("/pk/device/user/#", (topic, payload) => {
        stop();
        resolve([topic, payload.toString()]);
      });
    });
    client.publish("/pk/device/user/温度", "二十一度");
    expect(await heard).toEqual(["/pk/device/user/温度", "二十一度"]);
  });
});

describe("aliyun ends the connection that publishes", () => {
  const cases: [rule: string, topic: string, options: { qos?: 0 | 1 | 2; retain?: boolean }, code: string][] = [
    ["to another device's topic", "/pk/other/user/update", {}, "foreign-topic"],
    ["to another product's topic", "/other/device/user/update", {}, "foreign-topic"],
    ["to a topic that only begins like its own", "/pk/device-2/user/update", {}, "foreign-topic"],
    ["to a topic outside all products", "telemetry", {}, "foreign-topic"],
    ["a retained message", "/pk/device/user/update", { retain: true }, "retain-forbidden"],
    ["at QoS 2", "/pk/device/user/update", { qos: 2 }, "qos-forbidden"],
    ["to a topic of more than 128 bytes", `${LONGEST}t`, {}, "topic-too-long"],
    [
      "to a topic of more than 128 bytes in fewer characters",
      `/pk/device/user/${"度".repeat(38)}`,
      {},
      "topic-too-long",
    ],
    ["to a topic with more than 7 slashes", `${DEEPEST}/8`, {}, "topic-too-deep"],
  ];

  test.each(cases)("%s", async (_rule, topic, options, code) => {
    const before = platform.events.length;
    client.publish(topic, "x", options);
    expect(await client.closed).toEqual({ code: 1008, reason: code });
    const events = platform.events.slice(before);
    expect(events.find(({ event }) => event === "refused")).toMatchObject({ code, topic });
    expect(events.some(({ event }) => event === "published")).toBe(false);
  });

  test("more than 256 KB", async () => {
    client.publish("/pk/device/user/update", Buffer.alloc(256 * 1024 + 1));
    expect(await client.closed).toEqual({ code: 1008, reason: "message-too-big" });
  });
});

describe("aliyun grants subscriptions", () => {
  test.each(["/pk/device/user/get", "/pk/device/user/#", "/sys/pk/device/thing/+/property/set", "/broadcast/pk/news"])(
    "to %s",
    async (filter) => {
      expect(await client.subscribe([filter])).toEqual([1]);
      expect(lastEvent(platform, "subscribed")).toMatchObject({ topic: filter, qos: 1 });
    },
  );

  test("8 in one SUBSCRIBE", async () => {
    const filters = Array.from({ length: 8 }, (_, index) => `/pk/device/user/${index}`);
    expect(await client.subscribe(filters, 0)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test("100 in all, the same one again not counted, and another after an UNSUBSCRIBE", async () => {
    for (let index = 0; index < 100; index++) {
      expect(await client.subscribe([`/pk/device/user/${index}`])).toEqual([1]);
    }
    expect(await client.subscribe(["/pk/device/user/100"])).toEqual([0x80]);
    expect(lastEvent(platform, "refused")).toMatchObject({
      code: "too-many-subscriptions",
      topic: "/pk/device/user/100",
    });
    expect(await client.subscribe(["/pk/device/user/99"])).toEqual([1]);
    client.send({ cmd: "unsubscribe", messageId: 3, unsubscriptions: ["/pk/device/user/99"] });
    await client.next("unsuback");
    expect(await client.subscribe(["/pk/device/user/100"])).toEqual([1]);
  });
});

describe("aliyun answers SUBACK 0x80", () => {
  const cases: [rule: string, filter: string, qos: 0 | 1 | 2, code: string][] = [
    ["to another device's topic", "/pk/other/user/get", 1, "foreign-topic"],
    ["to a wildcard before the device's name", "/pk/+/user/get", 1, "foreign-topic"],
    ["to everything", "#", 1, "foreign-topic"],
    ["at QoS 2", "/pk/device/user/get", 2, "qos-forbidden"],
    ["to a topic of more than 128 bytes", `${LONGEST}t`, 1, "topic-too-long"],
    ["to a topic with more than 7 slashes", `${DEEPEST}/8`, 1, "topic-too-deep"],
  ];

  test.each(cases)("%s", async (_rule, filter, qos, code) => {
    expect(await client.subscribe([filter], qos)).toEqual([0x80]);
    expect(lastEvent(platform, "refused")).toMatchObject({ code, topic: filter, qos });
  });

  test("to the foreign filter alone, among several in one SUBSCRIBE", async () => {
    expect(await client.subscribe(["/pk/device/user/a", "/pk/other/user/b", "/pk/device/user/c"])).toEqual([
      1, 0x80, 1,
    ]);
  });
});

test("aliyun ends the connection that puts more than 8 filters into one SUBSCRIBE", async () => {
  const filters = Array.from({ length: 9 }, (_, index) => `/pk/device/user/${index}`);
  await expect(client.subscribe(filters)).rejects.toThrow("too-many-filters");
  expect(await client.closed).toEqual({ code: 1008, reason: "too-many-filters" });
});

describe("a downlink message", () => {
  test("reaches the subscriber, and its PUBACK is logged", async () => {
    const before = platform.events.length;
    await client.subscribe(["/pk/device/user/get"]);
    await platform.publish("/pk/device/user/get", "开灯", { qos: 1 });
    const message = await client.next("publish");
    expect(message).toMatchObject({ topic: "/pk/device/user/get", qos: 1, retain: false });
    expect(message.payload.toString()).toBe("开灯");
    const names = () => platform.events.slice(before).map(({ event }) => event);
    expect(names()).toEqual(["subscribed", "sent"]);
    const delivered = nextEvent(platform, "delivered");
    client.send({ cmd: "puback", messageId: message.messageId! });
    expect(await delivered).toEqual({
      event: "delivered",
      clientId: DOCUMENTED.clientId,
      topic: "/pk/device/user/get",
      qos: 1,
      bytes: 6,
    });
  });

  test("at QoS 0 needs no acknowledgement", async () => {
    await client.subscribe(["/pk/device/user/get"]);
    await platform.publish("/pk/device/user/get", "on");
    expect(await client.next("publish")).toMatchObject({ qos: 0 });
  });

  test("waits for a device with a kept session, whatever its next client id", async () => {
    await leave(platform, client);
    client = await online(platform.url, { ...DOCUMENTED, clean: false });
    await client.subscribe(["/pk/device/user/get"]);
    await leave(platform, client);
    await platform.publish("/pk/device/user/get", "later", { qos: 1 });
    client = await WireClient.open(platform.url);
    const clientId = "12345|securemode=3,signmethod=hmacsha1,timestamp=790|";
    const password = sign("clientId12345deviceNamedeviceproductKeypktimestamp790");
    const connack = await client.connect({ ...DOCUMENTED, clientId, password, clean: false });
    expect(connack).toMatchObject({ returnCode: 0, sessionPresent: true });
    expect((await client.next("publish")).payload.toString()).toBe("later");
  });
});
