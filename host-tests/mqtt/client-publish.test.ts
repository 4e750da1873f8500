import type { BenchSettings } from "../fixtures/client-bench";
import { ClientBench, hex } from "../fixtures/client-bench";
import { octets, wire } from "../fixtures/octets";

const puback = (messageId: number) => wire({ cmd: "puback", messageId });
const publish = (
  topic: string,
  payload: string | Buffer,
  messageId = 0,
  more: { dup?: boolean; retain?: boolean } = {},
) => wire({ cmd: "publish", topic, payload, qos: messageId ? 1 : 0, dup: false, retain: false, messageId, ...more });

describe("publish, connected", () => {
  it("section 4.3.1: QoS 0 is sent, and called back when handed over", () => {
    const bench = new ClientBench().online();
    const { calls, done } = bench.callback();
    expect(bench.client.publish("a/b", "on", {}, done)).toBe("sent");
    expect(bench.sent()).toEqual(hex(publish("a/b", "on")));
    expect(calls).toEqual([[]]);
    expect(bench.client.queued).toBe(0);
  });

  it("[MQTT-4.3.2-1] QoS 1 is sent with an identifier, and called back once, by its PUBACK", () => {
    const bench = new ClientBench().online();
    const { calls, done } = bench.callback();
    expect(bench.client.publish("a/b", "on", { qos: 1 }, done)).toBe("sent");
    expect(bench.sent()).toEqual(hex(publish("a/b", "on", 1)));
    expect([calls, bench.client.queued]).toEqual([[], 1]);
    bench.channel.receive(puback(1), puback(1));
    expect([calls, bench.client.queued]).toEqual([[[]], 0]);
  });

  it("a PUBACK for nothing is let pass", () => {
    const bench = new ClientBench().online();
    bench.channel.receive(puback(77));
    expect(bench.client.connected).toBe(true);
  });

  it("[MQTT-3.3.1-9] Retain is sent where the platform takes it", () => {
    const bench = new ClientBench().online();
    bench.client.publish("a", "", { retain: true });
    bench.client.publish("a", "x", { retain: true, qos: 1 });
    expect(bench.sent()).toEqual(hex(publish("a", "", 0, { retain: true }), publish("a", "x", 1, { retain: true })));
  });

  it.each([
    ["灯/开关", "打开"],
    ["é", "😀 \u0000"],
  ])("section 1.5.3: %s, %j leave as UTF-8", (topic, payload) => {
    const bench = new ClientBench().online();
    bench.client.publish(topic, payload);
    expect(bench.sent()).toEqual(hex(publish(topic, payload)));
  });

  it("an array of bytes leaves as it is", () => {
    const bench = new ClientBench().online();
    bench.client.publish("a", Uint8Array.from([0, 127, 128, 255]));
    expect(bench.sent()).toEqual(hex(publish("a", Buffer.from([0, 127, 128, 255]))));
  });

  it("at most five QoS 1 messages are on the way, and QoS 0 keeps its place behind what waits", () => {
    const bench = new ClientBench().online();
    const results = [1, 2, 3, 4, 5, 6].map((i) => bench.client.publish("a", `${i}`, { qos: 1 }));
    expect(results).toEqual(["sent", "sent", "sent", "sent", "sent", "queued"]);
    expect(bench.client.publish("a", "7")).toBe("queued");
    expect(bench.sent()).toHaveLength(5);
    bench.channel.receive(puback(3));
    expect(bench.sent()).toEqual(hex(publish("a", "6", 6), publish("a", "7")));
  });
});

describe("[MQTT-2.3.1-2] packet identifiers", () => {
  it("are not used again while a message or a SUBSCRIBE holds them, and never are 0", () => {
    const bench = new ClientBench({ options: { queueMessages: 10, receiveMaximum: 10 } }).online();
    bench.client.publish("held", "", { qos: 1 });
    bench.client.subscribe("held");
    bench.sent();
    // As many messages as there are identifiers besides.
    for (let i = 3; i <= 65535; i++) {
      bench.client.publish("a", "", { qos: 1 });
      bench.channel.receive(octets("40 02") + String.fromCharCode(i >> 8, i & 255));
    }
    expect(bench.client.queued).toBe(1);
    bench.channel.take();
    bench.client.publish("b", "", { qos: 1 });
    expect(bench.sent()).toEqual(hex(publish("b", "", 3)));
  });
});

