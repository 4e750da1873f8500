import type { ConnectFields } from "../../firmware/mqtt/packets";
import {
  connectPacket,
  DISCONNECT,
  duplicate,
  PINGREQ,
  pubackPacket,
  publishPacket,
  subscribePacket,
} from "../../firmware/mqtt/packets";
import type { Bytes } from "../../firmware/seams";
import { hexOf, octets, utf8, wire } from "../fixtures/octets";

const aliyun = {
  clean: true,
  keepalive: 300,
  clientId: "12345|securemode=3,signmethod=hmacsha1,timestamp=789|",
  username: "device&pk",
  password: "fafd82a3d602b37fb0fa8b7892f24a477f851a14",
};
const ucloud = { clean: false, keepalive: 30, clientId: "sn.dev", username: "sn|dev|1", password: "secret" };
const will: ConnectFields = {
  protocolVersion: 4,
  clean: true,
  keepalive: 0,
  clientId: "",
  will: { topic: "w", payload: "\x00\xff", qos: 1, retain: true },
};

const golden: [string, Bytes, string][] = [
  [
    "CONNECT at level 4, signed for Alibaba Cloud",
    connectPacket({ protocolVersion: 4, ...aliyun }),
    `10               ; CONNECT
     76               ; Remaining Length 118
     00 04 "MQTT"     ; protocol name
     04               ; protocol level
     c2               ; username, password, clean session
     01 2c            ; Keep Alive 300 s
     00 35 "12345|securemode=3,signmethod=hmacsha1,timestamp=789|"
     00 09 "device&pk"
     00 28 "fafd82a3d602b37fb0fa8b7892f24a477f851a14"`,
  ],
  [
    "CONNECT at level 3, signed for Alibaba Cloud",
    connectPacket({ protocolVersion: 3, ...aliyun }),
    `10               ; CONNECT
     78               ; Remaining Length 120
     00 06 "MQIsdp"   ; protocol name
     03               ; protocol level
     c2               ; username, password, clean session
     01 2c            ; Keep Alive 300 s
     00 35 "12345|securemode=3,signmethod=hmacsha1,timestamp=789|"
     00 09 "device&pk"
     00 28 "fafd82a3d602b37fb0fa8b7892f24a477f851a14"`,
  ],
  [
    "CONNECT at level 4 for UCloud, keeping its session",
    connectPacket({ protocolVersion: 4, ...ucloud }),
    `10 24            ; CONNECT, Remaining Length 36
     00 04 "MQTT" 04  ; protocol name and level
     c0               ; username, password
     00 1e            ; Keep Alive 30 s
     00 06 "sn.dev"
     00 08 "sn|dev|1"
     00 06 "secret"`,
  ],
  [
    "CONNECT at level 3 for UCloud, keeping its session",
    connectPacket({ protocolVersion: 3, ...ucloud }),
    `10 26              ; CONNECT, Remaining Length 38
     00 06 "MQIsdp" 03  ; protocol name and level
     c0                 ; username, password
     00 1e              ; Keep Alive 30 s
     00 06 "sn.dev"
     00 08 "sn|dev|1"
     00 06 "secret"`,
  ],
  [
    "CONNECT with a Will and nothing else",
    connectPacket(will),
    `10 13            ; CONNECT, Remaining Length 19
     00 04 "MQTT" 04  ; protocol name and level
     2e               ; Will Retain, Will QoS 1, Will Flag, clean session
     00 00            ; no keepalive
     00 00            ; empty client id
     00 01 "w"        ; Will Topic
     00 02 00 ff      ; Will Message`,
  ],
  [
    "CONNECT with every field in its order",
    connectPacket({ ...will, protocolVersion: 3, keepalive: 65535, clientId: "i", username: "u", password: "p" }),
    `10 1c              ; CONNECT, Remaining Length 28
     00 06 "MQIsdp" 03  ; protocol name and level
     ee                 ; username, password, Will Retain, Will QoS 1, Will Flag, clean session
     ff ff              ; Keep Alive 65535 s
     00 01 "i"          ; client id
     00 01 "w"          ; Will Topic
     00 02 00 ff        ; Will Message
     00 01 "u"          ; username
     00 01 "p"          ; password`,
  ],
  [
    "PUBLISH with QoS 0",
    publishPacket("a/b", "hi", 0, false, 7),
    `30 07         ; PUBLISH, Remaining Length 7
     00 03 "a/b"   ; topic
     "hi"          ; payload, with no packet identifier before it`,
  ],
  [
    "PUBLISH with QoS 1",
    publishPacket("a/b", "hi", 1, false, 0x1234),
    `32 09         ; PUBLISH with QoS 1, Remaining Length 9
     00 03 "a/b"   ; topic
     12 34         ; packet identifier
     "hi"          ; payload`,
  ],
  ["PUBLISH with Retain and no payload", publishPacket("t", "", 0, true, 0), '31 03 00 01 "t"'],
  ["PUBLISH sent again", duplicate(publishPacket("t", "p", 1, true, 1)), '3b 06 00 01 "t" 00 01 "p"'],
  [
    "PUBLISH of Chinese text",
    publishPacket(utf8("灯"), utf8("开"), 0, false, 0),
    `30 08         ; PUBLISH, Remaining Length 8
     00 03         ; the topic's length in bytes
     e7 81 af      ; 灯
     e5 bc 80      ; 开`,
  ],
  ["PUBACK", pubackPacket(0xfedc), "40 02 fe dc"],
  [
    "SUBSCRIBE to two filters",
    subscribePacket(10, [
      { topic: "a/+", qos: 1 },
      { topic: "#", qos: 0 },
    ]),
    `82 0c         ; SUBSCRIBE with its reserved flags 0010, Remaining Length 12
     00 0a         ; packet identifier
     00 03 "a/+"   ; filter
     01            ; requested QoS
     00 01 "#"     ; filter
     00            ; requested QoS`,
  ],
  [
    "UNSUBSCRIBE from two filters",
    subscribePacket(65535, [
      { topic: "a/+", qos: -1 },
      { topic: "#", qos: -1 },
    ]),
    `a2 0a         ; UNSUBSCRIBE with its reserved flags 0010, Remaining Length 10
     ff ff         ; packet identifier
     00 03 "a/+"   ; filter
     00 01 "#"     ; filter`,
  ],
  ["PINGREQ", PINGREQ, "c0 00"],
  ["DISCONNECT", DISCONNECT, "e0 00"],
];

