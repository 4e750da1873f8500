import { once } from "node:events";
import type { Server } from "node:http";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { RawData, ServerOptions, WebSocket } from "ws";
import { WebSocketServer } from "ws";
import { WebSocketClient } from "../../firmware/websocket/client";
import { hostRuntime } from "../../tools/host/runtime";
import { Recorder } from "../fixtures/websocket-peer";
import { Seeded } from "../fixtures/seeded";
import { makeCertificate } from "../fixtures/certificate";

const servers: Server[] = [];
const sockets: Duplex[] = [];

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on("connection", (socket: Duplex) => sockets.push(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) {
    server.close();
    await once(server, "close");
  }
});

/** Resolves as soon as `condition` holds, looking after each event of the channel. */
function until(sink: Recorder, condition: () => unknown): Promise<void> {
  return new Promise((resolve) => {
    const look = () => condition() && resolve();
    sink.changed = look;
    look();
  });
}

interface Pair {
  client: WebSocketClient;
  sink: Recorder;
  /** The server's end. */
  peer: WebSocket;
}

/** A client of the firmware's and a server's socket, connected. */
async function connected(options: ServerOptions = {}, server: Server = createServer(), scheme = "ws"): Promise<Pair> {
  const wss = new WebSocketServer({ ...options, server });
  const port = await listen(server);
  const peer = once(wss, "connection").then(([socket]) => socket as WebSocket);
  const { client, sink } = open(`${scheme}://127.0.0.1:${port}/mqtt`);
  await until(sink, () => sink.opened || sink.closes.length);
  expect(sink.closes).toEqual([]);
  return { client, sink, peer: await peer };
}

function open(url: string) {
  const sink = new Recorder();
  return { sink, client: new WebSocketClient(hostRuntime(), url, "mqtt", sink) };
}

/** How a connection to this server ends that never opens. */
async function refusal(server: Server): Promise<string> {
  const { sink } = open(`ws://127.0.0.1:${await listen(server)}/mqtt`);
  await until(sink, () => sink.closes.length);
  expect([sink.opened, sink.closes.length]).toEqual([0, 1]);
  return `${sink.closes[0]!.code}: ${sink.closes[0]!.message}`;
}

const closed = async (peer: WebSocket) => {
  const [code, reason] = (await once(peer, "close")) as [number, Buffer];
  return [code, reason.toString("latin1")];
};

