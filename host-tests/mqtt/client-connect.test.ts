import { fail } from "../../firmware/errors";
import type { BenchSettings } from "../fixtures/client-bench";
import { ACCEPTED, ClientBench, connect, hex, RESUMED } from "../fixtures/client-bench";
import { octets, utf8, wire } from "../fixtures/octets";

const options = { keepalive: 60 };

/** A bench whose channel has just opened, and what was sent. */
function opened(settings?: BenchSettings): [ClientBench, string[]] {
  const bench = new ClientBench(settings);
  bench.client.connect();
  bench.channel.open();
  return [bench, bench.sent()];
}

describe("CONNECT", () => {
  it("[MQTT-3.1.0-1] is the first packet, and nothing leaves before the channel is open", () => {
    const bench = new ClientBench();
    bench.client.subscribe("a");
    bench.client.publish("b", "1");
    bench.client.publish("b", "2", { qos: 1 });
    bench.client.connect();
    expect(bench.sent()).toEqual([]);
    bench.channel.open();
    expect(bench.sent()).toEqual(hex(connect()));
  });

  it("[MQTT-3.1.0-2] is sent once a connection, and nothing else before CONNACK", () => {
    const [bench] = opened();
    bench.client.connect();
    bench.client.subscribe("a");
    bench.client.publish("b", "1", { qos: 1 });
    bench.channel.drain();
    expect(bench.sent()).toEqual([]);
    expect(bench.channels).toHaveLength(1);
  });

  const endpoint = () => ({ url: "ws://h:1/p", clientId: "id", username: "name", password: "\x00\xff" });

  it("carries the endpoint's names and the options, at level 4", () => {
    const [bench, sent] = opened({ endpoint, options: { keepalive: 1200, clean: false } });
    const password = Buffer.from([0, 255]);
    expect(sent).toEqual(hex(connect({ clientId: "id", username: "name", password, keepalive: 1200, clean: false })));
    expect([bench.channel.url, bench.channel.subprotocol]).toEqual(["ws://h:1/p", "mqtt"]);
  });

  it("carries the same at level 3", () => {
    const [bench, sent] = opened({ endpoint, options: { protocolVersion: 3, subprotocol: "mqttv3.1" } });
    const password = Buffer.from([0, 255]);
    expect(sent).toEqual(
      hex(connect({ protocolId: "MQIsdp", protocolVersion: 3, clientId: "id", username: "name", password })),
    );
    expect(bench.channel.subprotocol).toBe("mqttv3.1");
  });

  it("carries a Will as UTF-8", () => {
    const will = { topic: "灯", payload: "断", qos: 1, retain: true };
    const [, sent] = opened({ options: { will } });
    expect(sent).toEqual(hex(connect({ will: { ...will, qos: 1 } })));
  });

  it("carries a Will with no payload", () => {
    const [, sent] = opened({ options: { keepalive: 0, will: { topic: "w", payload: "" } } });
    expect(sent).toEqual(hex(octets('10 12 00 04 "MQTT" 04 06 00 00 00 01 "c" 00 01 "w" 00 00')));
  });
});

describe("options the client cannot work with", () => {
  const clouds = { keepalive: [30, 1200] as [number, number], plain: true };

  it.each([
    [{ keepalive: 29 }, "option-out-of-range", "keepalive"],
    [{ keepalive: 1201 }, "option-out-of-range", "keepalive"],
    [{ keepalive: 0 }, "option-out-of-range", "keepalive"],
    [{ protocolVersion: 5 }, "option-out-of-range", "protocolVersion"],
    [{ will: { topic: "w", payload: "" } }, "will-forbidden", "will"],
  ])("%p is refused on the clouds before anything is opened", (given, code, field) => {
    expect(() => new ClientBench({ options: given, limits: clouds })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(field) }),
    );
  });
});