describe("golden packets", () => {
  it.each(golden)("%s", (_name, packet, expected) => {
    expect(hexOf(packet)).toBe(hexOf(octets(expected)));
  });
});

describe("CONNECT", () => {
  const plain = { protocolVersion: 4, clean: true, keepalive: 60, clientId: "c" };

  it("[MQTT-3.1.2-22] leaves out a password without a username", () => {
    expect(hexOf(connectPacket({ ...plain, password: "p" }))).toBe(hexOf(connectPacket(plain)));
  });

  it("[MQTT-3.1.2-19] keeps an empty username and an empty password", () => {
    expect(hexOf(connectPacket({ ...plain, username: "", password: "" }))).toBe(
      hexOf(octets('10 11 00 04 "MQTT" 04 c2 00 3c 00 01 "c" 00 00 00 00')),
    );
  });

  it("[MQTT-3.1.2-11] has no Will QoS and no Will Retain without a Will", () => {
    expect(connectPacket(plain).charCodeAt(9) & 0x3c).toBe(0);
  });

  it("[MQTT-3.1.2-3] never sets the reserved flag", () => {
    for (const [, packet] of golden) if (packet.charCodeAt(0) === 0x10) expect(reservedFlag(packet)).toBe(0);
  });

  function reservedFlag(packet: Bytes): number {
    return packet.charCodeAt(packet.charCodeAt(3) === 6 ? 11 : 9) & 1;
  }
});

describe("Remaining Length, section 2.2.3", () => {
  const edges: [number, string][] = [
    [3, "03"],
    [127, "7f"],
    [128, "80 01"],
    [16383, "ff 7f"],
    [16384, "80 80 01"],
    [2097151, "ff ff 7f"],
    [2097152, "80 80 80 01"],
  ];

  it.each(edges)("%d bytes", (length, expected) => {
    const payload = "x".repeat(length - 3);
    const packet = publishPacket("t", payload, 0, false, 0);
    const head = packet.slice(0, packet.length - length);
    expect(hexOf(head)).toBe("30 " + expected);
    expect(packet === wire({ cmd: "publish", topic: "t", payload, qos: 0, dup: false, retain: false })).toBe(true);
  });

  it("0 bytes", () => {
    expect(PINGREQ.charCodeAt(1)).toBe(0);
    expect(DISCONNECT.charCodeAt(1)).toBe(0);
  });
});

describe("what is too large", () => {
  const long = "x".repeat(65536);
  const fields = { protocolVersion: 4, clean: true, keepalive: 0, clientId: "c" };
  const refused: [string, () => Bytes][] = [
    ["client id", () => connectPacket({ ...fields, clientId: long })],
    ["username", () => connectPacket({ ...fields, username: long })],
    ["password", () => connectPacket({ ...fields, username: "u", password: long })],
    ["Will Topic", () => connectPacket({ ...fields, will: { topic: long, payload: "" } })],
    ["Will Message", () => connectPacket({ ...fields, will: { topic: "t", payload: long } })],
    ["filter", () => subscribePacket(1, [{ topic: long, qos: 0 }])],
  ];

  it.each(refused)("[MQTT-1.5.3] a %s over 65535 bytes", (_name, make) => {
    expect(make).toThrow(expect.objectContaining({ code: "packet-too-large" }));
  });

  it("[MQTT-1.5.3] a field of exactly 65535 bytes is sent", () => {
    const topic = "x".repeat(65535);
    expect(publishPacket(topic, "", 0, false, 0).slice(4)).toBe("\xff\xff" + topic);
  });

  it("section 2.2.3: a packet over 268435455 bytes", () => {
    const payload = "x".repeat(0x10000000 - 3);
    expect(() => publishPacket("t", payload, 0, false, 0)).toThrow(
      expect.objectContaining({ code: "packet-too-large" }),
    );
    expect(publishPacket("t", payload.slice(1), 0, false, 0)).toHaveLength(5 + 0xfffffff);
  });
});
