/** The thing model's messages, with a cloud that is the test: forms, correlation, silence, time. */
import { FeatureBench } from "../fixtures/feature-bench";

function bench(platform: "aliyun" | "ucloud") {
  const b = new FeatureBench(platform);
  return { b, device: b.device };
}

const idOf = (message: unknown) => {
  const { id, RequestID } = message as { id?: string; RequestID?: string };
  return id ?? RequestID;
};

test("aliyun: reports and events have the documented form; an event has the time where it is known", () => {
  const { b, device } = bench("aliyun");
  device.report({ T: 21.5, gone: undefined });
  device.event("hot", { limit: 60 });
  b.device.time = () => 1767323045678;
  device.event("hot", {});
  const [report, event, timed] = b.take();
  const version = "1.0";
  expect(report).toEqual([
    "/sys/pk/device/thing/event/property/post",
    { id: idOf(report[1]), version, params: { T: 21.5 }, method: "thing.event.property.post" },
  ]);
  expect(event).toEqual([
    "/sys/pk/device/thing/event/hot/post",
    { id: idOf(event[1]), version, params: { value: { limit: 60 } }, method: "thing.event.hot.post" },
  ]);
  expect(timed[1]).toMatchObject({ params: { value: {}, time: 1767323045678 } });
});

test("ucloud: reports and events have the documented form", () => {
  const { b, device } = bench("ucloud");
  device.report({ T: 21.5 });
  device.event("hot", { limit: 60 });
  const [report, event] = b.take();
  expect(report).toEqual([
    "/$system/pk/device/tmodel/property/post",
    { RequestID: idOf(report[1]), Property: { T: { Value: 21.5 } } },
  ]);
  expect(event).toEqual([
    "/$system/pk/device/tmodel/event/post",
    { RequestID: idOf(event[1]), Identifier: "hot", Output: { limit: 60 } },
  ]);
});

test("answers find their request by its id, in any order; strange and repeated ones find nobody", () => {
  const { b, device } = bench("aliyun");
  const told: string[] = [];
  for (const name of ["a", "b"]) device.report({ name }, (error) => told.push(`${name} ${error?.code}`));
  const [first, second] = b.take().map(([, message]) => idOf(message));
  expect(first).not.toBe(second);
  const answer = (id: unknown, code: number) =>
    b.receive("/sys/pk/device/thing/event/property/post_reply", { id, code, data: {} });
  answer("nobody", 200);
  answer(second, 200);
  answer(second, 460);
  answer(first, 460);
  expect(told).toEqual(["b undefined", "a thing-refused"]);
});

test("no answer within 30 s online is thing-timeout; one timer for all, and none at rest", () => {
  const { b, device } = bench("ucloud");
  const told: unknown[] = [];
  for (let i = 0; i < 8; i++) device.report({ i }, (error) => told.push(error?.code));
  expect(b.clock.pending).toBe(1);
  b.connected = false;
  b.clock.advance(60_000);
  expect(told).toEqual([]);
  b.connected = true;
  b.clock.advance(31_000);
  expect(told).toEqual(Array(8).fill("thing-timeout"));
  expect(b.clock.pending).toBe(0);
});

test("a publish that is refused ends its request at once, with the same code", () => {
  const { b, device } = bench("aliyun");
  const told: unknown[] = [];
  b.result = "queue-full";
  for (let i = 0; i < 20; i++) expect(device.report({ i }, (error) => told.push(error?.code))).toBe("queue-full");
  expect(told).toEqual(Array(20).fill("queue-full"));
});

test("what set's handler returns as a number is the answer's code; without a handler nobody answers", () => {
  const { b } = bench("ucloud");
  const set = (Property: object) => b.receive("/$system/pk/device/tmodel/property/set", { RequestID: "5", Property });
  set({ T: 1 });
  expect(b.take()).toEqual([]);
  const values: unknown[] = [];
  b.on("set", (value) => {
    values.push(value);
    return 7;
  });
  set({ T: { Value: 1 }, U: 2 });
  expect(values).toEqual([{ T: 1, U: 2 }]);
  expect(b.take()).toEqual([["/$system/pk/device/tmodel/property/set_reply", { RequestID: "5", RetCode: 7 }]]);
});

test("a reply that the server echoes is no command, and a callback that throws stops no other", () => {
  const { b, device } = bench("aliyun");
  const said = jest.spyOn(console, "log").mockImplementation(() => undefined);
  const called: string[] = [];
  b.on("command", (id) => called.push(id));
  b.receive("/sys/pk/device/thing/service/blink_reply", { id: "1", code: 200 });
  expect(called).toEqual([]);
  const told: unknown[] = [];
  device.report({}, () => {
    throw new Error("mine");
  });
  device.report({}, (error) => told.push(error?.code));
  b.clock.advance(31_000);
  expect(told).toEqual(["thing-timeout"]);
  expect(said.mock.calls.join()).toContain("handler-threw");
  said.mockRestore();
});

test.each([
  ["report", ({ device }: ReturnType<typeof bench>) => void device.report({})],
  ["event", ({ device }: ReturnType<typeof bench>) => void device.event("hot", {})],
  ["set", ({ b }: ReturnType<typeof bench>) => b.on("set", () => undefined)],
  ["command", ({ b }: ReturnType<typeof bench>) => b.on("command", () => undefined)],
])("nothing is subscribed to until the thing model is wanted: %s does", (_name, want) => {
  const made = bench("ucloud");
  made.b.connect();
  expect(made.b.filters).toEqual([]);
  want(made);
  want(made);
  expect(made.b.filters).toEqual(
    ["property/post_reply", "event/post_reply", "property/set", "command"].map(
      (topic) => `/$system/pk/device/tmodel/${topic}`,
    ),
  );
});

test.each([
  ["aliyun", 460, "words", "code 460 request-parameter-error: words"],
  ["aliyun", "429", undefined, "code 429 too-many-requests"],
  // Part of a number is no number.
  ["aliyun", 46, "", "code 46"],
  ["ucloud", 460, "words", "code 460: words"],
] as const)(
  "%s: a refusal with %s is told by the name that the cloud's documents give it",
  (platform, code, words, reason) => {
    const { b, device } = bench(platform);
    const told: unknown[] = [];
    device.report({}, (error) => told.push(error?.code, error?.message));
    const id = idOf(b.take()[0][1]);
    if (platform === "aliyun")
      b.receive("/sys/pk/device/thing/event/property/post_reply", { id, code, message: words });
    else b.receive("/$system/pk/device/tmodel/property/post_reply", { RequestID: id, RetCode: code, Message: words });
    expect(told).toEqual(["thing-refused", reason]);
  },
);
