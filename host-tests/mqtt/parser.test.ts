import type { Bytes } from "../../firmware/seams";
import { octets, wire } from "../fixtures/octets";
import { seed, Seeded } from "../fixtures/seeded";
import { CAP, cut, golden, randomPacket, Reader } from "../fixtures/server-packets";

describe("golden packets", () => {
  it.each(golden)("%s, whole", (_name, bytes, fields) => {
    expect(new Reader().push(bytes)).toMatchObject({ packets: [fields], fault: undefined });
  });

  it.each(golden)("%s, in two chunks split anywhere", (_name, bytes, fields) => {
    for (let at = 0; at <= bytes.length; at++) {
      const reader = new Reader().push(bytes.slice(0, at));
      expect(reader.packets).toEqual(at < bytes.length ? [] : [fields]);
      expect(reader.push(bytes.slice(at))).toMatchObject({ packets: [fields], fault: undefined });
    }
  });

  it.each(golden)("%s, one byte at a time, twice", (_name, bytes, fields) => {
    expect(new Reader().push(...bytes, ...bytes)).toMatchObject({ packets: [fields, fields], fault: undefined });
  });

  const all = golden.map(([, bytes]) => bytes).join("");
  const expected = golden.map(([, , fields]) => fields);

  it("all of them in one chunk", () => {
    expect(new Reader().push(all)).toMatchObject({ packets: expected, fault: undefined });
  });

  it("all of them in two chunks split anywhere", () => {
    for (let at = 0; at <= all.length; at++) {
      expect(new Reader().push(all.slice(0, at), all.slice(at))).toMatchObject({ packets: expected, fault: undefined });
    }
  });

  it("an empty chunk changes nothing", () => {
    expect(new Reader().push("", all.slice(0, 5), "", "", all.slice(5))).toMatchObject({ packets: expected });
  });

  it("a sink that returns false stops the parser within a chunk", () => {
    const reader = new Reader(CAP, (packet) => packet.type !== 0x40);
    reader.push(all);
    expect(reader.packets[reader.packets.length - 1]).toEqual({ type: "PUBACK", messageId: 0x1234 });
    expect(reader.fault).toBeUndefined();
  });
});

describe("Remaining Length, section 2.2.3", () => {
  // A topic of one byte takes three bytes of the length.
  it.each([3, 127, 128, 16383, 16384, 2097151, 2097152])("%d bytes, and what follows is read on", (length) => {
    const payload = "p".repeat(length - 3);
    const packet = wire({ cmd: "publish", topic: "t", payload, qos: 0, dup: false, retain: false });
    for (const at of [1, 2, 3, 4, 5, packet.length - 1, packet.length]) {
      const reader = new Reader(0xfffffff).push(packet.slice(0, at), packet.slice(at) + "\xd0\x00");
      expect(reader.packets.map((fields) => fields.type)).toEqual(["PUBLISH", "PINGRESP"]);
      expect(reader.packets[0].payload === payload).toBe(true);
    }
  });

  it("a length of 0 written in two bytes is still 0", () => {
    expect(new Reader().push("\xd0\x80\x00")).toMatchObject({ packets: [{ type: "PINGRESP" }], fault: undefined });
  });
});

