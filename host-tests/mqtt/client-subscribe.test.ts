import { ClientBench, hex, RESUMED } from "../fixtures/client-bench";
import { octets, wire } from "../fixtures/octets";

const subscribe = (messageId: number, ...topics: [string, 0 | 1][]) =>
  wire({ cmd: "subscribe", messageId, subscriptions: topics.map(([topic, qos]) => ({ topic, qos })) });
const unsubscribe = (messageId: number, ...unsubscriptions: string[]) =>
  wire({ cmd: "unsubscribe", messageId, unsubscriptions });
const suback = (messageId: number, ...granted: number[]) => wire({ cmd: "suback", messageId, granted });
const unsuback = (messageId: number) => octets("b0 02 00") + String.fromCharCode(messageId);

describe("subscribe", () => {
  it("section 3.8: is sent at once when connected, and called back with the granted QoS", () => {
    const bench = new ClientBench().online();
    const { calls, done } = bench.callback();
    bench.client.subscribe("a/+", { qos: 1 }, done);
    expect(bench.sent()).toEqual(hex(subscribe(1, ["a/+", 1])));
    expect(calls).toEqual([]);
    bench.channel.receive(suback(1, 1));
    expect(calls).toEqual([[undefined, 1]]);
    expect(bench.events).toEqual([["connect", false, 0]]);
  });

  it("[MQTT-3.9.3-1] a lower QoS than asked for is told", () => {
    const bench = new ClientBench().online();
    const { calls, done } = bench.callback();
    bench.client.subscribe("a", { qos: 1 }, done);
    bench.channel.receive(suback(1, 0));
    expect(calls).toEqual([[undefined, 0]]);
  });

  it("QoS 0 is what is asked for when nothing is said", () => {
    const bench = new ClientBench().online();
    bench.client.subscribe("a");
    bench.client.subscribe("b", {});
    expect(bench.sent()).toEqual(hex(subscribe(1, ["a", 0]), subscribe(2, ["b", 0])));
  });

  it("filters wished for before go out together after CONNACK, eight at a time", () => {
    const bench = new ClientBench();
    const topics = Array.from({ length: 10 }, (_, i): [string, 0 | 1] => [`t/${i}`, i % 2 ? 1 : 0]);
    for (const [topic, qos] of topics) bench.client.subscribe(topic, { qos });
    bench.online();
    expect(bench.sent()).toEqual(hex(subscribe(1, ...topics.slice(0, 8)), subscribe(2, ...topics.slice(8))));
  });

  it("leaves before what a connect handler publishes, so that no answer is missed", () => {
    const bench = new ClientBench();
    bench.client.on("connect", () => bench.client.publish("ask", ""));
    bench.client.subscribe("answer");
    bench.online();
    const ask = wire({ cmd: "publish", topic: "ask", payload: "", qos: 0, dup: false, retain: false });
    expect(bench.sent()).toEqual(hex(subscribe(1, ["answer", 0]), ask));
  });

  it("[MQTT-3.9.3-2] SUBACK 0x80 is an error on that subscription, and on no other", () => {
    const bench = new ClientBench();
    const [one, other] = [bench.callback(), bench.callback()];
    bench.client.subscribe("no", {}, one.done);
    bench.client.subscribe("yes", {}, other.done);
    bench.online();
    bench.channel.receive(suback(1, 0x80, 0));
    expect(one.calls).toEqual([["subscription-refused", 128]]);
    expect(other.calls).toEqual([[undefined, 0]]);
    expect(bench.client.connected).toBe(true);
  });

  it("without a callback SUBACK 0x80 is an error event with the filter", () => {
    const bench = new ClientBench().online();
    bench.client.subscribe("no");
    bench.channel.receive(suback(1, 0x80));
    expect(bench.events.slice(1)).toEqual([["error", "subscription-refused", "no"]]);
  });

  it.each([
    ["another identifier", suback(2, 0)],
    ["too many codes", suback(1, 0, 0)],
    ["[MQTT-3.9.3-2] a reserved code", octets("90 03 00 01 03")],
    ["an UNSUBACK's type", unsuback(1)],
  ])("an answer with %s ends the connection", (_name, answer) => {
    const bench = new ClientBench().online();
    bench.client.subscribe("a");
    bench.channel.receive(answer);
    expect(bench.closes).toMatchObject([{ code: "malformed-packet", online: true }]);
    expect(bench.channel.closed).toBe(1002);
  });
  it("twice for one filter before the first SUBACK keeps the connection", () => {
    const bench = new ClientBench().online();
    bench.client.subscribe("a", {}, bench.callback().done);
    bench.client.subscribe("a", { qos: 1 }, bench.callback().done);
    bench.channel.receive(suback(1, 0), suback(2, 1));
    expect(bench.closes).toEqual([]);
  });
});

