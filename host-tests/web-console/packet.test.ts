import type { Packet } from "mqtt-packet";
import { connectPacket } from "../../firmware/mqtt/packets";
import type { Bytes } from "../../firmware/seams";
import type { Inspection } from "../../tools/web-console/inspect/field";
import { inspectPacket, summarize } from "../../tools/web-console/inspect/packet";
import { PacketSplitter } from "../../tools/web-console/inspect/stream";
import { octets, utf8, wire } from "../fixtures/octets";

/** Each field with bytes of its own as `from-to name value`, the way the view lists them. */
const rows = ({ fields }: Inspection) =>
  fields.filter(({ bits }) => !bits).map(({ from, to, name, value }) => `${from}-${to} ${name} ${value}`.trim());

const named = (inspection: Inspection, name: string) => inspection.fields.filter((field) => field.name === name);

const SEED = {
  clean: true,
  keepalive: 300,
  clientId: "12345|securemode=3,signmethod=hmacsha1,timestamp=789|",
  username: "device&pk",
  password: "fafd82a3d602b37fb0fa8b7892f24a477f851a14",
};

describe("the documented CONNECT of Alibaba Cloud's example device", () => {
  const seed = inspectPacket(connectPacket({ protocolVersion: 4, ...SEED }));

  test("each field with its place", () => {
    expect(seed).toMatchObject({ title: "CONNECT", fault: undefined });
    expect(rows(seed)).toEqual([
      "0-1 packet-type CONNECT",
      "1-2 remaining-length 118",
      "2-8 protocol-name MQTT",
      "8-9 protocol-level 4",
      "9-10 connect-flags 11000010",
      "10-12 keep-alive 300",
      "12-67 client-identifier 12345|securemode=3,signmethod=hmacsha1,timestamp=789|",
      "67-78 user-name device&pk",
      "78-120 password fafd82a3d602b37fb0fa8b7892f24a477f851a14",
    ]);
  });

  test.each([
    ["protocol-name", "3.1.2.1"],
    ["protocol-level", "3.1.2.2"],
    ["clean-session", "3.1.2.4"],
    ["will-flag", "3.1.2.5"],
    ["will-qos", "3.1.2.6"],
    ["will-retain", "3.1.2.7"],
    ["user-name-flag", "3.1.2.8"],
    ["password-flag", "3.1.2.9"],
    ["keep-alive", "3.1.2.10"],
    ["client-identifier", "3.1.3.1"],
    ["user-name", "3.1.3.4"],
    ["password", "3.1.3.5"],
  ])("%s is defined in section %s", (name, section) => {
    expect(named(seed, name).map((field) => field.section)).toEqual([`MQTT 3.1.1, ${section}`]);
  });

  test("only the password is secret", () => {
    expect(seed.fields.filter(({ secret }) => secret).map(({ name }) => name)).toEqual(["password"]);
  });

  test("at level 3 it names the sections of MQTT 3.1", () => {
    const old = inspectPacket(connectPacket({ protocolVersion: 3, ...SEED }));
    expect(old.fault).toBeUndefined();
    expect(named(old, "protocol-name")).toMatchObject([{ value: "MQIsdp", section: "MQTT 3.1, 3.1" }]);
    expect(named(old, "remaining-length")[0].section).toBe("MQTT 3.1, 2.1");
  });
});

test("the documented CONNECT of UCloud, whose password is the device's secret", () => {
  const ucloud = inspectPacket(
    octets(`10 36 00 04 "MQTT" 04 c2 00 1e 00 06 "sn.dev" 00 08 "sn|dev|1" 00 18 "abcdefghijklmnopqrstuvwx"`),
  );
  expect(ucloud.fault).toBeUndefined();
  expect(named(ucloud, "user-name")[0].value).toBe("sn|dev|1");
  expect(named(ucloud, "password")).toMatchObject([{ from: 30, to: 56, secret: true }]);
});

test("a CONNECT with a Will, whose message may be any bytes", () => {
  const will = { topic: "w", payload: Buffer.from([0, 255]), qos: 1 as const, retain: true };
  const found = inspectPacket(wire({ cmd: "connect", clientId: "c", clean: true, keepalive: 0, will }));
  expect(found.fault).toBeUndefined();
  expect(rows(found).slice(-3)).toEqual([
    "12-15 client-identifier c",
    "15-18 will-topic w",
    "18-22 will-message 00 ff",
  ]);
  expect(named(found, "will-qos")[0]).toMatchObject({ bits: [4, 3], value: "1" });
  expect(named(found, "keep-alive")[0].meaning).toBe("keepalive-off");
});

