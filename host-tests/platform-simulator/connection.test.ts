import { once } from "node:events";
import { get } from "node:http";
import type { IncomingMessage } from "node:http";
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Platform } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { WireClient } from "../fixtures/wire-client";
import { makeCertificate } from "../fixtures/certificate";
import { DOCUMENTED, leave, nextEvent, online, sign } from "./devices";

let platform: Platform;
let time = 0;

beforeAll(async () => {
  platform = await startPlatform({ platform: "aliyun", now: () => time });
});
beforeEach(() => (time += 60_000));
afterAll(() => platform.close());

const origin = () => `ws://127.0.0.1:${platform.port}`;

describe("the WebSocket handshake", () => {
  test.each(["/mqtt", "/", "/mqtt?token=1"])("is accepted on %s", async (path) => {
    const client = await WireClient.open(origin() + path);
    expect(client.ws.protocol).toBe("mqtt");
    const gone = nextEvent(platform, "disconnected");
    client.terminate();
    expect(await gone).toMatchObject({ code: "link-lost" });
  });

  test("is refused with 404 on another path", async () => {
    await expect(WireClient.open(`${origin()}/ws`)).rejects.toThrow("404");
    expect(platform.events.at(-1)).toMatchObject({ event: "refused", code: "wrong-path" });
  });

  test("is accepted only on the path that was chosen", async () => {
    const own = await startPlatform({ platform: "aliyun", path: "/iot" });
    expect(own.url).toBe(`ws://127.0.0.1:${own.port}/iot`);
    await leave(own, await online(own.url));
    await expect(WireClient.open(`ws://127.0.0.1:${own.port}/mqtt`)).rejects.toThrow("404");
    await own.close();
  });

  test("takes the older subprotocol name mqttv3.1", async () => {
    const client = await WireClient.open(platform.url, { subprotocol: "mqttv3.1" });
    expect(client.ws.protocol).toBe("mqttv3.1");
    expect(await client.connect({ ...DOCUMENTED, protocolVersion: 3 })).toMatchObject({ returnCode: 0 });
    await leave(platform, client);
  });

  test.each(["", "soap"])("is refused with 400 for the subprotocol %p", async (subprotocol) => {
    await expect(WireClient.open(platform.url, { subprotocol })).rejects.toThrow("400");
    expect(platform.events.at(-1)).toMatchObject({ event: "refused", code: "wrong-subprotocol" });
  });

  test.each([
    ["/mqtt", 426],
    ["/other", 404],
  ])("is asked of plain HTTP on %s with %i", async (path, status) => {
    const [response] = (await once(get(`http://127.0.0.1:${platform.port}${path}`), "response")) as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(status);
  });
});

describe("frames that the platform does not take", () => {
  test("a text frame closes the connection with 1003", async () => {
    const client = await online(platform.url);
    client.ws.send("text");
    expect(await client.closed).toEqual({ code: 1003, reason: "text-frame" });
    expect((await platform.when(({ code }) => code === "text-frame")).event).toBe("disconnected");
  });

  /** Sends bytes as they are after the handshake, and returns the close frame's status code. */
  async function rawFrame(bytes: string): Promise<number> {
    const socket = connectTcp(platform.port, "127.0.0.1");
    socket.write(
      `GET /mqtt HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n`,
    );
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => {
      if (chunks.length === 0) socket.write(Buffer.from(bytes, "hex"));
      chunks.push(chunk);
    });
    await once(socket, "end");
    socket.destroy();
    const answer = Buffer.concat(chunks);
    return answer.readUInt16BE(answer.indexOf("\r\n\r\n") + 6);
  }

  test("a reserved opcode closes the connection with 1002", async () => {
    expect(await rawFrame("838000000000")).toBe(1002);
  });

  test("an unmasked frame closes the connection with 1002", async () => {
    expect(await rawFrame("8202c000")).toBe(1002);
  });

  test("a packet before CONNECT closes the connection", async () => {
    const client = await WireClient.open(platform.url);
    const gone = nextEvent(platform, "disconnected");
    client.send({ cmd: "pingreq" });
    await client.closed;
    expect(await gone).toMatchObject({ code: "protocol-error" });
  });

  test("bytes that are no MQTT close the connection", async () => {
    const client = await WireClient.open(platform.url);
    client.ws.send(Buffer.from("ffffffffffff", "hex"));
    await client.closed;
    expect(client.messages).toEqual([]);
  });
});

describe("one connection for each device", () => {
  test("a second connection of the same device ends the first", async () => {
    const first = await online(platform.url);
    const kicked = nextEvent(platform, "kicked");
    // The device is what counts, not the client id.
    const clientId = "67890|securemode=3,signmethod=hmacsha1|";
    const password = sign("clientId67890deviceNamedeviceproductKeypk");
    const second = await online(platform.url, { ...DOCUMENTED, clientId, password });
    expect(await kicked).toMatchObject({ code: "taken-over", clientId: DOCUMENTED.clientId });
    await first.closed;
    expect(platform.connected()).toEqual(["device&pk"]);
    second.send({ cmd: "pingreq" });
    expect(await second.next("pingresp")).toMatchObject({ cmd: "pingresp" });
    await leave(platform, second);
  });

  test("a second connection that is refused leaves the first alone", async () => {
    const first = await online(platform.url);
    const intruder = await WireClient.open(platform.url);
    const { returnCode } = await intruder.connect({ ...DOCUMENTED, password: Buffer.from("guess") });
    expect(returnCode).toBe(4);
    await intruder.closed;
    first.send({ cmd: "pingreq" });
    expect(await first.next("pingresp")).toMatchObject({ cmd: "pingresp" });
    await leave(platform, first);
  });
});

