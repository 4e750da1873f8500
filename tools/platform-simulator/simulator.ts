/**
 * Acts as one of the platforms on loopback: an MQTT server over WebSocket that knows its devices, enforces the platform's
 * rules and gives a reason for everything it refuses.
 */
import type { IncomingMessage } from "node:http";
import { createServer, STATUS_CODES } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { performance } from "node:perf_hooks";
import type { Duplex } from "node:stream";
import type { QoS } from "mqtt-packet";
import { WebSocketServer } from "ws";
import type { AliyunDevice } from "./aliyun";
import { aliyunRules } from "./aliyun";
import { serveClock } from "./clock";
import type { Stage } from "./commands";
import { runCommand } from "./commands";
import { Engine } from "./engine";
import type { PlatformEvent } from "./events";
import { Journal } from "./events";
import type { Cut } from "./link";
import type { BrokerUser } from "./plain-broker";
import { brokerRules } from "./plain-broker";
import type { Rules } from "./rules";
import { Shadows } from "./shadow";
import { ThingModel } from "./thing-model";
import type { UcloudDevice } from "./ucloud";
import { ucloudRules } from "./ucloud";

export type { AliyunDevice, BrokerUser, Cut, PlatformEvent, UcloudDevice };
export { describeEvent } from "./events";

export type PlatformName = "aliyun" | "ucloud" | "broker";

interface CommonOptions {
  /** 0–65535; 0, the default, takes any free one. */
  port?: number;
  /**
   * How much faster than real time the platform's timers run: keepalive, connection rate, time allowed for the CONNECT (which
   * is never under one real second). Above 0, default 1. The sockets stay real.
   */
  speed?: number;
  /** PEM. With it the platform speaks wss. */
  tls?: { key: string | Buffer; cert: string | Buffer };
  /** The only path that is accepted; "/mqtt" and "/" by default. */
  path?: string;
  /** Takes registrations and never answers them; default false. */
  withholdSecrets?: boolean;
  /** Milliseconds since 1970 by the platform's clock; this computer's by default. */
  time?(): number;
  /** Called for every event as it happens. */
  log?(event: PlatformEvent): void;
  /** Milliseconds since some fixed moment, for the connection rate; real time by default. */
  now?(): number;
}

/** Which platform, and who it knows. `devices` defaults to DEFAULT_DEVICES; a broker without users lets everybody in. */
export type PlatformOptions = CommonOptions &
  (
    | { platform: "aliyun"; devices?: readonly AliyunDevice[] }
    | { platform: "ucloud"; devices?: readonly UcloudDevice[] }
    | { platform: "broker"; devices?: readonly BrokerUser[] }
  );

export const DEFAULT_DEVICES = {
  aliyun: [{ productKey: "pk", deviceName: "device", deviceSecret: "secret" }] as AliyunDevice[],
  ucloud: [{ productSN: "exampleproduct", deviceSN: "device-1", deviceSecret: "examplesecret" }] as UcloudDevice[],
  broker: [] as BrokerUser[],
};