const packets: [Packet, string[], string][] = [
  [{ cmd: "connack", returnCode: 0, sessionPresent: true }, ["acknowledge-flags 1", "return-code 0"], "3.2.2.3"],
  [{ cmd: "connack", returnCode: 4, sessionPresent: false }, ["acknowledge-flags 0", "return-code 4"], "3.2.2.3"],
  [
    { cmd: "publish", topic: "a/灯", payload: "开", qos: 0, dup: false, retain: true },
    ["topic-name a/灯", "payload 开"],
    "3.3.3",
  ],
  [
    { cmd: "publish", topic: "t", payload: "", qos: 1, dup: true, retain: false, messageId: 65535 },
    ["topic-name t", "packet-identifier 65535"],
    "3.3.2.2",
  ],
  [{ cmd: "puback", messageId: 1 }, ["packet-identifier 1"], "3.4.2"],
  [{ cmd: "pubrec", messageId: 2 }, ["packet-identifier 2"], "3.5.2"],
  [{ cmd: "pubrel", messageId: 3 }, ["packet-identifier 3"], "3.6.2"],
  [{ cmd: "pubcomp", messageId: 4 }, ["packet-identifier 4"], "3.7.2"],
  [
    {
      cmd: "subscribe",
      messageId: 5,
      subscriptions: [
        { topic: "a/#", qos: 0 },
        { topic: "+/b", qos: 2 },
      ],
    },
    ["packet-identifier 5", "topic-filter a/#", "requested-qos 0", "topic-filter +/b", "requested-qos 2"],
    "3.8.3",
  ],
  [
    { cmd: "suback", messageId: 6, granted: [1, 128] },
    ["packet-identifier 6", "return-code 1", "return-code 128"],
    "3.9.3",
  ],
  [
    { cmd: "unsubscribe", messageId: 7, unsubscriptions: ["a", "b"] },
    ["packet-identifier 7", "topic-filter a", "topic-filter b"],
    "3.10.3",
  ],
  [{ cmd: "unsuback", messageId: 8, granted: [] }, ["packet-identifier 8"], "3.11.2"],
  [{ cmd: "pingreq" }, [], "2.2.3"],
  [{ cmd: "pingresp" }, [], "2.2.3"],
  [{ cmd: "disconnect" }, [], "2.2.3"],
];

test.each(packets)("%j", (packet, body, section) => {
  const found = inspectPacket(wire(packet));
  expect(found.fault).toBeUndefined();
  expect(found.title).toBe(packet.cmd.toUpperCase());
  expect(
    rows(found)
      .slice(2)
      .map((row) => row.replace(/^\S+ /, "")),
  ).toEqual(body);
  expect(found.fields[found.fields.length - 1].section).toBe(`MQTT 3.1.1, ${section}`);
});

test.each([
  ["accepted", 0],
  ["unacceptable-protocol-version", 1],
  ["identifier-rejected", 2],
  ["server-unavailable", 3],
  ["bad-username-or-password", 4],
  ["not-authorized", 5],
])("the return code of CONNACK that means %s", (meaning, code) => {
  expect(named(inspectPacket(octets(`20 02 00 0${code}`)), "return-code")[0].meaning).toBe(meaning);
});

