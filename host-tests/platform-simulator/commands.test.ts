/** What is typed at the simulator's prompt or stands in a script, and what a device sees of it on the wire. */
import { runScript } from "../../tools/platform-simulator/script";
import type { Platform } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import type { WireClient } from "../fixtures/wire-client";
import { DOCUMENTED, nextEvent, online, UCLOUD } from "./devices";

let platform: Platform;
let client: WireClient | undefined;
afterEach(async () => {
  client?.terminate();
  client = undefined;
  await platform.close();
});

async function open(name: "aliyun" | "ucloud", speed = 1): Promise<WireClient> {
  platform = await startPlatform({ platform: name, speed });
  return (client = await online(platform.url, name === "aliyun" ? DOCUMENTED : UCLOUD));
}

/** Sends as the device and waits for the event that the platform makes of it. */
function send(topic: string, payload: object, event: "reported" | "refused" | "answered") {
  const told = nextEvent(platform, event);
  client!.publish(topic, JSON.stringify(payload));
  return told;
}

test("a report is answered by its id, and refused with the code that was asked for, once", async () => {
  await open("aliyun");
  const topic = "/sys/pk/device/thing/event/property/post";
  const replies: unknown[] = [];
  platform.subscribe(`${topic}_reply`, (_topic, payload) => replies.push(JSON.parse(payload.toString())));
  await platform.command("refuse 460");
  expect(await send(topic, { id: "7", params: {} }, "refused")).toMatchObject({ code: "thing-refused" });
  await send(topic, { id: "8", params: {} }, "reported");
  expect(await send(topic, { params: {} }, "refused")).toMatchObject({ code: "thing-invalid" });
  expect(replies).toEqual([
    { id: "7", code: 460, data: {} },
    { id: "8", code: 200, data: {} },
  ]);
});

test("JSON typed at the prompt goes down digit for digit", async () => {
  await open("ucloud");
  const sent: string[] = [];
  platform.subscribe("/$system/#", (_topic, payload) => sent.push(payload.toString()));
  await platform.command('set {"big": 9223372036854775807}');
  expect(sent).toEqual(['{"RequestID":"1","Property":{"big": 9223372036854775807}}']);
});

test.each([
  ["aliyun", "call add {}", "/sys/pk/device/rrpc/response/1"],
  ["ucloud", "command add {}", "/$system/exampleproduct/device-1/tmodel/command_reply/1"],
] as const)("%s: an answer in time is answered, one after the limit is late", async (name, line, topic) => {
  await open(name, 100);
  const unanswered = nextEvent(platform, "unanswered");
  await platform.command(line);
  expect(await unanswered).toMatchObject({ topic, code: "late" });
  expect(await send(topic, {}, "refused")).toMatchObject({ code: "late" });
  client!.terminate();
  await platform.close();
  await open(name);
  await platform.command(line);
  expect(await send(topic, { ok: true }, "answered")).toMatchObject({ topic });
});

test.each([
  ["aliyun", [0, 1, 5], ["refused", "reported", "reported"], "above 0"],
  ["ucloud", [1, 0, 1], ["refused", "reported", "reported"], "equal to 0"],
] as const)("%s: a shadow's version has to be right, and -1 resets it", async (name, versions, events, said) => {
  await open(name);
  const aliyun = name === "aliyun";
  const topic = aliyun ? "/shadow/update/pk/device" : "/$system/exampleproduct/device-1/shadow/upstream";
  const update = (version: number) =>
    aliyun
      ? { method: "update", state: { reported: { T: 1 } }, version }
      : { Method: "update", State: { Reported: { T: 1 } }, Version: version };
  const told = [];
  for (const [i, version] of versions.entries()) told.push(await send(topic, update(version), events[i]));
  expect(told[0]).toMatchObject({ code: "version-conflict" });
  expect(told[0].reason).toContain(said);
  await platform.command("overtake");
  expect(await send(topic, update(aliyun ? 6 : 2), "refused")).toMatchObject({ code: "version-conflict" });
  await send(topic, update(-1), "reported");
  expect(await send(topic, { ...update(1), state: null, State: null }, "refused")).toMatchObject({
    code: "shadow-invalid",
  });
});

test.each([
  ["nonsense", "there is no command nonsense"],
  ["set [1]", "must be a JSON object"],
  ["set {", "must be a JSON object"],
  ["command", "a name must follow"],
  ["refuse many", "a number must follow"],
  ["refuse 200", "no refusal but success"],
  ["publish", "a topic must follow"],
  ["wait long", "must be a duration"],
  ["await", "an event's name must follow"],
])("%j says what is right", async (line, said) => {
  await open("aliyun");
  await expect(platform.command(line)).rejects.toThrow(said);
});

test("UCloud has no synchronous services, a plain broker no thing model, and nobody connected nobody to tell", async () => {
  await open("ucloud");
  await expect(platform.command("call add {}")).rejects.toThrow("no synchronous services");
  client!.terminate();
  await platform.close();
  platform = await startPlatform({ platform: "broker" });
  await expect(platform.command("set {}")).rejects.toThrow("a plain broker has neither");
  await platform.close();
  platform = await startPlatform({ platform: "aliyun" });
  await expect(platform.command("set {}")).rejects.toThrow("no device is connected");
});

test("a script runs its lines in order, waits for events, and names the line that fails", async () => {
  await open("aliyun");
  const script = runScript(
    "# the device first\nawait published /user/update\n\nset {}\nwait 1ms\nnonsense\nset {}",
    platform,
  );
  client!.publish("/pk/device/user/update", "x");
  await expect(script).rejects.toThrow("line 6: there is no command nonsense");
  expect(await platform.command("help")).toContain("synchronous service");
});
