/** The rate of messages, in virtual time: never more in any second than the cloud takes, and nothing is lost. */
import { Pace } from "../../firmware/features/limits";
import type { ChannelSink } from "../../firmware/seams";
import { hostRuntime } from "../../tools/host/runtime";
import { VirtualClock } from "../fixtures/virtual-time";

const QOS0 = "\x30\x02\x00\x00";
const QOS1 = "\x32\x04\x00\x00\x00\x01";

function bench(qos1: number) {
  const clock = new VirtualClock();
  const pace = new Pace(hostRuntime({ setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout }), qos1);
  const sent: number[] = [];
  let below!: ChannelSink;
  let drains = 0;
  let ready = true;
  const connect = (onDrain: () => void = () => undefined) =>
    pace.open(
      {
        channelOpen: () => undefined,
        channelBytes: () => undefined,
        channelDrain: () => {
          drains++;
          onDrain();
        },
        channelClose: () => undefined,
      },
      (sink) => {
        below = sink;
        return {
          send: () => {
            sent.push(clock.now);
            return ready;
          },
          close: () => undefined,
        };
      },
    );
  return {
    clock,
    sent,
    connect,
    below: () => below,
    drains: () => drains,
    block: () => (ready = false),
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
      if (!channel.send(packet)) return;
    }
  };
  const channel = b.connect(pump);
  pump();
  b.clock.advance(60_000);
  expect(b.sent).toHaveLength(200);
  expect(b.most()).toBeLessThanOrEqual(limit);
  expect(b.most()).toBeGreaterThanOrEqual(limit * 0.8);
  expect(b.clock.pending).toBe(0);
});

test("a new connection does not begin a new count: the one message it sends unasked is in reserve", () => {
  const b = bench(3);
  const first = b.connect();
  while (first.send(QOS1));
  first.close(0);
  const second = b.connect();
  expect(second.send(QOS1)).toBe(false);
  expect(b.sent.length).toBeLessThanOrEqual(10);
});

test("packets other than PUBLISH are never held back", () => {
  const channel = bench(3).connect();
  for (let i = 0; i < 100; i++) expect(channel.send("\xc0\x00")).toBe(true);
});

test("a channel that is full itself is waited for, not for the rate alone", () => {
  const b = bench(3);
  const channel = b.connect();
  b.block();
  while (b.sent.length < 12) expect(channel.send(QOS1)).toBe(false);
  b.clock.advance(10_000);
  expect(b.drains()).toBe(0);
  b.below().channelDrain();
  expect(b.drains()).toBe(1);
});

test("nobody is told to go on who has closed meanwhile", () => {
  const b = bench(3);
  const channel = b.connect();
  while (channel.send(QOS1));
  channel.close(1000);
  b.clock.advance(10_000);
  expect(b.drains()).toBe(0);
});