describe("CONNACK", () => {
  it("0 connects, and tells the session and the time since the attempt began", () => {
    const bench = new ClientBench();
    bench.client.connect();
    expect(bench.client.connected).toBe(false);
    bench.clock.advance(400);
    bench.channel.open();
    bench.clock.advance(12);
    bench.channel.receive(ACCEPTED);
    expect(bench.client.connected).toBe(true);
    expect(bench.events).toEqual([["connect", false, 412]]);
  });

  it("[MQTT-3.2.2-3] Session Present is told", () => {
    expect(new ClientBench({ options: { clean: false } }).online(RESUMED).events).toEqual([["connect", true, 0]]);
  });

  it("section 3.2 of 3.1: its first byte is reserved there, and means nothing", () => {
    const bench = new ClientBench({ options: { protocolVersion: 3, clean: false } });
    expect(bench.online(RESUMED).events).toEqual([["connect", false, 0]]);
  });

  it.each([
    [1, "unacceptable-protocol-version", 300000],
    [2, "identifier-rejected", 300000],
    [3, "server-unavailable", 0],
    [4, "bad-username-or-password", 300000],
    [5, "not-authorized", 300000],
    [6, "connack-6", 0],
    [255, "connack-255", 0],
  ])("[MQTT-3.2.2-5] %d closes the connection as %s", (returnCode, code, least) => {
    const bench = new ClientBench().online(wire({ cmd: "connack", returnCode, sessionPresent: false }));
    expect(bench.closes).toEqual([
      { code, message: expect.stringContaining(`CONNACK ${returnCode}`), retry: expect.any(Number), online: false },
    ]);
    expect(bench.events).toEqual([["close", code]]);
    expect(bench.client.connected).toBe(false);
    expect(bench.channel.closed).toBe(1000);
    const { retry } = bench.closes[0];
    expect(retry).toBeGreaterThanOrEqual(least);
    expect(retry).toBeLessThanOrEqual(Math.max(least, 1000));
  });

  it("a link that is lost and comes back meanwhile does not shorten the wait, an end on purpose does", () => {
    const refuse = () => new ClientBench().online(wire({ cmd: "connack", returnCode: 4, sessionPresent: false }));
    const lost = refuse();
    lost.client.end(fail("wifi-lost", "no beacon"));
    lost.clock.advance(1000);
    lost.client.connect(true);
    lost.clock.advance(299999);
    expect(lost.channels).toHaveLength(1);
    lost.clock.advance(1);
    expect(lost.channels).toHaveLength(2);

    const ended = refuse();
    ended.client.end();
    ended.client.connect();
    ended.clock.advance(5000);
    expect(ended.channels).toHaveLength(2);
  });

  it("a refusal that time does not mend delays the next attempt only", () => {
    const bench = new ClientBench().online(wire({ cmd: "connack", returnCode: 4, sessionPresent: false }));
    bench.clock.advance(299999);
    expect(bench.channels).toHaveLength(1);
    bench.clock.advance(1);
    expect(bench.channels).toHaveLength(2);
    bench.channel.lose();
    expect(bench.closes[1].retry).toBeLessThanOrEqual(2000);
  });

  it("section 3.2: a second one breaks the rules", () => {
    const bench = new ClientBench().online();
    bench.channel.receive(ACCEPTED);
    expect(bench.closes).toMatchObject([{ code: "malformed-packet", online: true }]);
    expect(bench.channel.closed).toBe(1002);
  });

  it.each([
    ["PINGRESP", wire({ cmd: "pingresp" })],
    ["PUBLISH", wire({ cmd: "publish", topic: "t", payload: "p", qos: 0, dup: false, retain: false })],
    ["PUBACK", wire({ cmd: "puback", messageId: 1 })],
    ["SUBACK", wire({ cmd: "suback", messageId: 1, granted: [0] })],
  ])("[MQTT-3.2.0-1] must come before %s", (_name, packet) => {
    const [bench] = opened();
    bench.channel.receive(packet + ACCEPTED);
    expect(bench.events).toEqual([["close", "malformed-packet"]]);
    expect(bench.closes[0].message).toContain("first packet");
    expect(bench.channel.closed).toBe(1002);
  });

  it("may share its chunk with what follows", () => {
    const [bench] = opened();
    bench.channel.receive(
      ACCEPTED + wire({ cmd: "publish", topic: "t", payload: "p", qos: 0, dup: false, retain: false }),
    );
    expect(bench.events).toEqual([
      ["connect", false, 0],
      ["message", "t", "p"],
    ]);
  });

  it("may come byte by byte", () => {
    const [bench] = opened();
    for (const byte of ACCEPTED) bench.channel.receive(byte);
    expect(bench.events).toEqual([["connect", false, 0]]);
  });
});

