/**
 * The firmware's client on real sockets and virtual time. Time passes for it only while it waits for its next attempt, or
 * while nothing at all moves: keepalives and backoff cost no waiting, and a busy machine makes nothing time out.
 */
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "../../firmware/mqtt/client";
import type { ClientOptions } from "../../firmware/mqtt/options";
import { broker } from "../../firmware/platforms/broker";
import type { Runtime, Socket, SocketOptions, SocketSink, Store } from "../../firmware/seams";
import { WebSocketClient } from "../../firmware/websocket/client";
import { connectSocket, hostRuntime } from "../../tools/host/runtime";
import type { CloseEvent } from "../fixtures/client-bench";
import { Seeded } from "../fixtures/seeded";
import { VirtualClock } from "../fixtures/virtual-time";

/** The most that a board's `data` event brings. */
const CHUNK = 536;
/** How much time passes when nothing moves. */
const STEP = 1000;

/** Something has happened: whoever waits looks again. */
export class Pulse {
  private wake: () => void = () => undefined;

  /** `ms`: real milliseconds without a beat after which time may pass. */
  constructor(public ms: number) {}

  beat(): void {
    this.wake();
  }

  /** Resolves at the next beat with false, or with true when none has come for so long that time may pass. */
  async still(): Promise<boolean> {
    const quiet = new AbortController();
    const beat = new Promise<false>((resolve) => (this.wake = () => resolve(false)));
    const timer = delay(this.ms, true, { signal: quiet.signal }).catch(() => false);
    const still = await Promise.race([beat, timer]);
    quiet.abort();
    return still;
  }
}

export interface DeviceSettings {
  clientId: string;
  options?: ClientOptions;
  store?: Store;
  /** Sets this device's random numbers apart. */
  stream?: number;
  /** Real milliseconds without any event after which a second of virtual time passes; default 10. */
  still?: number;
}

/** Highest seen of what must stay bounded, in bytes but for `messages` and `flying`. */
export interface Peaks {
  outbox: number;
  messages: number;
  /** Messages sent and not acknowledged. */
  flying: number;
  /** What the MQTT parser keeps of a packet that is not whole. */
  packet: number;
  /** What the WebSocket keeps of a handshake or frame that is not whole. */
  frame: number;
  /** Handed to the socket since it last was empty. */
  handed: number;
}

/** Nothing has been seen yet. */
export const noPeaks = (): Peaks => ({ outbox: 0, messages: 0, flying: 0, packet: 0, frame: 0, handed: 0 });

/** Of the client's own, and of its WebSocket's. */
interface Inside {
  _outbox: { bytes: number; length: number; flying: number };
  _parser?: { _rest: string };
}
interface InsideChannel {
  _rest: string;
  _key: string;
}

export class Device {
  readonly client: Client;
  readonly clock = new VirtualClock();
  readonly pulse: Pulse;
  readonly closes: CloseEvent[] = [];
  /** Session Present of each CONNACK. */
  readonly sessions: boolean[] = [];
  /** Codes of `error` events. */
  readonly errors: string[] = [];
  /** Payloads, as they came. */
  readonly received: string[] = [];
  readonly peaks = noPeaks();
  /** Connections tried. */
  attempts = 0;
  private retry: number | undefined;
  private dead = false;
  private socket: Socket | undefined;
  private channel: InsideChannel | undefined;
  /** Bytes written since the socket was last empty. */
  private handed = 0;

  constructor(url: string, settings: DeviceSettings) {
    this.pulse = new Pulse(settings.still ?? 10);
    const random = new Seeded(settings.stream ?? 0);
    const runtime: Runtime = hostRuntime({
      setTimeout: this.clock.setTimeout,
      clearTimeout: this.clock.clearTimeout,
      now: () => this.clock.now,
      random: () => random.below(2 ** 32),
      store: settings.store,
      connect: (options, sink) => {
        this.attempts++;
        this.retry = undefined;
        return (this.socket = this.line(options, sink));
      },
    });
    this.client = new Client(
      runtime,
      (address, protocol, sink) => {
        const channel = new WebSocketClient(runtime, address, protocol, sink);
        this.channel = channel as unknown as InsideChannel;
        return channel;
      },
      broker({ clientId: settings.clientId }, url, runtime),
      { keepalive: 30, clean: false, ...settings.options },
    );
    this.client
      .on("connect", (session) => this.sessions.push(session))
      .on("message", (_topic, payload) => this.received.push(payload))
      .on("error", (error) => this.errors.push(`${error.code}: ${error.message}`))
      .on("close", (error, retry, online) => {
        this.retry = retry;
        this.closes.push({ code: error.code, message: error.message, retry, online });
      });
  }

  /** Lets the device live until `done`. Throws after `limit` milliseconds of its own time. */
  async until(what: string, done: () => boolean, limit = 86_400_000): Promise<void> {
    const end = this.clock.now + limit;
    while (!done()) {
      if (this.clock.now > end)
        throw new Error(`${what}: not within ${limit} ms; ${JSON.stringify(this.closes.at(-1))}`);
      if (this.retry !== undefined) this.clock.advance(this.retry);
      else if (await this.pulse.still()) this.clock.advance(STEP);
      this.measure();
    }
  }

  /** The latest connection's WebSocket handshake has succeeded. */
  get opened(): boolean {
    return this.channel?._key === "";
  }

  /**
   * Pulls the plug: nothing runs and nothing is sent any more. With `silently` nobody is told, and the connection stands
   * until its other end gives it up.
   */
  kill(silently = false): void {
    this.dead = true;
    this.clock.advance = () => undefined;
    if (!silently) this.socket?.end(true);
  }

  /** Ends the client, and the connection without waiting for the server's Close. */
  end(): void {
    this.client.end();
    this.kill();
  }

  /** A connection as a board has it: small chunks, one at a time, so that what they are answered leaves between them. */
  private line(options: SocketOptions, sink: SocketSink): Socket {
    const waiting: (() => void)[] = [];
    let over = false;
    const tellNext = () => {
      if (!this.dead) waiting[0]();
      this.measure();
      waiting.shift();
      if (waiting.length > 0) setImmediate(tellNext);
      this.pulse.beat();
    };
    const tell = (event: () => void) => {
      if (waiting.push(event) === 1) setImmediate(tellNext);
    };
    const drain = () => {
      this.handed = 0;
      if (!this.dead) sink.drain();
      this.pulse.beat();
    };
    this.handed = 0;
    const socket = connectSocket(options, {
      data: (bytes) => {
        for (let at = 0; at < bytes.length; at += CHUNK) tell(() => sink.data(bytes.substring(at, at + CHUNK)));
      },
      drain,
      socketClosed: (error) => {
        over = true;
        tell(() => sink.socketClosed(error));
      },
    });
    return {
      write: (bytes) => {
        this.handed += bytes.length;
        this.measure();
        // The device has not read as far as the end yet.
        if (over) setImmediate(drain);
        else socket.write(bytes);
      },
      end: (now) => socket.end(now),
    };
  }

  private measure(): void {
    const { _outbox: outbox, _parser: parser } = this.client as unknown as Inside;
    raise(this.peaks, {
      outbox: outbox.bytes,
      messages: outbox.length,
      flying: outbox.flying,
      packet: parser?._rest.length ?? 0,
      frame: this.channel?._rest.length ?? 0,
      handed: this.handed,
    });
  }
}

/** Lifts each of `peaks` to what was seen `now`. */
export function raise(peaks: Peaks, now: Peaks): void {
  for (const key of Object.keys(peaks) as (keyof Peaks)[]) peaks[key] = Math.max(peaks[key], now[key]);
}
