/**
 * The firmware's client on real sockets and virtual time. Time passes for it only while it waits for its next attempt, or
 * while nothing at all moves: keepalives and backoff cost no waiting, and a busy machine makes nothing time out.
 */
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "../../firmware/mqtt/client";
import type { ClientOptions } from "../../firmware/mqtt/options";
import { broker } from "../../firmware/platforms/broker";
import type { Runtime, Socket, SocketSink, Store } from "../../firmware/seams";
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
  constructor(private readonly ms: number) {}

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

/** Highest seen of what must stay bounded, in bytes but for `messages`. */
export interface Peaks {
  outbox: number;
  messages: number;
  packet: number;
  frame: number;
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
  readonly peaks: Peaks = { outbox: 0, messages: 0, packet: 0, frame: 0 };
  /** Connections tried. */
  attempts = 0;
  private retry: number | undefined;
  private dead = false;
  private socket: Socket | undefined;
  private channel: WebSocketClient | undefined;

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
        return (this.socket = connectSocket(options, this.guard(sink)));
      },
    });
    this.client = new Client(
      runtime,
      (address, protocol, sink) => (this.channel = new WebSocketClient(runtime, address, protocol, sink)),
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

  /** Pulls the plug: nothing runs and nothing is sent any more. */
  kill(): void {
    this.dead = true;
    this.clock.advance = () => undefined;
    this.socket?.end(true);
  }

  /** Ends the client, and the connection without waiting for the server's Close. */
  end(): void {
    this.client.end();
    this.kill();
  }

  /** As a board would tell: in small chunks, and nothing after the end. */
  private guard(sink: SocketSink): SocketSink {
    const live = () => !this.dead;
    return {
      data: (bytes) => {
        for (let at = 0; at < bytes.length && live(); at += CHUNK) {
          sink.data(bytes.substring(at, at + CHUNK));
          this.measure();
        }
        this.pulse.beat();
      },
      drain: () => {
        if (live()) sink.drain();
        this.pulse.beat();
      },
      socketClosed: (error) => {
        if (live()) sink.socketClosed(error);
        this.pulse.beat();
      },
    };
  }

  private measure(): void {
    const inside = this.client as unknown as {
      _outbox: { bytes: number; length: number };
      _parser?: { _rest: string };
    };
    const peaks = this.peaks;
    peaks.outbox = Math.max(peaks.outbox, inside._outbox.bytes);
    peaks.messages = Math.max(peaks.messages, inside._outbox.length);
    peaks.packet = Math.max(peaks.packet, inside._parser?._rest.length ?? 0);
    peaks.frame = Math.max(peaks.frame, (this.channel as unknown as { _rest: string } | undefined)?._rest.length ?? 0);
  }
}