describe("the end of a connection is told once, with its cause", () => {
  test("after DISCONNECT", async () => {
    const client = await online(platform.url);
    const before = platform.events.length;
    client.send({ cmd: "disconnect" });
    await client.closed;
    expect(platform.events.slice(before)).toEqual([
      { event: "disconnected", clientId: DOCUMENTED.clientId, code: "disconnect", reason: expect.any(String) },
    ]);
  });

  test("after a WebSocket close frame", async () => {
    const client = await online(platform.url);
    const gone = nextEvent(platform, "disconnected");
    client.ws.close(1001);
    expect(await gone).toMatchObject({ code: "closed", reason: expect.stringContaining("1001") });
  });

  test("after silence of 1.5 times the keepalive, at the platform's speed", async () => {
    const fast = await startPlatform({ platform: "aliyun", speed: 300 });
    const client = await WireClient.open(fast.url);
    const begun = performance.now();
    await client.connect({ ...DOCUMENTED, keepalive: 30 });
    await client.closed;
    // 30 s × 1.5 / 300
    expect(performance.now() - begun).toBeGreaterThanOrEqual(149);
    expect(await fast.when(({ event }) => event === "disconnected")).toMatchObject({ code: "keepalive-timeout" });
    await fast.close();
  });

  test("but not while PINGREQs come", async () => {
    const fast = await startPlatform({ platform: "aliyun", speed: 100 });
    const client = await online(fast.url, { ...DOCUMENTED, keepalive: 30 });
    const begun = performance.now();
    // Twice as long as silence is allowed, without a pause between PINGRESP and the next PINGREQ.
    while (performance.now() - begun < 900) {
      client.send({ cmd: "pingreq" });
      await client.next("pingresp");
    }
    expect(fast.connected()).toEqual(["device&pk"]);
    expect(fast.events.some(({ event }) => event === "ping")).toBe(true);
    await fast.close();
  });

  test("when no CONNECT comes", async () => {
    const fast = await startPlatform({ platform: "aliyun", speed: 1000 });
    const client = await WireClient.open(fast.url);
    await client.closed;
    expect(await fast.when(({ event }) => event === "disconnected")).toMatchObject({ code: "connect-timeout" });
    await fast.close();
  });
});

describe("cut", () => {
  test.each(["reset", "end"] as const)(
    "%s breaks every link without a close frame; the device may come back",
    async (how) => {
      const client = await online(platform.url);
      expect(platform.cut(how)).toBe(1);
      expect(await client.closed).toMatchObject({ code: 1006 });
      expect(await platform.when(({ code, reason }) => code === "cut" && reason === how)).toBeDefined();
      expect(platform.connected()).toEqual([]);
      await leave(platform, await online(platform.url));
    },
  );

  test("blackhole leaves the socket open and answers nothing", async () => {
    const client = await online(platform.url);
    await client.subscribe(["/pk/device/user/get"]);
    expect(platform.cut("blackhole")).toBe(1);
    const before = client.messages.length;
    await platform.publish("/pk/device/user/get", "lost");
    client.send({ cmd: "pingreq" });
    client.ws.ping();
    // A whole round trip of another connection goes by: an answer would have come meanwhile.
    const other = await WireClient.open(platform.url);
    other.ws.ping();
    await once(other.ws, "pong");
    other.terminate();
    expect(client.messages.length).toBe(before);
    expect(client.ws.readyState).toBe(client.ws.OPEN);
    const gone = nextEvent(platform, "disconnected");
    client.terminate();
    expect(await gone).toBeDefined();
  });

  test.each(["reset", "end", "blackhole"] as const)("%s works over wss as well", async (how) => {
    const secure = await startPlatform({ platform: "broker", tls: await makeCertificate() });
    const client = await online(secure.url, { clientId: "tls" });
    expect(secure.cut(how)).toBe(1);
    if (how === "blackhole") client.terminate();
    expect(await client.closed).toMatchObject({ code: 1006 });
    await secure.close();
  });

  test("of nothing is none", () => {
    expect(platform.cut()).toBe(0);
  });
});

describe("the server", () => {
  test("says why it cannot listen", async () => {
    await expect(startPlatform({ platform: "broker", port: platform.port })).rejects.toMatchObject({
      code: "EADDRINUSE",
    });
  });

  test.each([0, -1, NaN])("refuses speed %p", async (speed) => {
    await expect(startPlatform({ platform: "broker", speed })).rejects.toThrow(RangeError);
  });

  test("ends its connections with 1001 when it closes, and listens no more", async () => {
    const own = await startPlatform({ platform: "broker" });
    const client = await online(own.url, { clientId: "one" });
    await own.close();
    expect(await client.closed).toMatchObject({ code: 1001 });
    await expect(WireClient.open(own.url)).rejects.toThrow("ECONNREFUSED");
    expect(own.events.at(-1)).toEqual({ event: "closed" });
  });

  test("listens on 127.0.0.1 only", async () => {
    // All of 127/8 is this machine: an address of it that was not asked for shows who listens everywhere.
    const [error] = (await once(connectTcp(platform.port, "127.0.0.2"), "error")) as [NodeJS.ErrnoException];
    expect(error.code).toBe("ECONNREFUSED");
    expect(platform.url).toContain("//127.0.0.1:");
  });

  test("shows the certificate it was given", async () => {
    const certificate = await makeCertificate();
    const secure = await startPlatform({ platform: "aliyun", tls: certificate });
    const socket = connectTls({ port: secure.port, host: "127.0.0.1", ca: certificate.cert, servername: "localhost" });
    await once(socket, "secureConnect");
    expect(socket.authorized).toBe(true);
    socket.destroy();
    await secure.close();
  });
});
