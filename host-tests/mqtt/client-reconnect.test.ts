import { ClientBench, connect, hex, RESUMED } from "../fixtures/client-bench";
import { seed } from "../fixtures/seeded";
import { octets, wire } from "../fixtures/octets";

const puback = (messageId: number) => wire({ cmd: "puback", messageId });
const publish = (payload: string, messageId: number, dup = false) =>
  wire({ cmd: "publish", topic: "a", payload, qos: messageId ? 1 : 0, dup, retain: false, messageId });

describe("one close for each attempt", () => {
  const error = Object.assign(new Error("reset"), { code: "socket-error" });

  it.each([
    ["the channel ends", (bench: ClientBench) => bench.channel.lose(), "socket-closed", 1006],
    ["the channel fails", (bench: ClientBench) => bench.channel.lose(error), "socket-error", 1006],
    [
      "the server breaks the rules",
      (bench: ClientBench) => bench.channel.receive("\xff\x00"),
      "malformed-packet",
      1002,
    ],
    ["the link is dead", (bench: ClientBench) => bench.clock.advance(165000), "ping-timeout", 0],
    ["it is ended", (bench: ClientBench) => bench.client.end(), "ended", 1000],
  ])("%s", (_name, end, code, status) => {
    const bench = new ClientBench().online();
    end(bench);
    // What still comes over the old channel is nobody's business.
    bench.channel.lose();
    expect(bench.closes.map((close) => close.code)).toEqual([code]);
    expect(bench.channel.closed).toBe(status);
  });

  it("each tells the wait, and the next attempt begins exactly then", () => {
    const bench = new ClientBench().online();
    bench.channel.lose();
    const { retry, online } = bench.closes[0];
    expect(online).toBe(true);
    expect(retry).toBeLessThanOrEqual(1000);
    bench.clock.advance(retry! - 1);
    expect(bench.channels).toHaveLength(1);
    bench.clock.advance(1);
    expect(bench.channels).toHaveLength(2);
    bench.channel.lose();
    expect(bench.closes[1].online).toBe(false);
  });

  it("the client is no longer connected when it is told", () => {
    const bench = new ClientBench().online();
    const connected: boolean[] = [];
    bench.client.on("close", () => connected.push(bench.client.connected));
    bench.channel.lose();
    expect(connected).toEqual([false]);
  });

  it("attempts and closes match over many attempts that fail in turn", () => {
    const bench = new ClientBench({ seed });
    bench.client.connect();
    for (let i = 0; i < 100; i++) {
      if (i % 3 === 0) bench.channel.lose();
      else if (i % 3 === 1) bench.clock.advance(30000);
      else bench.accept(wire({ cmd: "connack", returnCode: 3, sessionPresent: false }));
      expect(bench.closes).toHaveLength(i + 1);
      bench.clock.advance(bench.closes[i].retry!);
      expect(bench.channels).toHaveLength(i + 2);
    }
  });

  it("connect while it waits or is connected changes nothing", () => {
    const bench = new ClientBench();
    bench.client.connect();
    bench.client.connect();
    bench.accept();
    bench.client.connect();
    bench.channel.lose();
    bench.client.connect();
    expect(bench.channels).toHaveLength(1);
    expect(bench.clock.pending).toBe(1);
  });
});

describe(`the rate (SEED=${seed})`, () => {
  it("never more than five attempts in any minute, however they end", () => {
    const times: number[] = [];
    const bench: ClientBench = new ClientBench({
      seed,
      endpoint: () => {
        times.push(bench.clock.now);
        return { url: "ws://h/", clientId: "c" };
      },
    });
    bench.client.connect();
    for (let i = 0; i < 300; i++) {
      if (i % 5 < 3) bench.channel.lose();
      else {
        bench.accept();
        // Connections that last from no time at all to more than a minute.
        bench.clock.advance((i % 7) * 12000);
        bench.channel.lose();
      }
      bench.clock.advance(bench.closes[bench.closes.length - 1].retry!);
    }
    expect(times.length).toBeGreaterThan(300);
    for (let i = 5; i < times.length; i++) expect(times[i] - times[i - 5]).toBeGreaterThanOrEqual(60000);
  });

  it("a connection that lasted a minute starts again from the shortest waits", () => {
    // The longest draws.
    const bench = new ClientBench({ runtime: { random: () => -1 } });
    bench.client.connect();
    for (let i = 0; i < 4; i++) {
      bench.channel.lose();
      bench.clock.advance(bench.closes[i].retry!);
    }
    expect(bench.closes.map((close) => close.retry)).toEqual([1000, 2000, 4000, 8000]);
    bench.accept();
    bench.clock.advance(65000);
    bench.channel.lose();
    expect(bench.closes[4].retry).toBe(1000);
  });
  it("without a keepalive too", () => {
    const bench = new ClientBench({ options: { keepalive: 0 }, runtime: { random: () => -1 } });
    bench.online();
    for (let i = 0; i < 3; i++) {
      bench.clock.advance(3600000);
      bench.channel.lose();
      bench.reconnect();
    }
    expect(bench.closes.map((close) => close.retry)).toEqual([1000, 1000, 1000]);
  });
});