describe("what is refused before it is sent", () => {
  const limits = { topicBytes: 10, topicSlashes: 2, own: "/p/d", subscriptions: 2 };

  it.each([
    ["[MQTT-4.7.1-2] a/#/b", "/p/d/#/b", {}, "topic-invalid"],
    ["[MQTT-4.7.3-1] an empty filter", "", {}, "topic-invalid"],
    ["a filter over the platform's length", "/p/d/123456", {}, "topic-forbidden"],
    ["a filter over the platform's slashes", "/p/d/a", {}, "topic-forbidden"],
    ["another device's topic", "/p/e", {}, "topic-forbidden"],
    ["QoS 2", "/p/d", { qos: 2 }, "qos-unsupported"],
    ["QoS -1", "/p/d", { qos: -1 }, "qos-unsupported"],
    ["text that has no UTF-8", "/p/d\ud800", {}, "topic-invalid"],
  ])("%s", (_name, topic, options, code) => {
    const bench = new ClientBench({ limits }).online();
    const { calls, done } = bench.callback();
    bench.client.subscribe(topic, options, done);
    expect(calls).toEqual([[code]]);
    expect(bench.sent()).toEqual([]);
  });

  it("more subscriptions than the platform takes", () => {
    const bench = new ClientBench({ limits: { subscriptions: 2 } }).online();
    const { calls, done } = bench.callback();
    for (const topic of ["a", "b", "c"]) bench.client.subscribe(topic, {}, done);
    expect(calls).toEqual([["queue-full"]]);
    expect(bench.sent()).toHaveLength(2);
  });
  it("is an error event where there is no callback", () => {
    const bench = new ClientBench().online();
    bench.client.subscribe("a/#/b");
    expect(bench.events.slice(1)).toEqual([["error", "topic-invalid", "a/#/b"]]);
  });
});

describe("unsubscribe", () => {
  it("[MQTT-3.10.4-4] is called back by UNSUBACK", () => {
    const bench = new ClientBench().online();
    const { calls, done } = bench.callback();
    bench.client.subscribe("a");
    bench.channel.receive(suback(1, 0));
    bench.channel.take();
    bench.client.unsubscribe("a", done);
    expect(bench.sent()).toEqual(hex(unsubscribe(2, "a")));
    expect(calls).toEqual([]);
    bench.channel.receive(unsuback(2));
    expect(calls).toEqual([[undefined, undefined]]);
  });

  it("while not connected costs nothing where the server has no session", () => {
    const bench = new ClientBench();
    const { calls, done } = bench.callback();
    bench.client.unsubscribe("a", done);
    bench.online();
    expect(calls).toEqual([[undefined, undefined]]);
    expect(bench.sent()).toEqual([]);
  });

  it("while not connected is sent where the server has one", () => {
    const bench = new ClientBench({ options: { clean: false } });
    bench.client.unsubscribe("a");
    bench.online(RESUMED);
    expect(bench.sent()).toEqual(hex(unsubscribe(1, "a")));
  });
  it("before the SUBACK keeps the connection", () => {
    const bench = new ClientBench().online();
    bench.client.subscribe("a", {}, bench.callback().done);
    bench.client.unsubscribe("a");
    bench.channel.receive(suback(1, 0), unsuback(2));
    expect(bench.closes).toEqual([]);
  });
});