describe("what publish refuses, each with its code", () => {
  const limits = { plain: true, topicBytes: 20, topicSlashes: 3, payload: 100, own: "/p/d" };
  const lone = "\ud83d";
  const refused: [string, BenchSettings, unknown[], string][] = [
    ["[MQTT-4.7.3-1] an empty topic", {}, ["", "x"], "topic-invalid"],
    ["[MQTT-3.3.2-2] a wildcard", {}, ["a/+", "x"], "topic-invalid"],
    ["[MQTT-4.7.3-2] U+0000", {}, ["a\0", "x"], "topic-invalid"],
    ["a topic over the platform's length", { limits }, ["/p/d/7890123456789012", "x"], "topic-forbidden"],
    ["a topic over the platform's slashes", { limits }, ["/p/d/1/2", "x"], "topic-forbidden"],
    ["another device's topic", { limits }, ["/p/e/1", "x"], "topic-forbidden"],
    ["Retain on the clouds", { limits }, ["/p/d/1", "x", { retain: true }], "retain-forbidden"],
    ["QoS 2", {}, ["a", "x", { qos: 2 }], "qos-unsupported"],
    ["QoS 3", {}, ["a", "x", { qos: 3 }], "qos-unsupported"],
    ["QoS as text", {}, ["a", "x", { qos: "1" }], "qos-unsupported"],
    ["[MQTT-1.5.3-1] a topic that has no UTF-8", {}, [lone, "x"], "not-a-byte-string"],
    ["a payload that has no UTF-8", {}, ["a", lone], "not-a-byte-string"],
    ["a number for a payload", {}, ["a", 7], "not-a-byte-string"],
    ["an object for a payload", {}, ["a", {}], "not-a-byte-string"],
    ["nothing for a payload", {}, ["a", undefined], "not-a-byte-string"],
    ["a payload over the platform's size", { limits }, ["/p/d/1", "x".repeat(101)], "packet-too-large"],
    [
      "a QoS 1 message over queueBytes",
      { options: { queueBytes: 50 } },
      ["a", "x".repeat(50), { qos: 1 }],
      "packet-too-large",
    ],
    ["a message the queue has no room for", { options: { queueMessages: 0 } }, ["a", "x", { qos: 1 }], "queue-full"],
  ];

  it.each(refused)("%s", (_name, settings, [topic, payload, options], code) => {
    const bench = new ClientBench(settings).online();
    const { calls, done } = bench.callback();
    const result = bench.client.publish(topic as string, payload as string, options as object, done);
    expect(result).toBe(code);
    expect(calls).toEqual([[code]]);
    expect(bench.sent()).toEqual([]);
    expect(bench.client.queued).toBe(0);
  });

  it.each([
    ["a payload of the platform's size", ["/p/d/1", "x".repeat(100)]],
    ["a topic of the platform's length", ["/p/d/789012345678901", "x"]],
    ["a topic with the platform's slashes", ["/p/d/1", "x"]],
  ])("but not %s", (_name, [topic, payload]) => {
    expect(new ClientBench({ limits }).online().client.publish(topic, payload)).toBe("sent");
  });

  it("a refusal needs no callback", () => {
    expect(new ClientBench().online().client.publish("#", "x")).toBe("topic-invalid");
  });
});

describe("publish, not connected", () => {
  it("keeps messages in order, and sends them after CONNACK and after the subscriptions", () => {
    const bench = new ClientBench();
    const { calls, done } = bench.callback();
    expect(bench.client.publish("a", "1", {}, done)).toBe("queued");
    expect(bench.client.publish("a", "2", { qos: 1 }, done)).toBe("queued");
    bench.client.subscribe("s");
    expect([bench.client.queued, calls]).toEqual([2, []]);
    bench.online();
    const subscribe = wire({ cmd: "subscribe", messageId: 2, subscriptions: [{ topic: "s", qos: 0 }] });
    expect(bench.sent()).toEqual(hex(subscribe, publish("a", "1"), publish("a", "2", 1)));
    expect(calls).toEqual([[]]);
    bench.channel.receive(puback(1));
    expect(calls).toEqual([[], []]);
  });

  it("a full queue drops the oldest QoS 0 message, which is told so, and counts it", () => {
    const bench = new ClientBench({ options: { queueMessages: 2 } });
    const { calls, done } = bench.callback();
    bench.client.publish("a", "1", {}, done);
    bench.client.publish("a", "2", { qos: 1 });
    expect(bench.client.publish("a", "3")).toBe("queued");
    expect(calls).toEqual([["queue-full"]]);
    expect([bench.client.dropped, bench.client.queued]).toEqual([1, 2]);
    bench.online();
    expect(bench.sent()).toEqual(hex(publish("a", "2", 1), publish("a", "3")));
  });

  it("a queue full of QoS 1 messages refuses the next", () => {
    const bench = new ClientBench({ options: { queueMessages: 1 } });
    const { calls, done } = bench.callback();
    bench.client.publish("a", "1", { qos: 1 });
    expect(bench.client.publish("a", "2", {}, done)).toBe("queue-full");
    expect([calls, bench.client.queued, bench.client.dropped]).toEqual([[["queue-full"]], 1, 0]);
  });

  it("a QoS 0 message that is too long to wait is refused, but sent when connected", () => {
    const bench = new ClientBench({ options: { queueBytes: 50 } });
    expect(bench.client.publish("a", "x".repeat(50))).toBe("packet-too-large");
    bench.online();
    expect(bench.client.publish("a", "x".repeat(50))).toBe("sent");
  });
});

