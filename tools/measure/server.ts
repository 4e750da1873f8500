/**
 * An MQTT server that takes everything in and does nothing with it, over WebSocket and bare TCP on loopback, so that what
 * is measured is the board. It is not a broker: nobody gets what another one publishes.
 */
import { createServer } from "node:http";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { generate, parser } from "mqtt-packet";
import type { IPublishPacket, Packet } from "mqtt-packet";
import { WebSocketServer } from "ws";

/** One client's connection. */
export interface Visitor {
  /** Sends MQTT packets; over WebSocket each in a frame of its own, all of them in one piece. */
  send(packets: readonly Buffer[]): void;
  /** Called at each PUBLISH, after its PUBACK. */
  onPublish?(packet: IPublishPacket): void;
}

export interface MeasuringServer {
  webSocketPort: number;
  tcpPort: number;
  /** Called when a client has connected. */
  onVisitor?(visitor: Visitor): void;
  /** Resolves to the next client to subscribe to a topic. */
  subscriber(topic: string): Promise<Visitor>;
  close(): Promise<void>;
}

/** Starts it on two free ports of 127.0.0.1. */
export async function startServer(): Promise<MeasuringServer> {
  const sockets = new Set<Socket>();
  const web = createServer();
  const webSockets = new WebSocketServer({ server: web, perMessageDeflate: false });
  const tcp = createTcpServer();
  for (const server of [web, tcp]) {
    server.on("connection", (socket: Socket) => {
      sockets.add(socket.setNoDelay());
      socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
    });
  }
  const awaited: Awaited = new Map();
  const server: MeasuringServer = {
    webSocketPort: await listen(web),
    tcpPort: await listen(tcp),
    subscriber: (topic) => new Promise((resolve) => awaited.set(topic, resolve)),
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([web, tcp].map((open) => new Promise((done) => open.close(done))));
    },
  };
  webSockets.on("connection", (socket, request) => {
    const send = (packets: readonly Buffer[]) => {
      request.socket.cork();
      for (const packet of packets) socket.send(packet);
      request.socket.uncork();
    };
    const read = attend(server, awaited, { send });
    socket.on("error", () => undefined).on("message", read);
  });
  tcp.on("connection", (socket) => {
    const send = (packets: readonly Buffer[]) => void socket.write(Buffer.concat(packets));
    socket.on("data", attend(server, awaited, { send }));
  });
  return server;
}

type Awaited = Map<string, (visitor: Visitor) => void>;

/** Answers one client; what is returned takes the bytes it sends. */
function attend(server: MeasuringServer, awaited: Awaited, visitor: Visitor): (bytes: Buffer) => void {
  const reader = parser();
  reader.on("packet", (packet: Packet) => {
    const reply = answer(packet);
    if (reply) visitor.send([generate(reply)]);
    if (packet.cmd === "publish") visitor.onPublish?.(packet);
    if (packet.cmd !== "subscribe") return;
    for (const { topic } of packet.subscriptions) awaited.get(topic)?.(visitor);
  });
  server.onVisitor?.(visitor);
  return (bytes) => void reader.parse(bytes);
}

function answer(packet: Packet): Packet | undefined {
  const { messageId } = packet;
  switch (packet.cmd) {
    case "connect":
      return { cmd: "connack", returnCode: 0, sessionPresent: false };
    case "subscribe":
      return { cmd: "suback", messageId, granted: packet.subscriptions.map(({ qos }) => qos) };
    case "publish":
      return packet.qos ? { cmd: "puback", messageId } : undefined;
    case "pingreq":
      return { cmd: "pingresp" };
    default:
      return undefined;
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", () => resolve());
  });
  return (server.address() as AddressInfo).port;
}