test.each([
  ["MQTT-2.2.2-2: reserved flags", "41 02 00 01", "reserved-flags", 0],
  ["MQTT-3.8.1-1: SUBSCRIBE with flags 0", '80 06 00 01 00 01 "t" 00', "reserved-flags", 0],
  ["type 15", "f0 00", "reserved-type", 0],
  ["section 2.2.3: Remaining Length over four bytes", "30 ff ff ff ff 01", "length-over-four", 1],
  ["section 2.2.3: Remaining Length longer than it need be", "40 82 00 00 01", "length-not-shortest", 1],
  ["a packet that is cut short", '30 09 00 03 "a/b" 78', "cut-short", 8],
  ["a topic longer than its packet", '30 04 00 09 "ab"', "cut-short", 2],
  ["bytes after the packet", "40 02 00 01 ff", "too-long", 4],
  ["bytes that the packet has no place for", "40 03 00 01 ff", "too-long", 4],
  ["MQTT-1.5.3-1: a topic that is not UTF-8", "30 03 00 01 ff", "not-utf8", 2],
  ["MQTT-1.5.3-2: a topic with U+0000", "30 03 00 01 00", "holds-nul", 2],
  ["MQTT-2.3.1-1: packet identifier 0", '32 05 00 01 "t" 00 00', "identifier-zero", 5],
  ["MQTT-3.1.0: a protocol nobody knows", '10 0c 00 04 "MQTX" 04 02 00 00 00 00', "protocol-unknown", 2],
  ["MQTT-3.1.2-2: a level nobody knows", '10 0c 00 04 "MQTT" 06 02 00 00 00 00', "level-unknown", 8],
  ["MQTT-3.1.2-3: the reserved connect flag", '10 0c 00 04 "MQTT" 04 03 00 00 00 00', "reserved-bits", 9],
  ["MQTT-3.1.2-11: Will QoS without Will", '10 0c 00 04 "MQTT" 04 0a 00 00 00 00', "will-bits-without-will", 9],
  [
    "MQTT-3.1.2-22: a password without a user name",
    '10 0f 00 04 "MQTT" 04 42 00 00 00 00 00 01 "p"',
    "password-without-name",
    9,
  ],
  [
    "MQTT-3.1.3-8: no client id for a session that is kept",
    '10 0c 00 04 "MQTT" 04 00 00 00 00 00',
    "empty-client-id",
    12,
  ],
  ["MQTT-3.2.2-4: a refusal with Session Present", "20 02 01 05", "session-on-refusal", 2],
  ["section 3.2.2.3: a return code above 5", "20 02 00 06", "reserved-code", 3],
  ["MQTT-3.3.1-2: DUP with QoS 0", '38 03 00 01 "t"', "dup-without-qos", 0],
  ["MQTT-3.3.1-4: QoS 3", '36 05 00 01 "t" 00 01', "qos-3", 0],
  ["MQTT-3.3.2-2: a wildcard in a topic name", '30 03 00 01 "#"', "topic-wildcard", 2],
  ["MQTT-4.7.3-1: an empty topic", "30 02 00 00", "topic-empty", 2],
  ["MQTT-3.8.3-3: SUBSCRIBE without a filter", "82 02 00 01", "no-filter", 4],
  ["MQTT-3-8.3-4: a requested QoS over 2", '82 06 00 01 00 01 "t" 04', "reserved-bits", 7],
  ["MQTT-3.9.3-2: a return code of SUBACK that is reserved", "90 03 00 01 03", "reserved-code", 4],
  ["MQTT-3.10.3-2: UNSUBSCRIBE without a filter", "a2 02 00 01", "no-filter", 4],
] as const)("%s", (_rule, text, name, at) => {
  expect(inspectPacket(octets(text)).fault).toEqual({ name, at });
});

test("what was read before the fault stays, and what cannot be read is one field", () => {
  expect(rows(inspectPacket(octets('30 06 00 09 "abcd"')))).toEqual([
    "0-1 packet-type PUBLISH",
    "1-2 remaining-length 6",
    "2-8 unread",
  ]);
});

test("on one line", () => {
  const publish = wire({
    cmd: "publish",
    topic: "a/b",
    payload: "x",
    qos: 1,
    messageId: 9,
    dup: false,
    retain: false,
  });
  expect(summarize(inspectPacket(publish))).toBe("PUBLISH a/b 9 QoS 1");
  expect(summarize(inspectPacket(octets("d0 00")))).toBe("PINGRESP");
});

describe("a stream", () => {
  const all = packets.map(([packet]) => wire(packet));
  const stream = all.join("");

  test.each([1, 2, 3, 7, 1000])("cut into pieces of %i bytes gives the same packets", (size) => {
    const splitter = new PacketSplitter();
    const found: Bytes[] = [];
    for (let at = 0; at < stream.length; at += size) found.push(...splitter.push(stream.slice(at, at + size)));
    expect(found).toEqual(all);
    expect(splitter.pending).toBe("");
  });

  test("shows what has come of a packet that is not whole", () => {
    const splitter = new PacketSplitter();
    expect(splitter.push("\xd0\x00" + octets('30 05 00 01 "t"'))).toEqual(["\xd0\x00"]);
    expect(splitter.pending).toBe(octets('30 05 00 01 "t"'));
  });

  test("is given up at a Remaining Length that is wrong", () => {
    const splitter = new PacketSplitter();
    const wrong = octets("30 ff ff ff ff 01");
    expect(splitter.push("\xd0\x00" + wrong)).toEqual(["\xd0\x00", wrong]);
    expect(splitter.push("\xd0\x00")).toEqual(["\xd0\x00"]);
  });
});

test("text beyond ASCII is measured in bytes", () => {
  const found = inspectPacket(wire({ cmd: "unsubscribe", messageId: 1, unsubscriptions: ["灯"] }));
  expect(named(found, "topic-filter")).toMatchObject([{ from: 4, to: 4 + 2 + utf8("灯").length, value: "灯" }]);
});
