import { ClientBench, hex } from "../fixtures/client-bench";
import { hexOf, octets, wire } from "../fixtures/octets";

const puback = (messageId: number) => wire({ cmd: "puback", messageId });
const publish = (topic: string, payload: string | Buffer, messageId = 0, dup = false) =>
  wire({ cmd: "publish", topic, payload, qos: messageId ? 1 : 0, dup, retain: false, messageId });

describe("a message", () => {
  it("section 4.3.1: with QoS 0 is handed on and not acknowledged", () => {
    const bench = new ClientBench().online();
    bench.channel.receive(publish("a/b", "on"));
    expect(bench.events.slice(1)).toEqual([["message", "a/b", "on"]]);
    expect(bench.sent()).toEqual([]);
  });

  it("[MQTT-4.3.2-2] with QoS 1 is acknowledged with its identifier, after the handlers", () => {
    const bench = new ClientBench().online();
    const acknowledged: string[][] = [];
    bench.client.on("message", () => acknowledged.push(bench.sent()));
    bench.channel.receive(publish("a", "1", 0x1234));
    expect(acknowledged).toEqual([[]]);
    expect(bench.sent()).toEqual(hex(puback(0x1234)));
  });

  it("[MQTT-4.6.0-2] several in one chunk are handed on and acknowledged in order", () => {
    const bench = new ClientBench().online();
    bench.channel.receive(publish("a", "1", 7), publish("a", "2"), publish("a", "3", 6));
    expect(bench.events.slice(1)).toEqual([
      ["message", "a", "1"],
      ["message", "a", "2"],
      ["message", "a", "3"],
    ]);
    expect(bench.sent()).toEqual(hex(puback(7), puback(6)));
  });

  it("[MQTT-4.3.2-2] sent again is handed on again, with DUP, and acknowledged", () => {
    const bench = new ClientBench().online();
    const dups: boolean[] = [];
    bench.client.on("message", (_topic, _payload, packet) => dups.push(packet.dup));
    bench.channel.receive(publish("a", "1", 7), publish("a", "1", 7, true));
    expect(dups).toEqual([false, true]);
    expect(bench.sent()).toEqual(hex(puback(7), puback(7)));
  });

  it("section 3.3.1.3: the packet tells QoS and Retain", () => {
    const bench = new ClientBench().online();
    const seen: unknown[] = [];
    bench.client.on("message", (_topic, _payload, { qos, retain }) => seen.push([qos, retain]));
    bench.channel.receive(octets('31 03 00 01 "a"'), octets('32 05 00 01 "a" 00 01'));
    expect(seen).toEqual([
      [0, true],
      [1, false],
    ]);
  });

  it.each([
    ["灯/开关", "打开"],
    ["é", "😀"],
    ["a", ""],
  ])("section 1.5.3: %s, %j come out as text, split at any byte", (topic, payload) => {
    const packet = publish(topic, payload);
    for (let at = 0; at <= packet.length; at++) {
      const bench = new ClientBench().online();
      bench.channel.receive(packet.slice(0, at));
      bench.channel.receive(packet.slice(at));
      expect(bench.events.slice(1)).toEqual([["message", topic, payload]]);
    }
  });

  it("a payload that is no UTF-8 comes out as its bytes", () => {
    const bench = new ClientBench().online();
    bench.channel.receive(publish("a", Buffer.from([0, 128, 255, 0xe7])));
    expect(bench.events.slice(1)).toEqual([["message", "a", "\x00\x80\xff\xe7"]]);
  });

  it("what one client publishes is what another receives", () => {
    const [from, to] = [new ClientBench().online(), new ClientBench().online()];
    from.client.publish("灯/😀", "亮度 100 %");
    to.channel.receive(...from.channel.take());
    expect(to.events.slice(1)).toEqual([["message", "灯/😀", "亮度 100 %"]]);
  });
});

