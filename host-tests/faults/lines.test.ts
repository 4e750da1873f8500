/** Every kind of bad line: the code it ends with, and that the device comes back from it and delivers. */
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import type { FaultProxy, Plan } from "../../tools/fault-proxy";
import { startFaultProxy } from "../../tools/fault-proxy";
import type { Platform } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { Device } from "./device";

/** Beyond the handshake in either direction, within the packets that follow it. */
const OPEN = 250;
const reserved = Buffer.from("\x7fnobody sent this", "latin1");

// What happens to the first connection, and the codes of its end; none where it must go on.
const lines: [string, Plan, ...string[]][] = [
  ["an end during the handshake", { down: [{ kind: "cut", after: 50, how: "fin" }] }, "socket-closed"],
  ["a reset during the handshake", { down: [{ kind: "cut", after: 50, how: "rst" }] }, "socket-error"],
  ["a reset behind CONNECT", { up: [{ kind: "cut", after: OPEN, how: "rst" }] }, "socket-error"],
  ["silence from the start", { down: [{ kind: "blackhole", after: 0 }] }, "connect-timeout"],
  ["silence within the handshake", { down: [{ kind: "blackhole", after: 100 }] }, "connect-timeout"],
  ["a request that does not arrive", { up: [{ kind: "blackhole", after: 0 }] }, "connect-timeout"],
  ["everything one byte at a time", { up: [{ kind: "drip" }], down: [{ kind: "drip" }] }],
  ["everything in lumps", { up: [{ kind: "coalesce", ms: 3 }], down: [{ kind: "coalesce", ms: 3 }] }],
  ["everything late", { up: [{ kind: "delay", ms: 2 }], down: [{ kind: "delay", ms: 2 }] }],
  ["CONNACK twice", { down: [{ kind: "duplicate", frame: 0 }] }, "malformed-packet"],
  ["SUBACK twice", { down: [{ kind: "duplicate", frame: 1 }] }, "malformed-packet"],
  ["CONNECT twice", { up: [{ kind: "duplicate", frame: 0 }] }, "websocket-closed"],
  ["half a CONNACK", { down: [{ kind: "truncate", frame: 0, bytes: 2 }] }, "connect-timeout"],
  ["a SUBACK that is short", { down: [{ kind: "truncate", frame: 1, bytes: 1 }] }, "malformed-packet"],
  ["a frame with a reserved bit", { down: [{ kind: "corrupt", frame: 1, at: 0, mask: 0x40 }] }, "websocket-protocol"],
  ["a frame that turns to text", { down: [{ kind: "corrupt", frame: 1, at: 0, mask: 3 }] }, "websocket-protocol"],
  ["a frame that looks masked", { down: [{ kind: "corrupt", frame: 1, at: 1, mask: 0x80 }] }, "websocket-protocol"],
  ["a packet of no type", { down: [{ kind: "corrupt", frame: 1, at: 2, mask: 0x90 }] }, "malformed-packet"],
  ["garbage between frames", { down: [{ kind: "insert", frame: 1, bytes: reserved }] }, "websocket-protocol"],
  ["garbage for the server", { up: [{ kind: "insert", frame: 1, bytes: reserved }] }, "websocket-closed"],
  ["garbage before the handshake", { down: [{ kind: "garbage", after: 0, bytes: reserved }] }, "handshake-invalid"],
  ["another key's accept", { down: [{ kind: "accept" }] }, "handshake-invalid"],
  ...[302, 401, 404, 503].map((status): [string, Plan, string] => [
    `HTTP ${status}`,
    { down: [{ kind: "status", status }] },
    "handshake-refused",
  ]),
  ...[1000, 1001, 1008, 1011, 1014, 4000].map((code): [string, Plan, string] => [
    `Close ${code}`,
    { down: [{ kind: "close", frame: 1, code }] },
    "websocket-closed",
  ]),
  ...[999, 1005, 1006, 5000].map((code): [string, Plan, string] => [
    `Close ${code}, which nobody may send`,
    { down: [{ kind: "close", frame: 1, code }] },
    "websocket-protocol",
  ]),
];