/** Rule, bytes, part of the message. */
const malformed: [string, Bytes, string][] = [
  ["section 2.2.3: a Remaining Length of five bytes is malformed", octets("30 80 80 80 80 01"), "over four bytes"],
  ["[MQTT-2.2.2-2] a CONNACK with reserved flags is malformed", octets("21 02 00 00"), "reserved flags"],
  ["[MQTT-2.2.2-2] a PUBACK with reserved flags is malformed", octets("42 02 00 01"), "reserved flags"],
  ["[MQTT-2.2.2-2] a SUBACK with reserved flags is malformed", octets("92 03 00 01 00"), "reserved flags"],
  ["[MQTT-2.2.2-2] an UNSUBACK with reserved flags is malformed", octets("b8 02 00 01"), "reserved flags"],
  ["[MQTT-2.2.2-2] a PINGRESP with reserved flags is malformed", octets("d1 00"), "reserved flags"],
  ["[MQTT-2.3.1-1] a PUBLISH with packet identifier 0 is malformed", octets('32 05 00 01 "t" 00 00'), "identifier 0"],
  ["[MQTT-3.3.1-4] a PUBLISH with QoS 3 is malformed", octets('36 05 00 01 "t" 00 01'), "QoS"],
  ["section 3.8.4: a PUBLISH with QoS 2 was never granted", octets('34 05 00 01 "t" 00 01'), "QoS 2"],
  ["[MQTT-3.3.2-1] a PUBLISH without a topic is malformed", octets("30 00"), "too short"],
  ["[MQTT-3.3.2-1] a PUBLISH with half a topic length is malformed", octets("30 01 00"), "too short"],
  ["[MQTT-3.3.2-1] a PUBLISH whose topic goes on past its end is malformed", octets('30 04 00 03 "ab"'), "too short"],
  [
    "[MQTT-2.3.1-1] a PUBLISH with QoS 1 and half an identifier is malformed",
    octets('32 04 00 01 "t" 00'),
    "too short",
  ],
  ["[MQTT-4.7.3-1] a PUBLISH with an empty topic is malformed", octets('30 03 00 00 "p"'), "topic is empty"],
  ["[MQTT-1.5.3-2] a PUBLISH with U+0000 in its topic is malformed", octets('30 05 00 03 "a" 00 "b"'), "U+0000"],
  ["section 3.2: a CONNACK of one byte is malformed", octets("20 01 00"), "too short"],
  ["section 3.2: a CONNACK of three bytes is malformed", octets("20 03 00 00 00"), "too long"],
  ["section 3.4: a PUBACK of one byte is malformed", octets("40 01 00"), "too short"],
  ["section 3.4: a PUBACK of three bytes is malformed", octets("40 03 00 01 00"), "too long"],
  ["section 3.9.3: a SUBACK without a return code is malformed", octets("90 02 00 01"), "return code"],
  ["section 3.9: a SUBACK without an identifier is malformed", octets("90 00"), "too short"],
  ["section 3.11: an UNSUBACK of three bytes is malformed", octets("b0 03 00 01 00"), "too long"],
  ["section 3.13: a PINGRESP with a body is malformed", octets("d0 01 00"), "body"],
  ["section 2.2.1: type 0 is forbidden", octets("00 02 00 00"), "only a client"],
  ["section 2.2.1: type 15 is forbidden", octets("f0 02 00 00"), "only a client"],
  [
    "section 2.2.1: a CONNECT from a server is refused",
    octets('10 0d 00 04 "MQTT" 04 02 00 00 00 01 "c"'),
    "only a client",
  ],
  ["section 2.2.1: a SUBSCRIBE from a server is refused", octets('82 06 00 01 00 01 "a" 00'), "reserved flags"],
  ["section 2.2.1: an UNSUBSCRIBE from a server is refused", octets('a2 05 00 01 00 01 "a"'), "reserved flags"],
  ["section 2.2.1: a PINGREQ from a server is refused", octets("c0 00"), "too short"],
  ["section 2.2.1: a DISCONNECT from a server is refused", octets("e0 00"), "too short"],
  ["section 4.3.3: a PUBREC, which only answers QoS 2, is refused", octets("50 02 00 01"), "only a client or a QoS 2"],
  ["section 4.3.3: a PUBREL, which only answers QoS 2, is refused", octets("62 02 00 01"), "reserved flags"],
  ["section 4.3.3: a PUBCOMP, which only answers QoS 2, is refused", octets("70 02 00 01"), "only a client or a QoS 2"],
];

describe("section 2.2.1: the first packet after CONNACK may be of any type", () => {
  it.each(Array.from({ length: 16 }, (_, type) => type))("type %i, reserved flags 0", (type) => {
    const packet = String.fromCharCode(type << 4) + octets('05 00 01 "axy"');
    const reader = new Reader().push(octets("20 02 00 00"), packet, packet);
    const read = { 3: "PUBLISH", 9: "SUBACK" }[type];
    expect(reader.packets.slice(1)).toMatchObject(read ? [{ type: read }, { type: read }] : []);
    expect(reader.fault?.split(":")[0]).toBe(read ? undefined : "malformed-packet");
  });
});

describe("[MQTT-4.8.0-1] protocol violations", () => {
  const before = octets("40 02 00 07");

  it.each(malformed)("%s", (_rule, bytes, message) => {
    for (let at = 0; at <= bytes.length; at++) {
      const reader = new Reader().push(before + bytes.slice(0, at), bytes.slice(at));
      expect(reader.fault).toMatch(/^malformed-packet: /);
      expect(reader.fault).toContain(message);
      expect(reader.packets).toEqual([{ type: "PUBACK", messageId: 7 }]);
    }
  });
});

