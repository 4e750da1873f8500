/** The compiled firmware's thing model on each board, with both simulated clouds. */
import type { Platform } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { EXAMPLES } from "../../tools/run/device-file";
import type { DeviceUnderTest } from "../fixtures/boards";
import { onEachBoard } from "../fixtures/boards";
import { readmeExample } from "../fixtures/readme";

jest.setTimeout(60_000);

const CLOUDS = ["aliyun", "ucloud"] as const;
type Cloud = (typeof CLOUDS)[number];

/** The last of the filters that the thing model subscribes to. */
const LAST: Record<Cloud, RegExp> = { aliyun: /rrpc\/request/, ucloud: /tmodel\/command$/ };

onEachBoard((make) => {
  let platform: Platform;
  let device: DeviceUnderTest;

  async function start(name: Cloud, sketch: string): Promise<void> {
    platform = await startPlatform({ platform: name });
    device = make(1);
    await device.start({ ...EXAMPLES[name], telemetry: undefined, url: platform.url }, sketch);
    await platform.when(({ event, topic }) => event === "subscribed" && LAST[name].test(topic!));
  }

  afterEach(async () => {
    await device.stop();
    await platform.close();
  });

  test.each(CLOUDS)("%s: the README's thing model prints what the README says", async (name) => {
    await start(name, readmeExample("js", "thing-model"));
    await device.line((line) => line === "reported");
    await platform.command('set {"target":22}');
    await device.line((line) => line === "target is 22");
    await platform.when(({ event, topic }) => event === "answered" && topic!.endsWith("property/set_reply"));
    await platform.command('command blink {"times":3}');
    const answer = await platform.when(({ event, reason }) => event === "answered" && reason!.includes("blinked"));
    const { data, Output } = JSON.parse(answer.reason!);
    expect(data ?? Output).toEqual({ blinked: 3 });
    const reported = platform.events.filter(({ event }) => event === "reported").map(({ reason }) => reason!);
    expect(reported.join()).toContain("21.5");
    expect(device.all("error")).toEqual([]);
  });

  test.each(CLOUDS)("%s: text and large whole numbers come and go unspoilt", async (name) => {
    await start(
      name,
      `device.on("set", function (v) {
        device.report({ text: v.text, big: function () { return v.big; }, safe: v.safe, list: [v.text] });
      });`,
    );
    await platform.command('set {"text":"温\\u5ea6é","big":9223372036854775807,"safe":9007199254740991}');
    const { reason } = await platform.when(({ event }) => event === "reported");
    expect(reason).toContain('"温度é"');
    expect(reason).toContain("9223372036854775807");
    expect(reason).toContain("9007199254740991");
  });

  test.each(CLOUDS)("%s: a refusal comes with its code", async (name) => {
    await start(
      name,
      `setTimeout(function () {
         device.report({ T: 1 }, function (e) { print("first", e && e.code, e && e.message); });
       }, 2000);`,
    );
    await platform.command("refuse 460");
    await device.line((line) => line.startsWith("first thing-refused code 460"));
  });

  test("the ninth request while eight wait is refused by name", async () => {
    await start(
      "aliyun",
      `setTimeout(function () {
         var told = [];
         for (var i = 0; i < 9; i++) told.push(device.report({ T: i }));
         print("told", told[7], told[8]);
       }, 1000);`,
    );
    await device.line((line) => /^told (sent|queued) requests-full$/.test(line));
  });

  test("aliyun: a synchronous service is answered on its own topic, and once", async () => {
    await start(
      "aliyun",
      `device.on("command", function (id, input, reply) {
         reply({ id: id, sum: input.a + input.b });
         print("again", reply({}));
       });`,
    );
    await platform.command('call add {"a":2,"b":3}');
    const { reason, topic } = await platform.when(({ event }) => event === "answered");
    expect(topic).toContain("/rrpc/response/");
    expect(JSON.parse(reason!)).toMatchObject({ code: 200, data: { id: "add", sum: 5 } });
    await device.line((line) => line === "again reply-over");
  });

  test.each([
    [
      "aliyun",
      /rrpc\/request/,
      "thing/event/property/post_reply",
      { id: "77", code: 200, data: {} },
      "thing/service/blink",
    ],
    ["ucloud", /tmodel\/command$/, "property/post_reply", { RequestID: "77", RetCode: 0 }, "command"],
  ] as const)(
    "%s: an answer to a report that nobody waits for is no command",
    async (name, last, reply, answer, next) => {
      await start(name, 'device.on("command", function (id) { print("COMMAND", id); });');
      const { topic } = await platform.when(({ event, topic: to }) => event === "subscribed" && last.test(to!));
      const prefix = topic!.replace(name === "aliyun" ? /rrpc.*/ : /command$/, "");
      const request = { id: "1", RequestID: "1", Identifier: "blink", params: {}, Input: {} };
      await platform.publish(prefix + reply, JSON.stringify(answer));
      await platform.publish(prefix + next, JSON.stringify(request));
      expect(await device.line((line) => line.startsWith("COMMAND"))).toBe("COMMAND blink");
    },
  );

  test.each([
    ["ucloud", "command slow {}"],
    ["aliyun", "call slow {}"],
  ] as const)("%s: an answer that is too late is not sent", async (name, line) => {
    await start(
      name,
      'device.on("command", function (id, input, reply) { setTimeout(function () { print("late", reply({})); }, 9000); });',
    );
    await platform.command(line);
    expect(await device.status("error")).toMatchObject({ code: "command-timeout" });
    await device.line((text) => text === "late reply-over");
    // An answer after its time would be refused as late.
    expect(platform.events.filter(({ event }) => event === "answered" || event === "refused")).toEqual([]);
  });

  test("aliyun: an answer does not wait behind what is over the rate", async () => {
    await start(
      "aliyun",
      `device.on("command", function (id, input, reply) {
         for (var i = 0; i < 45; i++) device.publish("/pk/device/user/update", "x", { qos: 1 });
         setTimeout(function () { print("replied", reply({})); }, 5000);
       });`,
    );
    await platform.command("call slow {}");
    await platform.when(({ event }) => event === "answered");
    expect(platform.events.filter(({ event }) => event === "unanswered" || event === "refused")).toEqual([]);
  });

  test.each(CLOUDS)("%s: what is no JSON, and a handler that throws, are told and end nothing", async (name) => {
    await start(name, 'device.on("set", function () { throw "mine"; });');
    const own = name === "aliyun" ? "/sys/pk/device/thing/service" : "/$system/exampleproduct/device-1/tmodel";
    await platform.publish(`${own}/property/set`, "{nonsense");
    expect(await device.status("error")).toMatchObject({ code: "thing-invalid" });
    await platform.command('set {"T":1}');
    expect(await device.status("error", 2)).toMatchObject({ code: "handler-threw" });
    expect(device.all("offline")).toEqual([]);
  });
});