describe("against a ws server", () => {
  test("asks for mqtt, and gets it", async () => {
    const { peer } = await connected();
    expect(peer.protocol).toBe("mqtt");
  });

  test("sends messages of every length form, and reads them back", async () => {
    const { client, sink, peer } = await connected();
    peer.on("message", (data, binary) => peer.send(data, { binary }));
    for (const length of [0, 1, 125, 126, 127, 1000, 65535, 65536, 70000]) {
      const message = new Seeded(length).bytes(length);
      const arrived = once(peer, "message");
      sink.received = "";
      sink.drained = 0;
      client.send(message);
      const [data, binary] = (await arrived) as [RawData, boolean];
      expect([(data as Buffer).toString("latin1") === message, binary]).toEqual([true, true]);
      await until(sink, () => sink.received.length >= length && sink.drained);
      expect(sink.received === message).toBe(true);
    }
    expect(sink.closes).toEqual([]);
  });

  test("sends many messages, waiting for the drain when told to", async () => {
    const { client, sink, peer } = await connected();
    const messages = Array.from({ length: 300 }, (_, i) => new Seeded(i).bytes(i));
    const arrived: string[] = [];
    const all = new Promise<void>((resolve) => {
      peer.on("message", (data: Buffer) => arrived.push(data.toString("latin1")) === messages.length && resolve());
    });
    const waiting = [...messages];
    const sendSome = () => {
      while (waiting.length && client.send(waiting.shift()!));
    };
    sink.channelDrain = sendSome;
    sendSome();
    expect(waiting.length).toBeGreaterThan(0);
    await all;
    expect(arrived).toEqual(messages);
  });

  test("reads fragments, with a Ping between them", async () => {
    const { sink, peer } = await connected();
    const ponged = once(peer, "pong");
    peer.send("one ", { binary: true, fin: false });
    peer.send("two ", { binary: true, fin: false });
    peer.ping("between");
    peer.send("three", { binary: true, fin: true });
    await until(sink, () => sink.received.length === 13);
    expect(sink.received).toBe("one two three");
    expect(String((await ponged)[0])).toBe("between");
  });

  test("answers Pings of 0 and 125 bytes", async () => {
    const { peer } = await connected();
    for (const payload of ["", "x".repeat(125)]) {
      const ponged = once(peer, "pong");
      peer.ping(payload);
      expect(String((await ponged)[0])).toBe(payload);
    }
  });

  test.each([
    [1000, "done"],
    [1001, ""],
    [1008, "policy"],
    [1013, "try again"],
    [4999, "own"],
  ])("the server closes with %i %j: told, and answered with the same code", async (code, reason) => {
    const { sink, peer } = await connected();
    const answered = closed(peer);
    peer.close(code, reason);
    await until(sink, () => sink.closes.length);
    expect(sink.closes[0]).toMatchObject({ code: "websocket-closed", message: `${code} ${reason}` });
    expect((await answered)[0]).toBe(code);
    expect(sink.closes).toHaveLength(1);
  });

  test("the server closes without a code", async () => {
    const { sink, peer } = await connected();
    const answered = closed(peer);
    peer.close();
    await until(sink, () => sink.closes.length);
    expect(sink.closes[0]).toMatchObject({ code: "websocket-closed", message: "1005 " });
    expect((await answered)[0]).toBe(1005);
  });

  test("closing arrives as a clean end, and nothing is told", async () => {
    const { client, sink, peer } = await connected();
    const ended = closed(peer);
    client.close(1000);
    expect(await ended).toEqual([1000, ""]);
    expect(sink.closes).toEqual([]);
  });

  test("a text message ends it with 1003", async () => {
    const { sink, peer } = await connected();
    const ended = closed(peer);
    peer.send("text");
    await until(sink, () => sink.closes.length);
    expect(sink.closes[0]).toMatchObject({ code: "websocket-protocol", message: "1003 a text frame" });
    expect(await ended).toEqual([1003, ""]);
  });

  test("a server that breaks off is told once", async () => {
    const { sink, peer } = await connected();
    peer.terminate();
    await until(sink, () => sink.closes.length);
    expect(sink.closes.map((error) => error?.code)).toEqual([expect.stringMatching(/^socket-(closed|error)$/)]);
  });

  test("no compression is agreed to, though the server offers it", async () => {
    const { client, peer } = await connected({ perMessageDeflate: true });
    expect(peer.extensions).toBe("");
    const arrived = once(peer, "message");
    client.send("plain");
    expect(String((await arrived)[0])).toBe("plain");
  });

  test("a server without subprotocols is let pass", async () => {
    const { peer } = await connected({ handleProtocols: () => false });
    expect(peer.protocol).toBe("");
  });

  test("wss with a self-signed certificate carries messages both ways", async () => {
    const { client, sink, peer } = await connected({}, createTlsServer(await makeCertificate()), "wss");
    peer.on("message", (data, binary) => peer.send(data, { binary }));
    const message = new Seeded(0).bytes(20_000);
    client.send(message);
    await until(sink, () => sink.received.length >= message.length || sink.closes.length);
    expect(sink.received === message).toBe(true);
    const ended = closed(peer);
    client.close(1000);
    expect((await ended)[0]).toBe(1000);
  });
});

describe("refused", () => {
  const refusing = (response: string) => createServer().on("upgrade", (_, socket) => socket.end(response));

  test.each([
    ["401 Unauthorized", "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\n\r\n", "401 Unauthorized"],
    ["404 Not Found", "HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nwhat?", "404 Not Found"],
    ["a redirect", "HTTP/1.1 301 Moved Permanently\r\nLocation: wss://h/\r\n\r\n", "301 Moved Permanently to wss://h/"],
  ])("%s", async (_, response, quoted) => {
    expect(await refusal(refusing(response))).toBe(`handshake-refused: ${quoted}`);
  });

  test("a plain web server's page", async () => {
    expect(await refusal(createServer((_, response) => response.end("hello")))).toBe("handshake-refused: 200 OK");
  });

  test("a server of another subprotocol", async () => {
    const server = createServer();
    new WebSocketServer({ server, handleProtocols: () => "chat" });
    expect(await refusal(server)).toBe("handshake-invalid: bad Sec-WebSocket-Protocol");
  });

  test("a path that the server does not serve", async () => {
    const server = createServer();
    new WebSocketServer({ server, path: "/elsewhere" });
    expect(await refusal(server)).toBe("handshake-refused: 400 Bad Request");
  });

  test("a server that hangs up at once", async () => {
    const server = createServer().on("upgrade", (_, socket) => socket.destroy());
    expect(await refusal(server)).toMatch(/^socket-(closed|error): /);
  });

  test("TLS where the server speaks none", async () => {
    const { sink } = open(`wss://127.0.0.1:${await listen(createServer())}/mqtt`);
    await until(sink, () => sink.closes.length);
    expect([sink.opened, sink.closes[0]?.code]).toEqual([0, "socket-error"]);
  });

  test("nobody listening", async () => {
    const server = createServer();
    const port = await listen(server);
    servers.pop();
    server.close();
    await once(server, "close");
    const { sink } = open(`ws://127.0.0.1:${port}/`);
    await until(sink, () => sink.closes.length);
    expect(sink.closes).toEqual([expect.objectContaining({ code: "socket-error" })]);
  });
});
