/** Messages above a cloud's rate are dropped: acknowledged, and given to nobody. */
import { MessageRate } from "../../tools/platform-simulator/message-rate";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { lastEvent, online } from "./devices";

test.each([
  [[30, 10] as const, 1, 10],
  [[30, 10] as const, 0, 30],
  [30, 1, 30],
])("of %j messages a second, QoS %i, a device gets through %i, and as many a second later", (limits, qos, passed) => {
  let now = 0;
  const rate = new MessageRate(limits, () => now);
  const burst = () => Array.from({ length: 50 }, () => rate.take("a", qos)).filter(Boolean).length;
  expect(burst()).toBe(passed);
  expect(rate.take("another", qos)).toBe(true);
  now = 999;
  expect(burst()).toBe(0);
  now = 1000;
  expect(burst()).toBe(passed);
});

test("aliyun: the thirty-first message of a second reaches nobody, and is told", async () => {
  const platform = await startPlatform({ platform: "aliyun", now: () => 0 });
  const got: string[] = [];
  platform.subscribe("/pk/device/user/x", (_topic, payload) => got.push(payload.toString()));
  const client = await online(platform.url);
  for (let i = 0; i < 31; i++) client.publish("/pk/device/user/x", `${i}`);
  await platform.when(({ code }) => code === "rate-exceeded");
  expect(got).toHaveLength(30);
  expect(lastEvent(platform, "refused")).toMatchObject({ code: "rate-exceeded", topic: "/pk/device/user/x" });
  client.terminate();
  await platform.close();
});