describe("the cap", () => {
  const publish = (size: number, qos: 0 | 1 = 0, topic = "t") =>
    wire({ cmd: "publish", topic, payload: "p".repeat(size), qos, dup: false, retain: false, messageId: 9 });

  it("a PUBLISH of exactly the cap is read whole, one byte more is oversize", () => {
    // Two bytes of Remaining Length, three of topic.
    const reader = new Reader().push(publish(CAP - 6), publish(CAP - 5));
    expect(reader.packets).toMatchObject([
      { oversize: 0, payload: "p".repeat(CAP - 6) },
      { oversize: CAP - 5, payload: "" },
    ]);
  });

  it("nothing of a message is held once it was handled", () => {
    const reader = new Reader().push(publish(CAP - 8, 1));
    expect(reader.packets).toMatchObject([{ topic: "t", payload: expect.stringMatching(/^p+$/) }]);
    expect(reader.held).toBe(0);
  });

  it.each([0, 1] as const)("an oversize PUBLISH with QoS %d is told once and read past, split anywhere", (qos) => {
    const bytes = publish(1000, qos, "a/b") + "\xd0\x00";
    const told = { type: "PUBLISH", qos, topic: "a/b", payload: "", oversize: 1000, ...(qos ? { messageId: 9 } : {}) };
    for (let at = 0; at <= bytes.length; at++) {
      const reader = new Reader().push(bytes.slice(0, at), bytes.slice(at));
      expect(reader.packets).toMatchObject([told, { type: "PINGRESP" }]);
      expect(reader.fault).toBeUndefined();
      expect(reader.held).toBeLessThanOrEqual(CAP);
    }
  });

  it("an oversize PUBLISH one byte at a time holds its variable header at most", () => {
    const bytes = publish(1000, 1, "a/b") + "\xd0\x00";
    const reader = new Reader().push(...bytes);
    expect(reader.packets).toMatchObject([{ topic: "a/b", oversize: 1000 }, { type: "PINGRESP" }]);
    expect(reader.held).toBeLessThan(3 + 7);
  });

  it("two oversize PUBLISHes in a row, in chunks as a board gets them", () => {
    const bytes = publish(5000) + publish(6000) + "\xd0\x00";
    const reader = new Reader().push(...(bytes.match(/[^]{1,536}/g) as string[]));
    expect(reader.packets).toMatchObject([{ oversize: 5000 }, { oversize: 6000 }, { type: "PINGRESP" }]);
  });

  it("2 MB are read past without being held", () => {
    const bytes = publish(2097152 - 3) + "\xd0\x00";
    const reader = new Reader().push(...(bytes.match(/[^]{1,536}/g) as string[]));
    expect(reader.packets).toMatchObject([{ oversize: 2097152 - 3 }, { type: "PINGRESP" }]);
    expect(reader.held).toBeLessThan(10);
  });

  it("a packet other than PUBLISH over the cap is refused before it is held", () => {
    const reader = new Reader().push(octets("90 ff ff 7f"));
    expect(reader).toMatchObject({ packets: [], fault: "malformed-packet: a packet is over the cap", held: 0 });
  });

  it("an oversize PUBLISH whose topic is over the cap is refused before it is held", () => {
    const reader = new Reader().push(publish(0, 0, "t".repeat(5000)).slice(0, 6));
    expect(reader).toMatchObject({ packets: [], fault: "malformed-packet: a topic is over the cap", held: 0 });
  });
  it("the longest topic of an oversize PUBLISH that is taken keeps what is held within the cap", () => {
    for (let length = CAP - 10; length <= CAP; length++) {
      const reader = new Reader().push(...publish(500, 0, "t".repeat(length)).slice(0, CAP + 10));
      expect(reader.held).toBeLessThanOrEqual(CAP);
    }
  });
});

describe(`random packets from another encoder, cut at random (SEED=${seed})`, () => {
  it.each([1, 2, 7, 60, 536, 5000])("chunks of up to %d bytes", (longest) => {
    const random = new Seeded(longest);
    for (let round = 0; round < 30; round++) {
      const packets = Array.from({ length: 30 }, () => randomPacket(random, random.pick([0, 20, 500])));
      const reader = new Reader(4096).push(...cut(random, packets.map(([bytes]) => bytes).join(""), longest));
      expect(reader.fault).toBeUndefined();
      expect(reader.packets).toEqual(packets.map(([, fields]) => fields));
    }
  });
});
