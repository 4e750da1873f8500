import { startPlatform } from "../../tools/platform-simulator/simulator";
import { WireClient } from "../fixtures/wire-client";
import { leave, nextEvent, online } from "./devices";

describe("a broker without users", () => {
  test("lets anybody in, without a keepalive too", async () => {
    const platform = await startPlatform({ platform: "broker" });
    const client = await online(platform.url, { clientId: "bench-7", keepalive: 0 });
    expect(platform.connected()).toEqual(["bench-7"]);
    await leave(platform, client);
    await platform.close();
  });

  test("names a client that has no id", async () => {
    const platform = await startPlatform({ platform: "broker" });
    await online(platform.url, { clientId: "" });
    expect(platform.connected()).toEqual([expect.stringMatching(/./)]);
    await platform.close();
  });

  test("keeps retained messages, takes QoS 2 and sends the will of whoever breaks off", async () => {
    const platform = await startPlatform({ platform: "broker" });
    const will = { topic: "lamp/gone", payload: Buffer.from("yes"), qos: 1, retain: true } as const;
    const lamp = await online(platform.url, { clientId: "lamp", will });
    lamp.publish("lamp/state", "on", { qos: 2, retain: true });
    await lamp.next("pubrec");
    lamp.send({ cmd: "pubrel", messageId: 2 });
    await lamp.next("pubcomp");
    const watcher = await online(platform.url, { clientId: "watcher" });
    expect(await watcher.subscribe(["lamp/#"])).toEqual([1]);
    expect(await watcher.next("publish")).toMatchObject({ topic: "lamp/state", retain: true });
    lamp.terminate();
    expect(await watcher.next("publish")).toMatchObject({ topic: "lamp/gone", payload: Buffer.from("yes") });
    await platform.close();
  });

  test("marks a message that a device sent again", async () => {
    const platform = await startPlatform({ platform: "broker" });
    const client = await online(platform.url, { clientId: "again" });
    const published = nextEvent(platform, "published");
    client.send({ cmd: "publish", topic: "t", payload: "x", qos: 1, messageId: 9, dup: true, retain: false });
    await client.next("puback");
    expect(await published).toEqual({ event: "published", clientId: "again", topic: "t", qos: 1, dup: true, bytes: 1 });
    await platform.close();
  });

  test("keeps $SYS to itself", async () => {
    const platform = await startPlatform({ platform: "broker" });
    const client = await online(platform.url, { clientId: "one" });
    client.publish("$SYS/x", "1");
    expect(await client.closed).toEqual({ code: 1008, reason: "foreign-topic" });
    await platform.close();
  });
});

describe("a broker with users", () => {
  const user = { username: "lamp", password: "pass" };
  test.each([
    ["admits the right password", "lamp", "pass", 0, undefined],
    ["refuses a wrong password with CONNACK 4", "lamp", "guess", 4, "bad-password"],
    ["refuses an unknown user with CONNACK 5", "nobody", "pass", 5, "unknown-user"],
    ["refuses nobody with CONNACK 5", undefined, undefined, 5, "unknown-user"],
  ])("%s", async (_rule, username, password, returnCode, code) => {
    const platform = await startPlatform({ platform: "broker", devices: [user] });
    const client = await WireClient.open(platform.url);
    const given = { username, password: password === undefined ? undefined : Buffer.from(password) };
    expect(await client.connect({ clientId: "one", ...given })).toMatchObject({ returnCode });
    expect(platform.events.find(({ event }) => event === "refused")?.code).toBe(code);
    expect(JSON.stringify(platform.events)).not.toContain('"pass"');
    await platform.close();
  });
});
