/** A TCP proxy on loopback that stands between a device and its broker, and is whatever bad line a test asks for. */
import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";
import { connect, createServer } from "node:net";
import { setImmediate as turn, setTimeout as delay } from "node:timers/promises";

/** `up`: from the device to the broker. `down`: from the broker to the device. */
export type Direction = "up" | "down";

/**
 * One fault in one direction. `after` counts bytes of that direction from the connection's start, the WebSocket handshake
 * included; `frame` counts its WebSocket frames from 0.
 */
export type Fault =
  /** Both sides are cut off when `after` bytes have arrived. */
  | { kind: "cut"; after: number; how: "fin" | "rst" }
  /** Nothing arrives beyond `after` bytes, not even the end of the connection. */
  | { kind: "blackhole"; after: number }
  /** Every byte arrives on its own. */
  | { kind: "drip" }
  /** Bytes are held until nothing has come for `ms` milliseconds, then arrive at once. */
  | { kind: "coalesce"; ms: number }
  /** Everything arrives `ms` milliseconds late. */
  | { kind: "delay"; ms: number }
  /** `bytes` that nobody sent arrive after `after` bytes. */
  | { kind: "garbage"; after: number; bytes: Buffer }
  /** `bytes` that nobody sent arrive in front of a frame. */
  | { kind: "insert"; frame: number; bytes: Buffer }
  /** The byte at `at` of a frame (0 and 1 are its header) is changed by XOR with `mask`. */
  | { kind: "corrupt"; frame: number; at: number; mask: number }
  | { kind: "duplicate"; frame: number }
  /** A frame arrives without its last `bytes` bytes; what follows closes up. */
  | { kind: "truncate"; frame: number; bytes: number }
  /** Down only: in place of a frame comes a Close with this status code, then the end. */
  | { kind: "close"; frame: number; code: number }
  /** Down only: the handshake is answered with this HTTP status, then the end. */
  | { kind: "status"; status: number }
  /** Down only: the handshake is answered with another key's Sec-WebSocket-Accept. */
  | { kind: "accept" };

/** What happens to one connection: faults by direction, the first of a list nearest to the sender. */
export type Plan = { [direction in Direction]?: Fault[] };

export interface FaultProxyOptions {
  /** The broker's port on 127.0.0.1. */
  target: number;
  /** Chooses each connection's plan, counted from 0; nothing goes wrong by default. */
  plan?(connection: number): Plan;
  /** Called when a fault takes effect: `drip`, `coalesce` and `delay` with the first byte. */
  onFault?(fault: Fault, direction: Direction, connection: number): void;
  /** Called when bytes have been passed on. */
  onBytes?(bytes: Buffer, direction: Direction, connection: number): void;
}

export interface FaultProxy {
  port: number;
  /** Connections taken so far. */
  connections: number;
  /** Ends the proxy and every connection through it. */
  close(): Promise<void>;
}

type Stream = AsyncIterable<Buffer>;
/** Ends one connection on both sides. */
type Cut = (how: "fin" | "rst") => void;

/** A stage that passes what it likes of what comes in; `fired` is called when the fault takes effect. */
async function* stage(source: Stream, fault: Fault, cut: Cut, fired: () => void): Stream {
  switch (fault.kind) {
    case "cut":
    case "blackhole":
      if (!(yield* first(source, fault.after))) return;
      fired();
      if (fault.kind === "cut") {
        // Two turns of the loop: the receiver reads what has arrived before it learns of the end.
        await turn();
        await turn();
        cut(fault.how);
      }
      return yield* nothing(source);
    case "drip":
      for await (const bytes of source) {
        fired();
        for (const byte of bytes) {
          yield Buffer.of(byte);
          await turn();
        }
      }
      return;
    case "coalesce":
      return yield* coalesce(source, fault.ms, fired);
    case "delay":
      for await (const bytes of source) {
        fired();
        await delay(fault.ms);
        yield bytes;
      }
      return;
    case "garbage":
      if (!(yield* first(source, fault.after))) return;
      fired();
      yield fault.bytes;
      return yield* source;
    default:
      return yield* framed(source, fault, cut, fired);
  }
}

