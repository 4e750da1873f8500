import { ClientBench, hex } from "../fixtures/client-bench";
import { octets, wire } from "../fixtures/octets";

const PINGREQ = octets("c0 00");
const PINGRESP = octets("d0 00");
const message = wire({ cmd: "publish", topic: "t", payload: "p", qos: 0, dup: false, retain: false });

/** A connected client whose keepalive is 30 s: a tick is 1.875 s, a PINGREQ is due within 15 s. */
const online = (keepalive = 30) => new ClientBench({ options: { keepalive } }).online();

/** Lets `seconds` pass, a second at a time; `each` plays the server. */
function pass(bench: ClientBench, seconds: number, each: () => void): void {
  for (let i = 0; i < seconds; i++) {
    bench.clock.advance(1000);
    each();
  }
}

it("[MQTT-3.1.2-23] an idle client sends PINGREQ well inside the interval, and stays connected", () => {
  const bench = online();
  let pings = 0;
  pass(bench, 300, () => {
    for (const packet of bench.channel.take()) {
      expect(packet).toBe(PINGREQ);
      pings++;
      bench.channel.receive(PINGRESP);
    }
  });
  expect(bench.closes).toEqual([]);
  expect(pings).toBeGreaterThanOrEqual(20);
  expect(pings).toBeLessThanOrEqual(24);
});

it("the round trip is told", () => {
  const bench = online();
  bench.clock.advance(15000);
  expect(bench.sent()).toEqual(hex(PINGREQ));
  const sent = bench.clock.now - (15000 - 7 * 1875);
  bench.clock.advance(23);
  bench.channel.receive(PINGRESP);
  expect(bench.events.slice(1)).toEqual([["ping", bench.clock.now - sent]]);
});

it("no PINGREQ leaves while messages go and come", () => {
  const bench = online();
  pass(bench, 120, () => {
    bench.client.publish("a", "1");
    bench.channel.receive(message);
  });
  expect(bench.channel.take()).not.toContain(PINGREQ);
});

it.each([
  ["only the server sends", (bench: ClientBench) => bench.channel.receive(message)],
  ["only the client sends", (bench: ClientBench) => void bench.client.publish("a", "1")],
])("PINGREQs leave while %s", (_name, traffic) => {
  const bench = online();
  let pings = 0;
  pass(bench, 60, () => {
    traffic(bench);
    for (const packet of bench.channel.take()) {
      if (packet !== PINGREQ) continue;
      pings++;
      bench.channel.receive(PINGRESP);
    }
  });
  expect(pings).toBeGreaterThanOrEqual(4);
  expect(bench.closes).toEqual([]);
});

it("section 3.1.2.10: a server that does not answer is a dead link: ping-timeout, once, within 22.5 s", () => {
  const bench = online();
  const { channel } = bench;
  bench.clock.advance(22500);
  expect(bench.closes).toMatchObject([{ code: "ping-timeout", online: true, retry: expect.any(Number) }]);
  // A dead link is not waited for.
  expect(channel.closed).toBe(0);
  expect(hex(...channel.take())).toEqual(hex(PINGREQ));
  expect(bench.client.connected).toBe(false);
});

it("a dead link is noticed too while the client publishes into it", () => {
  const bench = online();
  pass(bench, 23, () => {
    if (!bench.closes.length) bench.client.publish("a", "1");
  });
  expect(bench.closes).toMatchObject([{ code: "ping-timeout" }]);
});

it("the keepalive starts with CONNACK and stops with the connection", () => {
  const bench = new ClientBench({ options: { keepalive: 1 } });
  bench.client.connect();
  bench.channel.open();
  bench.channel.take();
  bench.clock.advance(20000);
  expect(bench.sent()).toEqual([]);
  bench.channel.receive(wire({ cmd: "connack", returnCode: 0, sessionPresent: false }));
  bench.clock.advance(500);
  expect(bench.sent()).toEqual(hex(PINGREQ));
  bench.channel.lose();
  // The next attempt's timer is left.
  expect(bench.clock.pending).toBe(1);
});

it("a new connection does not inherit an unanswered PINGREQ", () => {
  const bench = online();
  bench.clock.advance(15000);
  bench.channel.lose();
  bench.reconnect();
  bench.clock.advance(10000);
  expect(bench.closes).toHaveLength(1);
  expect(bench.sent()).toEqual([]);
});

it("a keepalive of 0 never pings", () => {
  const bench = online(0);
  bench.clock.advance(86400000);
  expect(bench.sent()).toEqual([]);
  expect(bench.client.connected).toBe(true);
});

it("a clock that is stepped forward by a year ends nothing", () => {
  const bench = online();
  bench.clock.advance(5000);
  bench.clock.jump(365 * 86400000);
  expect(bench.channel.take().length).toBeLessThanOrEqual(1);
  pass(bench, 60, () => {
    for (const packet of bench.channel.take()) if (packet === PINGREQ) bench.channel.receive(PINGRESP);
  });
  expect(bench.closes).toEqual([]);
});

it("an interpreter that is blocked for 20 s ends nothing", () => {
  const bench = online();
  bench.clock.advance(14000);
  expect(bench.sent()).toEqual(hex(PINGREQ));
  bench.clock.jump(20000);
  bench.channel.receive(PINGRESP);
  expect(bench.closes).toEqual([]);
  expect(bench.channel.take().length).toBeLessThanOrEqual(1);
});