describe("after a reconnect", () => {
  /** Two granted subscriptions, then the connection breaks and comes back with `connack`. */
  function again(options: object, connack?: string): ClientBench {
    const bench = new ClientBench({ options }).online();
    bench.client.subscribe("a", { qos: 1 });
    bench.client.subscribe("b");
    bench.channel.receive(suback(1, 1), suback(2, 0));
    bench.channel.lose();
    return bench.reconnect(connack);
  }

  it("everything is subscribed again where the server has no session", () => {
    expect(again({}).sent()).toEqual(hex(subscribe(3, ["a", 1], ["b", 0])));
    expect(again({ clean: false }).sent()).toEqual(hex(subscribe(3, ["a", 1], ["b", 0])));
  });

  it("[MQTT-3.1.2-4] nothing is where it kept the session", () => {
    expect(again({ clean: false }, RESUMED).sent()).toEqual([]);
  });

  it("everything is at level 3, whose CONNACK does not tell", () => {
    expect(again({ clean: false, protocolVersion: 3 }, RESUMED).sent()).toEqual(hex(subscribe(3, ["a", 1], ["b", 0])));
  });
  it("[MQTT-3.1.2-6] everything is where Clean Session was asked for, whatever the server says", () => {
    expect(again({ clean: true }, RESUMED).sent()).toEqual(hex(subscribe(3, ["a", 1], ["b", 0])));
  });

  it("what was not answered is sent again even where the server kept the session", () => {
    const bench = new ClientBench({ options: { clean: false } }).online();
    const { calls, done } = bench.callback();
    bench.client.subscribe("a", {}, done);
    bench.channel.lose();
    bench.reconnect(RESUMED);
    expect(bench.sent()).toEqual(hex(subscribe(2, ["a", 0])));
    bench.channel.receive(suback(2, 0));
    expect(calls).toEqual([[undefined, 0]]);
  });

  it("a refused or unsubscribed filter does not come back", () => {
    const bench = new ClientBench().online();
    for (const topic of ["no", "gone", "kept"]) bench.client.subscribe(topic, {}, bench.callback().done);
    bench.channel.receive(suback(1, 0x80), suback(2, 0), suback(3, 0));
    bench.client.unsubscribe("gone");
    bench.channel.receive(unsuback(4));
    bench.channel.lose();
    bench.reconnect();
    expect(bench.sent()).toEqual(hex(subscribe(5, ["kept", 0])));
  });

  it("a subscription that is refused now is an error event", () => {
    const bench = again({});
    bench.channel.receive(suback(3, 0x80, 0));
    expect(bench.events[bench.events.length - 1]).toEqual(["error", "subscription-refused", "a"]);
  });
});

describe("callbacks that call the client", () => {
  it("unsubscribe in the callback of one of several keeps the connection", () => {
    const bench = new ClientBench();
    bench.client.subscribe("a", {}, () => bench.client.unsubscribe("a"));
    bench.client.subscribe("b");
    bench.online();
    bench.channel.receive(suback(1, 0, 0));
    expect(bench.closes).toEqual([]);
  });

  it("unsubscribe in the callback of a single one", () => {
    const bench = new ClientBench().online();
    bench.client.subscribe("a", {}, () => bench.client.unsubscribe("a"));
    bench.channel.receive(suback(1, 0));
    expect(bench.sent()).toEqual(hex(subscribe(1, ["a", 0]), unsubscribe(2, "a")));
    expect(bench.closes).toEqual([]);
  });
  it("end and connect in a callback leave the new attempt alone", () => {
    const bench = new ClientBench();
    bench.client.subscribe("a", {}, () => {
      bench.client.end();
      bench.client.connect();
    });
    bench.client.subscribe("b");
    bench.online();
    bench.channel.receive(suback(1, 0, 0));
    expect(bench.closes.map(({ code }) => code)).toEqual(["ended"]);
  });
  it("end in the callback of an unsubscribe that is settled on connecting is the last word", () => {
    const bench = new ClientBench();
    bench.client.unsubscribe("a", () => bench.client.end());
    bench.online();
    expect(bench.events.filter(([name]) => name === "connect")).toEqual([]);
  });
});