describe("a bad line", () => {
  let broker: Platform;
  let proxy: FaultProxy | undefined;
  let device: Device | undefined;
  beforeAll(async () => {
    broker = await startPlatform({ platform: "broker" });
  });
  afterEach(async () => {
    device?.kill();
    await proxy?.close();
  });
  afterAll(() => broker.close());

  async function through(plan: Plan): Promise<{ device: Device; fired: string[] }> {
    const fired: string[] = [];
    proxy = await startFaultProxy({
      target: broker.port,
      plan: (connection) => (connection === 0 ? plan : {}),
      onFault: (fault) => fired.push(fault.kind),
      onBytes: () => device?.pulse.beat(),
    });
    const url = `ws://127.0.0.1:${proxy.port}/`;
    // One call of the broker's may take its time on a busy machine; the device is to wait for it.
    device = new Device(url, { clientId: expect.getState().currentTestName!, still: 30 });
    return { device, fired };
  }

  test.each(lines)("%s", async (name, plan, ...codes) => {
    const { device: here, fired } = await through(plan);
    let acknowledged = 0;
    // One after the other, so that every frame has its number: CONNECT, SUBSCRIBE, PUBLISH and their answers.
    here.client.subscribe(name, { qos: 1 }, () => {
      here.client.publish(name, "on", { qos: 1 }, () => acknowledged++);
    });
    here.client.connect();
    const done = () => acknowledged > 0 && here.received.length > 0 && here.closes.length >= codes.length;
    await here.until("delivered", () => done() && here.client.connected);
    expect(new Set(fired)).toEqual(new Set([...(plan.up ?? []), ...(plan.down ?? [])].map((fault) => fault.kind)));
    expect(here.closes.map((close) => close.code)).toEqual(codes);
    expect([acknowledged, new Set(here.received), here.errors]).toEqual([1, new Set(["on"]), []]);
    const quoted = /(?:HTTP|Close) (\d+)$/.exec(name)?.[1];
    if (quoted) expect(here.closes[0].message).toContain(quoted);
    expect(here.attempts).toBe(codes.length + 1);
  });

  test.each(["up", "down"] as const)("a line that goes dark %sward in use is noticed by ping", async (direction) => {
    const passed = { up: 0, down: 0 };
    const { device: here } = await through({});
    here.client.connect();
    await here.until("online", () => here.client.connected);
    here.kill();
    await proxy!.close();
    // Dark behind the CONNECT or its answer, which an undisturbed run has measured.
    proxy = await startFaultProxy({
      target: broker.port,
      onBytes: (bytes, way) => (passed[way] += bytes.length),
    });
    const measured = new Device(`ws://127.0.0.1:${proxy.port}/`, { clientId: "measured", still: 30 });
    measured.client.connect();
    await measured.until("online", () => measured.client.connected);
    measured.kill();
    await proxy.close();
    proxy = await startFaultProxy({
      target: broker.port,
      plan: (n) => (n === 0 ? { [direction]: [{ kind: "blackhole", after: passed[direction] }] } : {}),
    });
    device = new Device(`ws://127.0.0.1:${proxy.port}/`, { clientId: "measured", still: 30 });
    device.client.connect();
    await device.until("online", () => device!.client.connected);
    const since = device.clock.now;
    await device.until("noticed", () => device!.closes.length > 0);
    expect(device.closes[0]).toMatchObject({ code: "ping-timeout", online: true });
    // Half the keepalive of 30 s, and a quarter; one step of the clock more.
    expect(device.clock.now - since).toBeLessThanOrEqual(22_500 + 2000);
    await device.until("back", () => device!.client.connected);
  });

  test("a port where nobody listens, until somebody does", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    device = new Device(`ws://127.0.0.1:${port}/`, { clientId: "early" });
    device.client.connect();
    await device.until("three attempts", () => device!.closes.length === 3);
    expect(device.closes.map((close) => close.code)).toEqual(["socket-error", "socket-error", "socket-error"]);
    expect(device.closes[0].message).toContain("ECONNREFUSED");
    const late = await startPlatform({ platform: "broker", port });
    await device.until("online", () => device!.client.connected);
    device.kill();
    await late.close();
  });

  test("a name that does not exist", async () => {
    device = new Device("ws://no-such-broker.invalid/", { clientId: "lost", still: 10_000 });
    device.client.connect();
    await device.until("refused", () => device!.closes.length === 1);
    expect(device.closes[0]).toMatchObject({ code: "socket-error", online: false });
    expect(device.closes[0].message).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });
});