describe("time-outs", () => {
  it.each([
    [undefined, 30000],
    [5000, 5000],
  ])("with connectTimeout %p no CONNACK within %d ms ends the attempt", (connectTimeout, ms) => {
    const [bench] = opened({ options: { ...options, connectTimeout } });
    bench.clock.advance(ms - 1);
    expect(bench.events).toEqual([]);
    bench.clock.advance(1);
    expect(bench.closes).toMatchObject([{ code: "connect-timeout", message: "no CONNACK", online: false }]);
    expect(bench.channel.closed).toBe(1000);
  });

  it("counts from connecting, not from when the channel opened", () => {
    const bench = new ClientBench();
    bench.client.connect();
    bench.clock.advance(29000);
    bench.channel.open();
    bench.clock.advance(1000);
    expect(bench.closes).toMatchObject([{ code: "connect-timeout", message: "no CONNACK" }]);
  });

  it("a channel that never opens ends the attempt", () => {
    const bench = new ClientBench();
    bench.client.connect();
    bench.clock.advance(30000);
    expect(bench.closes).toMatchObject([{ code: "connect-timeout", message: "no WebSocket handshake" }]);
    expect(bench.channel.closed).toBe(1000);
  });

  it("end with the CONNACK: none is left once connected", () => {
    const bench = new ClientBench({ options: { keepalive: 0 } }).online();
    bench.clock.advance(3600000);
    expect(bench.closes).toEqual([]);
  });
});

describe("an attempt that cannot begin", () => {
  it("a channel that throws with a code is a close with that code", () => {
    const bench = new ClientBench();
    bench.openError = Object.assign(new Error("no route"), { code: "socket-error" });
    bench.client.connect();
    expect(bench.closes).toMatchObject([{ code: "socket-error", message: "no route", online: false }]);
    expect(bench.clock.pending).toBe(1);
  });

  it("one without a code is connect-failed", () => {
    const bench = new ClientBench();
    bench.openError = new Error("Unable to locate host");
    bench.client.connect();
    expect(bench.closes).toMatchObject([{ code: "connect-failed", message: "Unable to locate host" }]);
  });

  it("so is an endpoint that throws", () => {
    const bench = new ClientBench({
      endpoint: () => {
        throw new Error("no clock yet");
      },
    });
    bench.client.connect();
    expect(bench.closes).toMatchObject([{ code: "connect-failed", message: "no clock yet" }]);
    expect(bench.channels).toHaveLength(0);
  });

  it("a handshake that is refused is a close with the channel's error", () => {
    const bench = new ClientBench();
    bench.client.connect();
    bench.channel.lose(Object.assign(new Error("HTTP/1.1 401"), { code: "handshake-refused" }));
    expect(bench.closes).toMatchObject([{ code: "handshake-refused", message: "HTTP/1.1 401", online: false }]);
  });
});

it("names in UTF-8 are sent as they are", () => {
  const [, sent] = opened({ endpoint: () => ({ url: "ws://h/", clientId: utf8("板"), username: utf8("灯") }) });
  expect(sent).toEqual(hex(connect({ clientId: "板", username: "灯" })));
});