describe("back-pressure", () => {
  it("a channel without room is sent nothing more until it drains", () => {
    const bench = new ClientBench().online();
    bench.channel.room = false;
    expect(bench.client.publish("a", "1")).toBe("sent");
    expect(bench.client.publish("a", "2")).toBe("queued");
    expect(bench.client.publish("a", "3", { qos: 1 })).toBe("queued");
    bench.client.subscribe("s");
    expect(bench.sent()).toEqual(hex(publish("a", "1")));
    bench.channel.drain();
    const subscribe = wire({ cmd: "subscribe", messageId: 2, subscriptions: [{ topic: "s", qos: 0 }] });
    expect(bench.sent()).toEqual(hex(subscribe));
    bench.channel.room = true;
    bench.channel.drain();
    expect(bench.sent()).toEqual(hex(publish("a", "2"), publish("a", "3", 1)));
  });

  it("a PUBACK and a PINGREQ do not wait for it", () => {
    const bench = new ClientBench({ options: { keepalive: 30 } }).online();
    bench.channel.room = false;
    bench.client.publish("a", "1");
    bench.channel.take();
    bench.channel.receive(publish("b", "2", 9));
    bench.clock.advance(15000);
    expect(bench.sent()).toEqual(hex(puback(9), octets("c0 00")));
  });

  it("a drain before CONNACK sends nothing", () => {
    const bench = new ClientBench();
    bench.client.publish("a", "1");
    bench.client.connect();
    bench.channel.open();
    bench.channel.take();
    bench.channel.drain();
    expect(bench.sent()).toEqual([]);
  });
});

describe("callbacks that call the client", () => {
  it("a callback that throws is an error event, and the next message still leaves", () => {
    const bench = new ClientBench();
    bench.client.publish("a", "1", {}, () => {
      throw new Error("broken");
    });
    bench.client.publish("a", "2");
    bench.online();
    expect(bench.sent()).toEqual(hex(publish("a", "1"), publish("a", "2")));
    expect(bench.events).toContainEqual(["error", "handler-threw"]);
  });

  it("a callback by PUBACK that publishes sends at once", () => {
    const bench = new ClientBench().online();
    bench.client.publish("a", "1", { qos: 1 }, () => bench.client.publish("a", "2", { qos: 1 }));
    bench.channel.take();
    bench.channel.receive(puback(1));
    expect(bench.sent()).toEqual(hex(publish("a", "2", 2)));
  });
  it("a message published in the callback of a queued one leaves after it", () => {
    const bench = new ClientBench();
    bench.client.publish("a", "1", {}, () => bench.client.publish("a", "2"));
    bench.online();
    expect(bench.sent()).toEqual(hex(publish("a", "1"), publish("a", "2")));
  });
  it("end in the callback of a queued message comes after that message", () => {
    const bench = new ClientBench();
    bench.client.publish("a", "last words", {}, () => bench.client.end());
    bench.online();
    expect(bench.sent()).toEqual(hex(publish("a", "last words"), octets("e0 00")));
  });

  it("end in the callback of a message that is sent at once", () => {
    const bench = new ClientBench().online();
    bench.client.publish("a", "last words", {}, () => bench.client.end());
    expect(bench.sent()).toEqual(hex(publish("a", "last words"), octets("e0 00")));
  });
});