it("every attempt asks for an endpoint of its own", () => {
  const bench = new ClientBench({
    endpoint: (attempt) => ({
      url: `ws://h${attempt}/`,
      clientId: `c${attempt}`,
      username: "u",
      password: `p${attempt}`,
    }),
  });
  bench.client.connect();
  bench.channel.open();
  const names = (n: number) => connect({ clientId: `c${n}`, username: "u", password: Buffer.from(`p${n}`) });
  expect(bench.sent()).toEqual(hex(names(1)));
  bench.channel.lose();
  bench.clock.advance(bench.closes[0].retry!);
  bench.channel.open();
  expect(bench.sent()).toEqual(hex(names(2)));
  expect(bench.channels.map((channel) => channel.url)).toEqual(["ws://h1/", "ws://h2/"]);
});

describe("[MQTT-4.4.0-1] what was not acknowledged", () => {
  it("is sent again first, in order, with DUP and the same identifiers", () => {
    const bench = new ClientBench({ options: { clean: false } }).online();
    const { calls, done } = bench.callback();
    for (const payload of ["1", "2", "3"]) bench.client.publish("a", payload, { qos: 1 }, done);
    bench.channel.receive(puback(2));
    bench.channel.lose();
    bench.client.publish("a", "4", {}, done);
    bench.client.publish("a", "5", { qos: 1 }, done);
    expect(calls).toEqual([[]]);
    bench.reconnect(RESUMED);
    expect(bench.sent()).toEqual(hex(publish("1", 1, true), publish("3", 3, true), publish("4", 0), publish("5", 4)));
    bench.channel.receive(puback(1), puback(3), puback(4));
    expect(calls).toEqual([[], [], [], [], []]);
    expect(bench.client.queued).toBe(0);
  });

  it("is sent again without a session too, since the server may never have had it", () => {
    const bench = new ClientBench().online();
    bench.client.publish("a", "1", { qos: 1 });
    bench.channel.lose();
    bench.reconnect();
    expect(bench.sent()).toEqual(hex(publish("1", 1, true)));
  });

  it("survives any number of connections, and is acknowledged once", () => {
    const bench = new ClientBench().online();
    const { calls, done } = bench.callback();
    bench.client.publish("a", "1", { qos: 1 }, done);
    for (let i = 0; i < 5; i++) {
      bench.channel.lose();
      bench.reconnect();
      expect(bench.sent()).toEqual(hex(publish("1", 1, true)));
    }
    bench.channel.receive(puback(1), puback(1));
    expect(calls).toEqual([[]]);
  });
});

it("half a packet of the old connection is not read on in the new one", () => {
  const bench = new ClientBench().online();
  bench.channel.receive(octets('30 0a 00 01 "t"'));
  bench.channel.lose();
  bench.reconnect();
  bench.channel.receive(publish("whole", 0));
  expect(bench.events[bench.events.length - 1]).toEqual(["message", "a", "whole"]);
});

it("back-pressure of the old connection does not hold up the new one", () => {
  const bench = new ClientBench().online();
  bench.channel.room = false;
  bench.client.publish("a", "1");
  bench.client.publish("a", "2");
  bench.channel.lose();
  bench.reconnect();
  expect(bench.sent()).toEqual(hex(publish("2", 0)));
});
