/** The shadow's flow, with a cloud that is the test: refusals without end, silence, what is no JSON, one thing at a time. */
import { FeatureBench } from "../fixtures/feature-bench";

const ALIYUN = "/shadow/get/pk/device";
const DOWN = "/$system/pk/device/shadow/downstream";
const GOT = "/$system/pk/device/shadow/get_reply";

function bench(platform: "aliyun" | "ucloud") {
  const b = new FeatureBench(platform);
  return { b, device: b.device };
}

test("aliyun: an update carries the version above the stored one, and a refusal leads to the stored one anew", () => {
  const { b, device } = bench("aliyun");
  const codes: unknown[] = [];
  device.shadow.report({ T: 1 }, (error) => codes.push(error?.code, error?.message));
  expect(b.take()).toEqual([["/shadow/update/pk/device", { method: "get" }]]);
  for (const version of [4, 9, 20]) {
    b.receive(ALIYUN, { method: "reply", payload: { status: "success", state: {} }, version });
    const update = { method: "update", state: { reported: { T: 1 } }, version: version + 1 };
    expect(b.take()).toEqual([["/shadow/update/pk/device", update]]);
    const content = { errorcode: "409", errormessage: "no" };
    b.receive(ALIYUN, { method: "reply", payload: { status: "error", content }, version: version + 3 });
    if (version < 20) expect(b.take()).toEqual([["/shadow/update/pk/device", { method: "get" }]]);
  }
  expect(b.take()).toEqual([]);
  expect(codes).toEqual(["shadow-refused", "code 409 version-conflict: no"]);
});

test("ucloud: an update carries the stored version itself, and the next one needs no get", () => {
  const { b, device } = bench("ucloud");
  device.shadow.report({ T: 1 });
  expect(b.take()[0][0]).toBe("/$system/pk/device/shadow/get");
  b.receive(GOT, { Method: "get", RetCode: 0, Version: 4, State: {} });
  expect(b.take()[0][1]).toEqual({ Method: "update", State: { Reported: { T: 1 } }, Version: 4 });
  b.receive(DOWN, { Method: "update", RetCode: "0", Version: 5 });
  device.shadow.report({ T: 2 });
  expect(b.take()[0][1]).toMatchObject({ Version: 5 });
});

test("no answer within 30 s online is shadow-timeout; time offline does not count; one timer, and none at rest", () => {
  const { b, device } = bench("aliyun");
  const codes: unknown[] = [];
  device.shadow.get((error) => codes.push(error?.code));
  b.connected = false;
  b.clock.advance(100_000);
  expect(codes).toEqual([]);
  b.connected = true;
  b.clock.advance(29_000);
  expect(b.clock.pending).toBe(1);
  expect(codes).toEqual([]);
  b.clock.advance(2_000);
  expect(codes).toEqual(["shadow-timeout"]);
  expect(b.clock.pending).toBe(0);
});

test("a second request is shadow-busy, and a refused publish is told by its code", () => {
  const { b, device } = bench("aliyun");
  const codes: unknown[] = [];
  expect(device.shadow.get(() => undefined)).toBe("sent");
  expect(device.shadow.get((error) => codes.push(error?.code))).toBe("shadow-busy");
  b.receive(ALIYUN, { method: "reply", payload: { status: "success", state: {} }, version: 1 });
  b.result = "queue-full";
  expect(device.shadow.get((error) => codes.push(error?.code))).toBe("queue-full");
  expect(codes).toEqual(["shadow-busy", "queue-full"]);
});

test("desired values are told once, until they change; a get hands over what is stored", () => {
  const { b, device } = bench("aliyun");
  const told: unknown[] = [];
  b.on("desired", (values) => told.push(values));
  const push = (desired: object, version: number) =>
    b.receive(ALIYUN, { method: "control", payload: { state: { desired } }, version });
  push({ T: 1 }, 1);
  push({ T: 1 }, 2);
  push({}, 3);
  push({ T: 1 }, 4);
  expect(told).toEqual([{ T: 1 }, { T: 1 }]);
  const got: unknown[] = [];
  device.shadow.get((_error, state, version) => got.push(state, version));
  const state = { reported: { R: 2 }, desired: { T: 1 } };
  b.receive(ALIYUN, { method: "reply", payload: { status: "success", state }, version: 7 });
  expect(got).toEqual([state, 7]);
  expect(told).toHaveLength(2);
});

test("at each connect what is desired is asked for, where somebody wants to hear it", () => {
  const { b } = bench("aliyun");
  b.connect();
  expect(b.take()).toEqual([]);
  b.on("desired", () => undefined);
  b.connect();
  expect(b.take()).toEqual([["/shadow/update/pk/device", { method: "get" }]]);
});

