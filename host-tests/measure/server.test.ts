/** The server that boards are measured against, as clients see it. */
import { once } from "node:events";
import { connect } from "node:net";
import { generate, parser } from "mqtt-packet";
import type { Packet } from "mqtt-packet";
import { WebSocket } from "ws";
import type { MeasuringServer } from "../../tools/measure/server";
import { startServer } from "../../tools/measure/server";

let server: MeasuringServer;

beforeEach(async () => (server = await startServer()));
afterEach(() => server.close());

interface Client {
  send(packet: Packet): void;
  /** The next packet. */
  next(): Promise<Packet>;
  /** How many pieces of data have come: frames over WebSocket. */
  pieces: number;
}

function reading(): { take: (bytes: Buffer) => void; next: () => Promise<Packet> } {
  const reader = parser();
  const packets: Packet[] = [];
  const waiting: ((packet: Packet) => void)[] = [];
  reader.on("packet", (packet: Packet) => {
    const first = waiting.shift();
    if (first) first(packet);
    else packets.push(packet);
  });
  return {
    take: (bytes) => void reader.parse(bytes),
    next: () => {
      const packet = packets.shift();
      return packet ? Promise.resolve(packet) : new Promise((resolve) => waiting.push(resolve));
    },
  };
}

async function overWebSocket(): Promise<Client> {
  const { take, next } = reading();
  const socket = new WebSocket(`ws://127.0.0.1:${server.webSocketPort}/mqtt`, "mqtt");
  await once(socket, "open");
  const client: Client = { send: (packet) => socket.send(generate(packet)), next, pieces: 0 };
  socket
    .on("error", () => undefined)
    .on("message", (data: Buffer) => {
      client.pieces++;
      take(data);
    });
  return client;
}

async function overTcp(): Promise<Client> {
  const { take, next } = reading();
  const socket = connect(server.tcpPort, "127.0.0.1");
  await once(socket, "connect");
  const client: Client = { send: (packet) => void socket.write(generate(packet)), next, pieces: 0 };
  socket.on("error", () => undefined).on("data", take);
  return client;
}

const CONNECT: Packet = {
  cmd: "connect",
  clientId: "c",
  protocolId: "MQTT",
  protocolVersion: 4,
  clean: true,
  keepalive: 60,
};
const publish = (payload: string, messageId = 0): Packet => ({
  cmd: "publish",
  topic: "t",
  payload,
  qos: messageId ? 1 : 0,
  messageId,
  dup: false,
  retain: false,
});

describe.each([
  ["WebSocket", overWebSocket],
  ["bare TCP", overTcp],
])("over %s", (_, open) => {
  test("it answers as a broker does", async () => {
    const client = await open();
    client.send(CONNECT);
    expect(await client.next()).toMatchObject({ cmd: "connack", returnCode: 0, sessionPresent: false });
    client.send({
      cmd: "subscribe",
      messageId: 7,
      subscriptions: [
        { topic: "a", qos: 0 },
        { topic: "b", qos: 1 },
      ],
    });
    expect(await client.next()).toMatchObject({ cmd: "suback", messageId: 7, granted: [0, 1] });
    client.send({ cmd: "pingreq" });
    expect(await client.next()).toMatchObject({ cmd: "pingresp" });
    client.send(publish("x", 9));
    expect(await client.next()).toMatchObject({ cmd: "puback", messageId: 9 });
  });

  test("it tells of every message, and takes QoS 0 without a word", async () => {
    const heard: string[] = [];
    server.onVisitor = (visitor) => (visitor.onPublish = ({ payload }) => heard.push(payload.toString()));
    const client = await open();
    client.send(CONNECT);
    await client.next();
    client.send(publish("one"));
    client.send(publish("two", 2));
    expect(await client.next()).toMatchObject({ cmd: "puback", messageId: 2 });
    expect(heard).toEqual(["one", "two"]);
  });

  test("it sends to whoever has subscribed to a topic", async () => {
    const client = await open();
    const subscriber = server.subscriber("orders");
    client.send(CONNECT);
    await client.next();
    client.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "orders", qos: 0 }] });
    await client.next();
    (await subscriber).send(["a", "b", "c"].map((payload) => generate(publish(payload))));
    for (const payload of ["a", "b", "c"]) {
      expect((await client.next()) as { payload: Buffer }).toMatchObject({ payload: Buffer.from(payload) });
    }
  });
});

test("each packet has a WebSocket frame of its own", async () => {
  const client = await overWebSocket();
  const subscriber = server.subscriber("orders");
  client.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "orders", qos: 0 }] });
  await client.next();
  client.pieces = 0;
  (await subscriber).send([publish("a"), publish("b")].map((packet) => generate(packet)));
  await client.next();
  await client.next();
  expect(client.pieces).toBe(2);
});