/** The faults that know what a handshake and a frame are. */
async function* framed(source: Stream, fault: Fault, cut: Cut, fired: () => void): Stream {
  let number = -1;
  for await (const unit of units(source)) {
    const mine = number++ === ("frame" in fault ? fault.frame : -1);
    if (!mine) {
      yield unit;
      continue;
    }
    fired();
    switch (fault.kind) {
      case "insert":
        yield Buffer.concat([fault.bytes, unit]);
        break;
      case "corrupt":
        unit[fault.at] ^= fault.mask;
        yield unit;
        break;
      case "duplicate":
        yield Buffer.concat([unit, unit]);
        break;
      case "truncate":
        yield unit.subarray(0, -fault.bytes);
        break;
      case "close":
        yield Buffer.of(0x88, 2, fault.code >> 8, fault.code & 255);
        cut("fin");
        return yield* nothing(source);
      case "status":
        yield Buffer.from(`HTTP/1.1 ${fault.status} Proxy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
        cut("fin");
        return yield* nothing(source);
      case "accept":
        yield Buffer.from(
          unit.toString("latin1").replace(/(sec-websocket-accept: *)\S+/i, "$1s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
          "latin1",
        );
    }
  }
}

/** Passes `count` bytes and leaves the rest to the next reader of `source`; false when it ends before. */
async function* first(source: Stream, count: number): AsyncGenerator<Buffer, boolean> {
  const reader = source as Source;
  while (count > 0) {
    const bytes = await reader.take(count);
    if (!bytes) return false;
    count -= bytes.length;
    yield bytes;
  }
  return true;
}

/** Reads on and passes nothing; no kind of end gets through either. */
// eslint-disable-next-line require-yield
async function* nothing(source: Stream): Stream {
  try {
    for await (const bytes of source) void bytes;
  } catch {
    // A reset is an end like any other.
  }
  await new Promise(() => undefined);
}

async function* coalesce(source: Stream, ms: number, fired: () => void): Stream {
  const reader = source as Source;
  let held: Buffer[] = [];
  let next = reader.take();
  for (;;) {
    const quiet = new AbortController();
    const timer = delay(ms, "quiet" as const, { signal: quiet.signal }).catch(() => "quiet" as const);
    const came = await (held.length > 0 ? Promise.race([next, timer]) : next);
    quiet.abort();
    if (came === "quiet" || !came) {
      if (held.length > 0) yield Buffer.concat(held);
      held = [];
      if (!came) return;
    } else {
      fired();
      held.push(came);
      next = reader.take();
    }
  }
}

/** The head of the handshake as one unit, then each frame as one; what is left at the end as it is. */
async function* units(source: Stream): Stream {
  let rest: Buffer = Buffer.alloc(0);
  let open = false;
  for await (const bytes of source) {
    rest = Buffer.concat([rest, bytes]);
    for (;;) {
      const end = open ? frameLength(rest) : headLength(rest);
      if (end > rest.length) break;
      open = true;
      yield Buffer.from(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  }
  if (rest.length > 0) yield rest;
}

function headLength(bytes: Buffer): number {
  const end = bytes.indexOf("\r\n\r\n");
  return end < 0 ? Infinity : end + 4;
}

/** Length of the frame that begins here; Infinity while its header is not whole. */
function frameLength(bytes: Buffer): number {
  if (bytes.length < 2) return Infinity;
  const masked = bytes[1] > 127 ? 4 : 0;
  const short = bytes[1] & 127;
  if (short < 126) return 2 + masked + short;
  const header = short === 126 ? 4 : 10;
  if (bytes.length < header) return Infinity;
  return header + masked + (short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2)));
}

/** A stream of which a part can be read and the rest left to somebody else. */
class Source implements AsyncIterable<Buffer> {
  private rest: Buffer | undefined;
  private readonly iterator: AsyncIterator<Buffer>;

  constructor(source: Stream) {
    this.iterator = source[Symbol.asyncIterator]();
  }

  /** The next bytes, at most `most`; undefined at the end. */
  async take(most = Infinity): Promise<Buffer | undefined> {
    const bytes = this.rest ?? ((await this.iterator.next()).value as Buffer | undefined);
    this.rest = bytes && bytes.length > most ? bytes.subarray(most) : undefined;
    return bytes && bytes.subarray(0, Math.min(most, bytes.length));
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (let bytes = await this.take(); bytes; bytes = await this.take()) yield bytes;
  }
}

/** Writes a stream to a socket until either ends. */
async function pour(source: Stream, to: Socket, passed: (bytes: Buffer) => void): Promise<void> {
  for await (const bytes of source) {
    if (!to.writable) continue;
    passed(bytes);
    if (!to.write(bytes)) await Promise.race([once(to, "drain"), once(to, "close")]);
  }
  to.end();
}

/** Resolves when the proxy listens on a free port of 127.0.0.1. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ noDelay: true }, (device) => {
    const number = proxy.connections++;
    const plan = options.plan?.(number) ?? {};
    const broker = connect({ port: options.target, host: "127.0.0.1", noDelay: true });
    const both = [device, broker];
    const cut: Cut = (how) => {
      if (how === "rst") both.forEach((socket) => socket.resetAndDestroy());
      else both.forEach((socket) => socket.end());
    };
    both.forEach((socket, i) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => sockets.delete(socket));
      // A device that has given up is gone for good; a broker's end goes through the plan like its bytes.
      if (i === 0) socket.on("close", () => broker.destroy());
    });
    const lane = (direction: Direction, from: Socket, to: Socket) => {
      let stream: Stream = new Source(from);
      for (const fault of plan[direction] ?? []) {
        let told = false;
        const fired = () => {
          if (!told) options.onFault?.(fault, direction, number);
          told = true;
        };
        stream = new Source(stage(stream, fault, cut, fired));
      }
      pour(stream, to, (bytes) => options.onBytes?.(bytes, direction, number)).catch(() => to.destroy());
    };
    lane("up", device, broker);
    lane("down", broker, device);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const proxy: FaultProxy = {
    port: (server.address() as AddressInfo).port,
    connections: 0,
    async close() {
      const closed = once(server, "close");
      server.close();
      sockets.forEach((socket) => socket.destroy());
      await closed;
    },
  };
  return proxy;
}
