import { ClientBench, hex } from "../fixtures/client-bench";
import { octets, wire } from "../fixtures/octets";

const DISCONNECT = octets("e0 00");

describe("end", () => {
  it("[MQTT-3.14.4-1] sends DISCONNECT, closes with 1000, and leaves no timer", () => {
    const bench = new ClientBench().online();
    bench.client.end();
    expect(bench.sent()).toEqual(hex(DISCONNECT));
    expect(bench.channel.closed).toBe(1000);
    expect(bench.closes).toEqual([{ code: "ended", message: expect.any(String), retry: undefined, online: true }]);
    expect(bench.client.connected).toBe(false);
    expect(bench.clock.pending).toBe(0);
  });

  it.each([
    ["while the channel opens", () => undefined],
    ["before CONNACK", (bench: ClientBench) => bench.channel.open()],
  ])("%s closes without DISCONNECT", (_name, before) => {
    const bench = new ClientBench();
    bench.client.connect();
    before(bench);
    bench.channel.take();
    bench.client.end();
    expect(bench.sent()).toEqual([]);
    expect(bench.channel.closed).toBe(1000);
    expect(bench.closes).toMatchObject([{ code: "ended", retry: undefined, online: false }]);
    expect(bench.clock.pending).toBe(0);
  });

  it("while it waits for the next attempt stops that, and there is no connection to close", () => {
    const bench = new ClientBench().online();
    bench.channel.lose();
    bench.client.end();
    expect(bench.closes.map(({ code }) => code)).toEqual(["socket-closed"]);
    expect(bench.clock.pending).toBe(0);
    bench.clock.advance(3600000);
    expect(bench.channels).toHaveLength(1);
  });

  it("before connect, and again after itself, does nothing", () => {
    const bench = new ClientBench();
    bench.client.end();
    expect(bench.events).toEqual([]);
    bench.online();
    bench.client.end();
    bench.client.end();
    expect(bench.closes).toHaveLength(1);
  });

  describe("with an error, for a link that is gone", () => {
    const lost = Object.assign(new Error("BEACON_TIMEOUT"), { code: "wifi-lost" });

    it("sends nothing, waits for nobody, tells the error as the end, and makes no attempt until connect", () => {
      const bench = new ClientBench().online();
      expect(bench.client.end(lost)).toBe(true);
      expect(bench.sent()).toEqual([]);
      expect(bench.channel.closed).toBe(0);
      expect(bench.closes).toEqual([{ code: "wifi-lost", message: "BEACON_TIMEOUT", retry: undefined, online: true }]);
      expect(bench.clock.pending).toBe(0);
      bench.client.connect(true);
      bench.clock.advance(1000);
      expect(bench.channels).toHaveLength(2);
    });

    it("says whether there was anything to end", () => {
      const bench = new ClientBench();
      expect(bench.client.end(lost)).toBe(false);
      bench.client.connect();
      expect(bench.client.end(lost)).toBe(true);
      bench.client.connect();
      expect(bench.client.end(lost)).toBe(false);
      expect(bench.closes.map(({ online }) => online)).toEqual([false]);
    });

    it("keeps to the rate of attempts, however often the network comes and goes", () => {
      const bench = new ClientBench();
      const times: number[] = [];
      for (let i = 0; i < 2000; i++) {
        bench.client.connect(true);
        const before = bench.channels.length;
        bench.clock.advance(100);
        if (bench.channels.length > before) times.push(bench.clock.now);
        bench.client.end(lost);
        bench.clock.advance(400);
      }
      expect(
        Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 60000).length)),
      ).toBeLessThanOrEqual(5);
      expect(times.length).toBeGreaterThan(1);
    });
  });

  it("from a close handler stops the reconnecting", () => {
    const bench = new ClientBench();
    bench.client.on("close", () => bench.client.end());
    bench.online();
    bench.channel.lose();
    expect(bench.closes).toHaveLength(1);
    expect(bench.clock.pending).toBe(0);
  });

  it("from a connect handler keeps what waits, and sends nothing after DISCONNECT", () => {
    const bench = new ClientBench();
    bench.client.on("connect", () => {
      bench.client.end();
      bench.client.publish("a", "2");
    });
    bench.client.publish("a", "1");
    bench.online();
    expect(bench.sent()).toEqual(hex(DISCONNECT));
    expect(bench.events.map(([name]) => name)).toEqual(["connect", "close"]);
    expect(bench.client.queued).toBe(2);
  });
});

describe("connect after end", () => {
  it("starts anew, subscribes again, and sends what waited", () => {
    const bench = new ClientBench().online();
    bench.client.subscribe("s");
    bench.channel.receive(wire({ cmd: "suback", messageId: 1, granted: [0] }));
    bench.client.publish("a", "1", { qos: 1 });
    bench.client.end();
    bench.client.publish("a", "2");
    expect(bench.client.queued).toBe(2);
    bench.client.connect();
    expect(bench.channels).toHaveLength(1);
    bench.clock.advance(1000);
    bench.accept();
    const again = { cmd: "publish", topic: "a", retain: false } as const;
    expect(bench.sent()).toEqual(
      hex(
        wire({ cmd: "subscribe", messageId: 3, subscriptions: [{ topic: "s", qos: 0 }] }),
        wire({ ...again, payload: "1", qos: 1, dup: true, messageId: 2 }),
        wire({ ...again, payload: "2", qos: 0, dup: false }),
      ),
    );
  });

  it("from a close handler works", () => {
    const bench = new ClientBench();
    bench.client.on("close", (error) => error.code === "ended" && bench.client.connect());
    bench.online();
    bench.client.end();
    bench.clock.advance(1000);
    expect(bench.channels).toHaveLength(2);
    bench.accept();
    expect(bench.client.connected).toBe(true);
  });
});