describe("a handler that throws", () => {
  it("is an error event; the message is acknowledged, and the next one is handed on", () => {
    const bench = new ClientBench().online();
    bench.client.on("message", () => {
      throw new Error("broken");
    });
    bench.channel.receive(publish("a", "1", 7), publish("a", "2", 8));
    expect(bench.events.slice(1)).toEqual([
      ["message", "a", "1"],
      ["error", "handler-threw"],
      ["message", "a", "2"],
      ["error", "handler-threw"],
    ]);
    expect(bench.sent()).toEqual(hex(puback(7), puback(8)));
  });
});

describe("a handler that calls the client", () => {
  it("publishes: what it sends leaves after the acknowledgement", () => {
    const bench = new ClientBench().online();
    bench.client.on("message", () => bench.client.publish("reply", "1"));
    bench.channel.receive(publish("a", "1", 7));
    expect(bench.sent()).toEqual(hex(puback(7), publish("reply", "1")));
  });

  it("ends: nothing more is handed on or acknowledged", () => {
    const bench = new ClientBench().online();
    bench.client.on("message", () => bench.client.end());
    bench.channel.receive(publish("a", "1", 7), publish("a", "2", 8));
    expect(bench.events.filter(([name]) => name === "message")).toEqual([["message", "a", "1"]]);
    expect(bench.sent()).toEqual([hexOf(octets("e0 00"))]);
  });

  it("ends and connects: what is left of the old connection's bytes is dropped", () => {
    const bench = new ClientBench().online();
    bench.client.on("message", () => {
      bench.client.end();
      bench.client.connect();
    });
    bench.channel.receive(publish("a", "1", 7), publish("a", "2", 8));
    bench.clock.advance(1000);
    expect(bench.channels).toHaveLength(2);
    expect(bench.sent()).toEqual([]);
    bench.accept();
    expect(bench.client.connected).toBe(true);
    expect(bench.events.filter(([name]) => name === "message")).toHaveLength(1);
  });
});

describe("a message over maximumPacketSize", () => {
  const options = { maximumPacketSize: 128 };

  it("is an error event that tells its size and topic, and what follows is handed on", () => {
    const bench = new ClientBench({ options }).online();
    const messages: string[] = [];
    bench.client.on("error", (error) => messages.push(error.message));
    bench.channel.receive(publish("灯", "x".repeat(1000)), publish("a", "1"));
    expect(bench.events.slice(1)).toEqual([
      ["error", "message-too-large", "灯"],
      ["message", "a", "1"],
    ]);
    expect(messages).toEqual([expect.stringContaining("1000 bytes")]);
  });

  it("is acknowledged all the same, or it would come for ever", () => {
    const bench = new ClientBench({ options }).online();
    bench.channel.receive(publish("a", "x".repeat(1000), 7));
    expect(bench.sent()).toEqual(hex(puback(7)));
    expect(bench.closes).toEqual([]);
  });
});

describe("[MQTT-4.8.0-1] bytes that break the rules", () => {
  it.each([
    ["[MQTT-3.3.1-4] a PUBLISH with QoS 3", octets('36 05 00 01 "t" 00 01')],
    ["a PUBLISH with QoS 2", octets('34 05 00 01 "t" 00 01')],
    ["a PUBREL", octets("62 02 00 01")],
    ["a PINGREQ", octets("c0 00")],
    ["a Remaining Length of five bytes", octets("30 ff ff ff ff 01")],
  ])("%s ends the connection with 1002", (_name, bytes) => {
    const bench = new ClientBench().online();
    bench.channel.receive(publish("a", "1") + bytes + publish("a", "2"));
    expect(bench.events.slice(1)).toEqual([
      ["message", "a", "1"],
      ["close", "malformed-packet"],
    ]);
    expect(bench.channel.closed).toBe(1002);
    expect(bench.closes[0]).toMatchObject({ online: true, retry: expect.any(Number) });
  });
});
