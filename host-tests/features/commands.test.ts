/** Commands and services: answers that are worth nothing late, requests that come twice, and topics that are somebody else's. */
import type { Values } from "../../firmware/features/session";
import { FeatureBench } from "../fixtures/feature-bench";

type Reply = (output?: Values, code?: number) => string;

const CLOUDS = ["aliyun", "ucloud"] as const;

/** A device with a handler that keeps what it is asked; `ask` sends a command that has to be answered within the cloud's time. */
function bench(platform: (typeof CLOUDS)[number]) {
  const b = new FeatureBench(platform);
  const asked: { id: string; reply: Reply }[] = [];
  b.on("command", (id: string, _input: unknown, reply: Reply) => asked.push({ id, reply }));
  const ask = (id: string, dup = false) => {
    if (platform === "ucloud") {
      b.receive("/$system/pk/device/tmodel/command", { RequestID: id, Identifier: "open", Input: {} }, dup);
    } else b.receive(`/sys/pk/device/rrpc/request/${id}`, { id, method: "thing.service.open", params: {} }, dup);
  };
  return { b, asked, ask, seconds: platform === "ucloud" ? 4 : 7 };
}

let said: jest.SpyInstance;
beforeEach(() => (said = jest.spyOn(console, "log").mockImplementation(() => undefined)));
afterEach(() => said.mockRestore());
const lines = () => said.mock.calls.join("\n");

test.each(CLOUDS)("%s: an answer waits for the connection as long as the cloud does, and no longer", (platform) => {
  for (const late of [false, true]) {
    const { b, asked, ask, seconds } = bench(platform);
    ask("7");
    b.connected = false;
    expect(asked[0].reply({ done: true })).toBe("queued");
    expect(asked[0].reply({})).toBe("reply-over");
    b.clock.advance((late ? seconds : seconds - 2) * 1000);
    expect(b.take()).toEqual([]);
    b.connected = true;
    b.clock.advance(1000);
    expect(b.take()).toHaveLength(late ? 0 : 1);
    expect(lines().includes("the answer could not be sent in time")).toBe(late);
    b.clock.advance(60_000);
    expect(b.clock.pending).toBe(0);
  }
});

test.each(CLOUDS)(
  "%s: reports that wait keep no command out; the fifth command beside four is refused by name",
  (platform) => {
    const { b, asked, ask } = bench(platform);
    for (let i = 0; i < 8; i++) b.device.report({ i });
    for (let i = 0; i < 5; i++) ask(`${i}`);
    expect(asked).toHaveLength(4);
    expect(lines()).toContain("requests-full");
  },
);

test.each(CLOUDS)(
  "%s: a request that comes again as a duplicate runs once, a new one with its id again",
  (platform) => {
    const { b, asked, ask } = bench(platform);
    ask("7");
    ask("7", true);
    ask("8", true);
    ask("7");
    expect(asked).toHaveLength(3);
    const set: unknown[] = [];
    b.on("set", (values) => set.push(values));
    const topic =
      platform === "ucloud" ? "/$system/pk/device/tmodel/property/set" : "/sys/pk/device/thing/service/property/set";
    const message = { id: "1", RequestID: "1", params: { T: 1 }, Property: { T: 1 } };
    b.receive(topic, message);
    b.receive(topic, message, true);
    expect(set).toEqual([{ T: 1 }]);
  },
);

test("the ids of eight requests are remembered, and none that is longer than any cloud's", () => {
  const { asked, ask } = bench("ucloud");
  const long = "7".repeat(300);
  for (const id of [long, "first", ...Array.from({ length: 7 }, (_, i) => `${i}`)]) {
    ask(id);
    asked.pop()?.reply({});
  }
  ask("first", true);
  expect(asked).toHaveLength(0);
  ask(long, true);
  expect(asked.pop()?.reply({})).toBe("sent");
  ask("eighth");
  asked.pop()?.reply({});
  ask("first", true);
  expect(asked).toHaveLength(1);
});

test("only what was asked for is a command: other topics under the same beginning are the sketch's own", () => {
  const aliyun = bench("aliyun");
  for (const topic of [
    "thing/config/push",
    "thing/service/a/b",
    "rrpc/request/1/2",
    "thing/topo/change",
    "thing/service/blink_reply",
  ]) {
    aliyun.b.receive(`/sys/pk/device/${topic}`, { id: "1", params: {} });
  }
  const ucloud = bench("ucloud");
  for (const topic of ["property/restore", "command/1", "property/desired/get_reply"]) {
    ucloud.b.receive(`/$system/pk/device/tmodel/${topic}`, { RequestID: "1" });
  }
  expect([aliyun.asked, aliyun.b.take(), ucloud.asked, ucloud.b.take()]).toEqual([[], [], [], []]);
});

test("an answer that JSON cannot hold is told by its code, and the sketch may reply again", () => {
  const { b, asked, ask } = bench("ucloud");
  ask("7");
  const circle: Values = {};
  circle.self = circle;
  expect(asked[0].reply(circle)).toBe("json-invalid");
  expect(asked[0].reply({})).toBe("sent");
  expect(b.take()).toEqual([["/$system/pk/device/tmodel/command_reply/7", { RequestID: "7", RetCode: 0, Output: {} }]]);
});

test.each(CLOUDS)("%s: what a device shows may be taken from it and called by itself", (platform) => {
  const { b } = bench(platform);
  const { report, event, shadow } = b.device;
  const { get } = shadow;
  expect([report({ T: 1 }), event("hot", {}), get()]).toEqual(["sent", "sent", "sent"]);
});