export interface Platform {
  /** Where a device connects: scheme, host, port, path. */
  url: string;
  port: number;
  /** The last 1000 events, oldest first. */
  events: readonly PlatformEvent[];
  /** Hears every event; returns a function that stops it. */
  on(listener: (event: PlatformEvent) => void): () => void;
  /** The first event, past or future, that passes the test. */
  when(test: (event: PlatformEvent) => boolean): Promise<PlatformEvent>;
  /** Who is connected: `deviceName&productKey`, `productSN.deviceSN` or the client id. */
  connected(): string[];
  /** Sends a message down. QoS 0 by default; the event "delivered" tells of the device's acknowledgement. */
  publish(topic: string, payload: string | Buffer, options?: { qos?: QoS; retain?: boolean }): Promise<void>;
  /** Hears what devices publish; returns a function that stops it. */
  subscribe(filter: string, listener: (topic: string, payload: Buffer) => void): () => void;
  /** Does what a line at the prompt says (`commands.ts`), as the first device that is connected; resolves to what there is to read. */
  command(line: string): Promise<string | undefined>;
  /** Breaks every link ("reset" by default) and returns how many. New connections are welcome. */
  cut(how?: Cut): number;
  /** Ends every connection and the server. */
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 30_000;
const CLOSE_TIMEOUT_MS = 2_000;
const SUBPROTOCOLS = ["mqtt", "mqttv3.1"];

function rulesOf(options: PlatformOptions, now: () => number): Rules {
  const withheld = options.withholdSecrets;
  if (options.platform === "aliyun") return aliyunRules(options.devices ?? DEFAULT_DEVICES.aliyun, now, withheld);
  if (options.platform === "ucloud") return ucloudRules(options.devices ?? DEFAULT_DEVICES.ucloud, now, withheld);
  return brokerRules(options.devices ?? DEFAULT_DEVICES.broker);
}

/** `/product/device` of the first device. */
function firstKnown(options: PlatformOptions): string | undefined {
  if (options.platform === "broker") return undefined;
  if (options.platform === "aliyun") {
    const [first] = options.devices ?? DEFAULT_DEVICES.aliyun;
    return first && `/${first.productKey}/${first.deviceName}`;
  }
  const [first] = options.devices ?? DEFAULT_DEVICES.ucloud;
  return first && `/${first.productSN}/${first.deviceSN}`;
}

/** Rejects with the server's own error (EADDRINUSE …) when it cannot listen. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { port = 0, speed = 1, tls, log } = options;
  if (!(speed > 0)) throw new RangeError(`speed is ${speed}, must be above 0`);
  const paths = options.path === undefined ? ["/mqtt", "/"] : [options.path];
  const realNow = options.now ?? (() => performance.now());
  const journal = new Journal();
  if (log) journal.on(log);
  const server = tls ? createSecureServer({ key: tls.key, cert: tls.cert }) : createServer();
  // Raw TCP sockets also below TLS: they are what a reset needs.
  const sockets = new Map<number, Socket>();
  server.on("connection", (socket: Socket) => {
    const peer = socket.remotePort ?? 0;
    sockets.set(peer, socket);
    socket.on("close", () => sockets.delete(peer));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
  const engine = await Engine.create({
    rules: rulesOf(options, () => realNow() * speed),
    journal,
    speed,
    connectTimeout: Math.max(1000, CONNECT_TIMEOUT_MS / speed),
  });
  if (options.platform === "aliyun") serveClock(engine, options.time ?? Date.now);
  const cloud = options.platform === "broker" ? undefined : options.platform;
  const thing = cloud && new ThingModel(engine, journal, { platform: cloud, speed });
  const shadows = cloud && new Shadows(engine, journal, cloud);
  const webSockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    closeTimeout: CLOSE_TIMEOUT_MS,
    handleProtocols: (offered) => SUBPROTOCOLS.find((protocol) => offered.has(protocol)) ?? false,
  } as ConstructorParameters<typeof WebSocketServer>[0]);

  function judge(request: IncomingMessage): { status: number; code: string; reason: string } | undefined {
    const path = (request.url ?? "").split("?")[0];
    if (!paths.includes(path)) {
      return { status: 404, code: "wrong-path", reason: `path ${path}, must be ${paths.join(" or ")}` };
    }
    if ((request.headers.upgrade ?? "").toLowerCase() !== "websocket") {
      return { status: 426, code: "not-a-websocket", reason: "plain HTTP, must be a WebSocket handshake" };
    }
    const offered = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
    if (!offered.some((name) => SUBPROTOCOLS.includes(name))) {
      const reason = `subprotocol ${offered.join(", ") || "missing"}, must be ${SUBPROTOCOLS.join(" or ")}`;
      return { status: 400, code: "wrong-subprotocol", reason };
    }
    return undefined;
  }

  function refuse(socket: Duplex, { status, code, reason }: { status: number; code: string; reason: string }): void {
    journal.add({ event: "refused", code, reason: `HTTP ${status}: ${reason}` });
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      "Connection: close",
      "Content-Type: text/plain; charset=utf-8",
      `Content-Length: ${Buffer.byteLength(reason)}`,
    ];
    socket.on("error", () => undefined).end(`${head.join("\r\n")}\r\n\r\n${reason}`);
  }

  server.on("request", (request: IncomingMessage) => {
    const fault = judge(request) ?? { status: 400, code: "bad-handshake", reason: "Connection: Upgrade is missing" };
    refuse(request.socket, fault);
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const fault = judge(request);
    if (fault) {
      refuse(socket, fault);
      return;
    }
    webSockets.handleUpgrade(request, socket, head, (ws) => {
      journal.add({ event: "websocket", reason: `${request.url} ${ws.protocol}` });
      const tcp = sockets.get(request.socket.remotePort ?? 0) ?? request.socket;
      engine.accept(ws, request.socket, tcp, tls !== undefined);
    });
  });
  webSockets.on("wsClientError", (error) =>
    journal.add({ event: "refused", code: "bad-handshake", reason: error.message }),
  );

  const address = server.address() as AddressInfo;
  const url = `${tls ? "wss" : "ws"}://127.0.0.1:${address.port}${paths[0]}`;
  journal.add({ event: "listening", url });

  function cut(how: Cut = "reset"): number {
    const links = engine.cut(how);
    journal.add({ event: "cut", reason: `${how} of ${links} ${links === 1 ? "link" : "links"}` });
    return links;
  }

  const stage: Stage = {
    thing,
    shadows,
    connected: () => engine.connected(),
    known: firstKnown(options),
    publish: (topic, payload) => engine.publish(topic, payload, {}),
    cut: () => void cut(),
    next: (test) => journal.next(test),
  };

  async function close(): Promise<void> {
    thing?.close();
    await engine.close();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets.values()) socket.destroy();
    await closed;
    journal.add({ event: "closed" });
  }

  return {
    url,
    port: address.port,
    events: journal.events,
    on: (listener) => journal.on(listener),
    when: (test) => journal.when(test),
    connected: () => engine.connected(),
    publish: (topic, payload, downlink = {}) => engine.publish(topic, payload, downlink),
    subscribe: (filter, listener) => engine.subscribe(filter, listener),
    command: (line) => runCommand(line, stage),
    cut,
    close,
  };
}
