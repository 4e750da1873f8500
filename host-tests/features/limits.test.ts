/** The rate of messages, in virtual time: never more in any second than the cloud takes, and nothing is lost. */
import { Pace } from "../../firmware/mqtt/pace";
import { hostRuntime } from "../../tools/host/runtime";
import { VirtualClock } from "../fixtures/virtual-time";

const QOS0 = "\x30\x02\x00\x00";
const QOS1 = "\x32\x04\x00\x00\x00\x01";

function bench(qos1: number) {
  const clock = new VirtualClock();
  const sent: number[] = [];
  let drains = 0;
  let onDrain = (): void => undefined;
  const unused = () => undefined;
  const pace = new Pace(hostRuntime({ setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout }), [30, qos1], {
    channelOpen: unused,
    channelBytes: unused,
    channelClose: unused,
    channelDrain: () => {
      drains++;
      onDrain();
    },
  });
  return {
    clock,
    sent,
    pace,
    /** Sends over a channel that is `ready` for more. */
    send: (packet: string, ready = true) => {
      sent.push(clock.now);
      return pace.count(packet, ready);
    },
    drained: (handler: () => void) => (onDrain = handler),
    drains: () => drains,
    most: () => Math.max(...sent.map((from) => sent.filter((at) => at >= from && at < from + 1000).length)),
  };
}

test.each([
  ["QoS 1 at Alibaba Cloud", QOS1, 3, 10],
  ["QoS 0 at Alibaba Cloud", QOS0, 3, 30],
  ["QoS 1 at UCloud", QOS1, 1, 30],
  ["QoS 0 at UCloud", QOS0, 1, 30],
])("%s: 200 messages keep to the rate, and come through", (_name, packet, qos1, limit) => {
  const b = bench(qos1);
  let left = 200;
  const pump = () => {
    while (left > 0) {
      left--;
      if (!b.send(packet)) return;
    }
  };
  b.drained(pump);
  pump();
  b.clock.advance(60_000);
  expect(b.sent).toHaveLength(200);
  expect(b.most()).toBeLessThanOrEqual(limit);
  expect(b.most()).toBeGreaterThanOrEqual(limit * 0.8);
  expect(b.clock.pending).toBe(0);
});

test("a new connection does not begin a new count: it asks first", () => {
  const b = bench(3);
  while (b.send(QOS1));
  expect(b.pace.full()).toBe(true);
  b.clock.advance(10_000);
  expect(b.pace.full()).toBe(false);
});

test.each([1, 3])("whatever waits, there is room for one that cannot: QoS 1 costs %i", (qos1) => {
  const b = bench(qos1);
  expect(b.pace.spare()).toBe(false);
  while (b.send(QOS1));
  expect(b.pace.spare()).toBe(true);
  b.send(QOS0);
  expect(b.most()).toBeLessThanOrEqual(30 / qos1);
});

test("packets other than PUBLISH cost nothing", () => {
  const b = bench(3);
  for (let i = 0; i < 100; i++) expect(b.send("\xc0\x00")).toBe(true);
});

test("a channel that is full itself is waited for, not for the rate alone", () => {
  const b = bench(3);
  while (b.sent.length < 12) expect(b.send(QOS1, false)).toBe(false);
  b.clock.advance(10_000);
  expect(b.drains()).toBe(0);
});

test("who is told to wait is told once when to go on", () => {
  const b = bench(3);
  while (b.send(QOS1));
  b.clock.advance(10_000);
  expect(b.drains()).toBe(1);
});
