import { parser } from "mqtt-packet";
import type { IConnectPacket, IPublishPacket, Packet } from "mqtt-packet";
import type { ConnectFields } from "../../firmware/mqtt/packets";
import { connectPacket, duplicate, pubackPacket, publishPacket, subscribePacket } from "../../firmware/mqtt/packets";
import type { Bytes } from "../../firmware/seams";
import { utf8 } from "../fixtures/octets";
import { seed, Seeded } from "../fixtures/seeded";

/** Everything another parser reads from `bytes`, which must be whole packets. */
function read(bytes: Bytes): Packet[] {
  const packets: Packet[] = [];
  const reader = parser();
  reader.on("packet", (packet) => packets.push(packet));
  reader.on("error", (error) => {
    throw error;
  });
  if (reader.parse(Buffer.from(bytes, "latin1"))) throw new Error("bytes are left over");
  return packets;
}

describe(`random packets as another parser reads them (SEED=${seed})`, () => {
  const random = new Seeded(1);
  const some = (most: number) => 1 + random.below(most);
  const text = () => utf8(Array.from({ length: some(40) }, () => random.pick([..."ab/$é灯泡😀"])).join(""));
  const asText = (bytes: Bytes) => Buffer.from(bytes, "latin1").toString("utf8");
  const asBuffer = (bytes: Bytes) => Buffer.from(bytes, "latin1");

  it("CONNECT", () => {
    for (let i = 0; i < 300; i++) {
      const fields: ConnectFields = {
        protocolVersion: random.pick([3, 4]),
        clean: random.chance(2),
        keepalive: random.below(65536),
        clientId: text(),
        username: random.pick([undefined, text()]),
        password: random.pick([undefined, random.bytes(random.below(200))]),
        will: random.pick([
          undefined,
          {
            topic: text(),
            payload: random.bytes(some(200)),
            qos: random.pick([0, 1] as const),
            retain: random.chance(2),
          },
        ]),
      };
      const { protocolVersion, clean, keepalive, username, password, will } = fields;
      const [packet] = read(connectPacket(fields)) as IConnectPacket[];
      expect({ ...packet, dup: undefined, qos: undefined, retain: undefined, length: undefined }).toEqual({
        cmd: "connect",
        topic: null,
        payload: null,
        protocolId: protocolVersion === 3 ? "MQIsdp" : "MQTT",
        protocolVersion,
        clean,
        keepalive,
        clientId: asText(fields.clientId),
        username: username && asText(username),
        password: username === undefined || password === undefined ? undefined : asBuffer(password),
        will: will && { ...will, topic: asText(will.topic), payload: asBuffer(will.payload) },
      });
    }
  });

  it("PUBLISH, and the same as a duplicate", () => {
    for (let i = 0; i < 300; i++) {
      const qos = random.pick([0, 1] as const);
      const topic = text();
      const payload = random.bytes(random.pick([0, 1, random.below(100), random.below(20000)]));
      const retain = random.chance(2);
      const packet = publishPacket(topic, payload, qos, retain, i + 1);
      for (const [bytes, dup] of [
        [packet, false],
        [duplicate(packet), true],
      ] as const) {
        const [got] = read(bytes) as IPublishPacket[];
        expect(asBuffer(payload).equals(got.payload as Buffer)).toBe(true);
        expect({ ...got, payload: undefined, length: undefined }).toEqual({
          cmd: "publish",
          topic: asText(topic),
          qos,
          dup,
          retain,
          messageId: qos ? i + 1 : undefined,
        });
      }
    }
  });

  it("SUBSCRIBE, UNSUBSCRIBE and PUBACK", () => {
    for (let i = 0; i < 200; i++) {
      const messageId = some(65535);
      const filters = Array.from({ length: some(8) }, () => ({ topic: text(), qos: random.below(2) }));
      const unwanted = filters.map(({ topic }) => ({ topic, qos: -1 }));
      const subscriptions = filters.map(({ topic, qos }) => ({ topic: asText(topic), qos }));
      const unsubscriptions = subscriptions.map(({ topic }) => topic);
      expect(read(subscribePacket(messageId, filters))).toMatchObject([{ cmd: "subscribe", messageId, subscriptions }]);
      expect(read(subscribePacket(messageId, unwanted))).toMatchObject([
        { cmd: "unsubscribe", messageId, unsubscriptions },
      ]);
      expect(read(pubackPacket(messageId))).toMatchObject([{ cmd: "puback", messageId }]);
    }
  });
});