test("a report takes over the get that a new connection began, instead of being busy", () => {
  const { b, device } = bench("aliyun");
  b.on("desired", () => undefined);
  b.connect();
  expect(b.take()).toHaveLength(1);
  const codes: unknown[] = [];
  expect(device.shadow.report({ T: 1 }, (error) => codes.push(error?.code))).toBe("queued");
  expect(b.take()).toEqual([]);
  b.receive(ALIYUN, { method: "reply", payload: { status: "success", state: {} }, version: 3 });
  expect(b.take()[0][1]).toMatchObject({ method: "update", version: 4 });
  b.receive(ALIYUN, { method: "reply", payload: { status: "success" }, version: 4 });
  expect(codes).toEqual([undefined]);
});

test("what is no JSON is told and changes nothing", () => {
  const { b, device } = bench("aliyun");
  const said = jest.spyOn(console, "log").mockImplementation(() => undefined);
  device.shadow.get(() => undefined);
  b.receive(ALIYUN, "{nonsense");
  expect(said.mock.calls.join()).toContain("shadow-invalid");
  expect(device.shadow.get()).toBe("shadow-busy");
  said.mockRestore();
});

test("nothing is subscribed to until the shadow is wanted; who listens while there is no connection is answered at the next", () => {
  const { b } = bench("ucloud");
  b.connect();
  expect(b.filters.filter((filter) => filter.includes("shadow"))).toEqual([]);
  b.connected = false;
  b.on("desired", () => undefined);
  expect(b.filters).toEqual([DOWN, GOT]);
  expect(b.take()).toEqual([]);
  b.connected = true;
  b.connect();
  expect(b.take()).toEqual([["/$system/pk/device/shadow/get", { Method: "get" }]]);
});

test("aliyun: only a conflict is tried again; any other refusal is told at once, by its name", () => {
  const { b, device } = bench("aliyun");
  const told: unknown[] = [];
  device.shadow.report({ T: 1 }, (error) => told.push(error?.message));
  b.receive(ALIYUN, { method: "reply", payload: { status: "success", state: {} }, version: 1 });
  b.take();
  const content = { errorcode: 408, errormessage: "" };
  b.receive(ALIYUN, { method: "reply", payload: { status: "error", content }, version: 1 });
  expect(told).toEqual(["code 408 too-many-attributes"]);
  expect(b.take()).toEqual([]);
});

test("aliyun: a late answer to what was given up is nobody's", () => {
  const { b, device } = bench("aliyun");
  const told: unknown[] = [];
  const report = (name: string) => device.shadow.report({ name }, (error) => told.push(`${name} ${error?.code}`));
  const got = (version: number) =>
    b.receive(ALIYUN, { method: "reply", payload: { status: "success", state: {} }, version });
  const reply = (payload: object) => b.receive(ALIYUN, { method: "reply", payload });
  report("first");
  got(4);
  b.clock.advance(31_000);
  report("second");
  // Nobody knows what became of the first: what is stored is asked for again.
  expect(b.take().pop()).toEqual(["/shadow/update/pk/device", { method: "get" }]);
  reply({ status: "error", content: { errorcode: "409" } });
  expect(told).toEqual(["first shadow-timeout"]);
  got(5);
  reply({ status: "success", version: 5 });
  expect(told).toHaveLength(1);
  reply({ status: "success", version: 6 });
  expect(told).toEqual(["first shadow-timeout", "second undefined"]);
});

test("ucloud: a get's answer ends no update, and an update's no get", () => {
  const { b, device } = bench("ucloud");
  const told: unknown[] = [];
  device.shadow.report({ T: 1 }, (error) => told.push(error?.code));
  b.receive(DOWN, { Method: "update", RetCode: 0, Version: 3 });
  expect(b.take()).toHaveLength(1);
  b.receive(GOT, { Method: "get", RetCode: 0, Version: 4, State: {} });
  b.receive(GOT, { Method: "get", RetCode: 0, Version: 4, State: {} });
  expect(told).toEqual([]);
  b.receive(DOWN, { Method: "update", RetCode: 0, Version: 5 });
  expect(told).toEqual([undefined]);
});

test.each(["aliyun", "ucloud"] as const)(
  "%s: a get whose answer was lost with the connection is sent again at the next",
  (platform) => {
    const { b } = bench(platform);
    b.on("desired", () => undefined);
    expect(b.take()).toHaveLength(1);
    // Not acknowledged: the queue sends it again by itself.
    b.connect();
    expect(b.take()).toEqual([]);
    b.acknowledge!();
    b.connect();
    expect(b.take()).toHaveLength(1);
  },
);

test("a callback that throws is told, whatever it was called for", () => {
  const { b, device } = bench("aliyun");
  const said = jest.spyOn(console, "log").mockImplementation(() => undefined);
  const mine = () => {
    throw new Error("mine");
  };
  device.shadow.get(mine);
  expect(device.shadow.get(mine)).toBe("shadow-busy");
  b.clock.advance(31_000);
  expect(said.mock.calls.map(([line]) => (JSON.parse((line as string).slice(1)) as { code: string }).code)).toEqual([
    "handler-threw",
    "handler-threw",
  ]);
  said.mockRestore();
});
