import type { Bytes, Channel, ChannelSink, CodedError, OpenChannel, Platform, Runtime } from "../seams";
import { coded, fail } from "../errors";
import { CLOCK, LIMITS, REGISTRATION, THING_MODEL } from "../features/enabled";
import { type Tap, Events } from "../events";
import { Backoff } from "./backoff";
import { type CountdownSink, Countdown } from "./countdown";
import { type Keeper, keep } from "./keeper";
import type { ClientEvents } from "./client-events";
import { connectRequest, patienceAfter, refusal } from "./connect";
import { type KeepaliveSink, Keepalive } from "./keepalive";
import { type ClientOptions, type PublishOptions, soundOptions } from "./options";
import { type Acknowledge, Outbox } from "./outbox";
import * as packets from "./packets";
import { Pace } from "./pace";
import { type PacketSink, malformed, Parser } from "./parser";
import { type Subscribed, Subscriptions } from "./subscriptions";
import { isAsBefore, messageFault, topicFault } from "./topics";

/** What became of a message: `sent`, `queued`, or the code it was refused with. */
export type PublishResult = string;

// States, in this order.
const IDLE = 0;
const WAITING = 1;
const OPENING = 2;
const CONNECTING = 3;
const ONLINE = 4;

/**
 * An MQTT client that stays connected: it reconnects with backoff, subscribes again and sends again what was not
 * acknowledged, until `end`.
 *
 * What it tells is in `ClientEvents`.
 */
export class Client implements ChannelSink, KeepaliveSink, CountdownSink, PacketSink {
  private _events: Events;
  private _keepalive: Keepalive;
  private _backoff: Backoff;
  private _outbox: Outbox;
  private _subscriptions: Subscriptions;
  private _state = IDLE;
  private _channel: Channel | undefined;
  private _parser: Parser | undefined;
  private _writable = false;
  /**
   * True while a handler or callback may be running: what it publishes is sent when it has returned, for the board's stack
   * is short and messages that follow each other would nest.
   */
  private _busy = false;
  /** True when it wanted to send meanwhile. */
  private _more = false;
  /** Until the next attempt, or for the present one to succeed. */
  private _countdown: Countdown;
  private _keeper: Keeper | undefined;
  private _pace: Pace | undefined;
  /** The latest topic that was published to: most often the next one too, and known to be sound. */
  private _sound: Bytes | undefined;
  private _lastId = 0;
  /** When the present attempt, or later the latest PINGREQ, began. */
  private _since = 0;
  /** Gives the CONNECT of this attempt. A function, since the console would print what a property holds. */
  private _request: (() => Bytes) | undefined;
  /** The least wait before the next attempt, in milliseconds: a link that is lost meanwhile does not shorten it. */
  private _patience = 0;
  /** In builds with registration: whether CONNECT has been sent since somebody made it false. */
  asked: boolean | undefined;

  /** Throws the first fault of `options` (see `checkOptions`). `tap` hears of each event before the handlers do. */
  constructor(
    private _runtime: Runtime,
    private _open: OpenChannel,
    private _platform: Platform,
    private _options: ClientOptions,
    tap?: Tap,
  ) {
    const o = soundOptions(_options, _platform.limits, _runtime);
    const events = (this._events = new Events(tap));
    this._keepalive = new Keepalive(_runtime, this);
    this._backoff = new Backoff(_runtime);
    this._outbox = new Outbox(o.queueBytes!, o.queueMessages!, o.receiveMaximum!, events);
    this._subscriptions = new Subscriptions(_platform.limits.subscriptions || 100, events);
    this._countdown = new Countdown(_runtime, this, true);
    this._keeper = keep(_runtime, o.outgoingStore, this._outbox, _platform.limits, events, this);
    if (LIMITS && _platform.limits.rate) this._pace = new Pace(_runtime, _platform.limits.rate, this);
  }

  /** True between CONNACK and the end of the connection. */
  get connected(): boolean {
    return this._state === ONLINE;
  }

  /** Messages that wait or are under way. */
  get queued(): number {
    return this._outbox.length;
  }

  /** QoS 0 messages that gave way to newer ones. */
  get dropped(): number {
    return this._outbox.dropped;
  }

  /** Calls `handler` at each `event` from now on. */
  on<E extends keyof ClientEvents>(event: E, handler: ClientEvents[E]): this {
    this._events.on(event, handler);
    return this;
  }

  /**
   * Starts to connect, and to stay connected; does nothing when that is under way. After an `end` it keeps to the rate of
   * attempts. With `later` the first attempt waits until the caller has returned.
   */
  connect(later?: boolean): void {
    if (this._state !== IDLE) return;
    const wait = this._backoff.first(this._patience);
    if (!wait && !later) return this._attempt();
    this._state = WAITING;
    this._countdown.start(wait);
  }

  /**
   * Disconnects for good; `connect` starts anew. What waits in the queue stays there. With an `error` the link is gone
   * already, and nothing is sent. Returns whether there was a connection or an attempt, whose `close` this was.
   */
  end(error?: CodedError): boolean {
    const state = this._state;
    if (state === ONLINE && !error) this._send(packets.DISCONNECT);
    this._state = IDLE;
    // Who ends it on purpose may have mended what was refused.
    if (!error) this._patience = 0;
    this._drop(error || fail("ended", "end was called"), error ? 0 : 1000, state);
    return state > WAITING;
  }

  /**
   * Sends a message, or keeps it until it can be sent. Returns `sent`, `queued`, or why it was refused: `topic-invalid`,
   * `topic-forbidden`, `retain-forbidden`, `qos-unsupported`, `not-a-byte-string`, `packet-too-large`, `queue-full`.
   * `done` is called once: acknowledged (QoS 1), handed over (QoS 0), or with the error.
   */
  publish(topic: string, payload: string | Uint8Array, options?: PublishOptions, done?: Acknowledge): PublishResult {
    const limits = this._platform.limits;
    const qos = (options && options.qos) || 0;
    const retain = !!(options && options.retain);
    const name = this._runtime.encode(topic);
    const bytes = this._runtime.encode(payload);
    const error = isAsBefore(name, this._sound, bytes, qos, retain, limits)
      ? undefined
      : messageFault(name, bytes, qos, retain, limits) || topicFault(name, false, limits);
    if (error) return this._refuse(done, error);
    this._sound = name;

    const outbox = this._outbox;
    const id = qos ? this._newId() : 0;
    const packet = packets.publishPacket(name!, bytes!, qos as packets.QoS, retain, id);
    const now = (CLOCK || THING_MODEL) && options && options.now;
    const spare = LIMITS && now && this._state === ONLINE && this._pace && this._pace.spare();
    if (!id && (this._writable || spare) && (now || (!this._busy && !outbox.waiting))) {
      this._send(packet);
      if (done) {
        this._busy = true;
        this._events.call(done);
        this._busy = false;
        this._pump();
      }
      return "sent";
    }
    if (now) return "not-now";
    if (!outbox.fits(packet)) return this._refuse(done, fail("packet-too-large", "over queueBytes"));
    if (!outbox.add(packet, id, done)) return this._refuse(done, fail("queue-full", "wait for acknowledgements"));
    if (id && this._keeper) this._keeper.touch();
    this._pump();
    return outbox.waiting ? "queued" : "sent";
  }

  /** Subscribes now and after every reconnect. `done` gets the granted QoS, or an error such as `subscription-refused`. */
  subscribe(topic: string, options?: { qos?: number }, done?: Subscribed): void {
    const qos = (options && options.qos) || 0;
    if (qos !== 0 && qos !== 1) this._refuse(done, fail("qos-unsupported", "use QoS 0 or 1"), topic);
    else this._want(topic, qos, done);
  }

  /** Unsubscribes; `done` is called when the server has confirmed it. */
  unsubscribe(topic: string, done?: Subscribed): void {
    this._want(topic, -1, done);
  }

  /** Keeps all QoS 1 messages that wait, young ones too: the board is about to restart. */
  keep(): void {
    // What the first look finds, the second one keeps.
    for (let i = 0; i < 2 && this._keeper; i++) this._keeper.keep();
  }

  /** While it holds, what is published waits; then it leaves. */
  hold(on: boolean): void {
    this._busy = on;
    if (!on) this._pump();
  }

  // What the channel tells.

  channelOpen(): void {
    this._state = CONNECTING;
    if (REGISTRATION) this.asked = true;
    this._send(this._request!());
    this._request = undefined;
  }

  channelBytes(bytes: Bytes): void {
    this._busy = true;
    const error = this._parser!.push(bytes);
    this._busy = false;
    if (error) this._drop(error, 1002);
  }

  channelDrain(): void {
    this._writable = this._state === ONLINE && !(LIMITS && this._pace && this._pace.full());
    this._pump();
  }

  channelClose(error?: CodedError): void {
    this._channel = undefined;
    this._drop(error || fail("socket-closed", "the connection was closed"), 0);
  }

  // What the keepalive tells.

  ping(): void {
    this._since = this._runtime.now();
    this._send(packets.PINGREQ);
  }

  dead(code: string): void {
    if (code === "ping-timeout") this._drop(fail(code, "no PINGRESP: the link is dead"), 0);
    else this._drop(fail(code, "no acknowledgement"), 1001);
  }

  private _attempt(): void {
    const options = soundOptions(this._options, this._platform.limits, this._runtime);
    this._state = OPENING;
    this._patience = 0;
    this._since = this._runtime.now();
    this._parser = new Parser(options.maximumPacketSize!, this);
    try {
      const endpoint = this._platform.endpoint();
      const request = connectRequest(options, endpoint, this._runtime);
      this._request = () => request;
      this._channel = this._open(endpoint.url, options.subprotocol!, this, this._runtime);
    } catch (e) {
      return this._drop(coded(e, "connect-failed"), 0);
    }
    // Set after the connect, which may have blocked for long.
    this._countdown.start(options.connectTimeout!);
  }

  // What a countdown tells.

  due(countdown: Countdown): void {
    if (countdown !== this._countdown) this._keeper!.keep();
    else if (this._state === WAITING) this._attempt();
    else this._drop(fail("connect-timeout", this._state === OPENING ? "no WebSocket handshake" : "no CONNACK"), 1000);
  }

  /** Ends the present connection or attempt, says so, and plans the next one unless the client was ended. */
  private _drop(error: CodedError, code: number, was?: number): void {
    const state = was == null ? this._state : was;
    const keepalive = this._keepalive;
    const channel = this._channel;
    this._countdown.stop();
    if (state < OPENING) return;
    this._patience = patienceAfter(error.code);
    this._channel = this._parser = this._request = undefined;
    this._writable = false;
    keepalive.stop();
    this._outbox.rewind();
    this._subscriptions.rewind();
    if (channel) channel.close(code);
    if (state === ONLINE) error = this._backoff.ended(keepalive.ticks * keepalive.tick, error);
    let retry;
    if (this._state > IDLE) {
      this._state = WAITING;
      retry = this._backoff.next(this._patience);
      this._countdown.start(retry);
    }
    this._events.emit("close", error, retry, state === ONLINE);
  }

  private _send(packet: Bytes): void {
    this._keepalive.quiet = 0;
    this._writable = this._channel!.send(packet) && this._state === ONLINE;
    if (LIMITS && this._pace) this._writable = this._pace.count(packet, this._writable);
  }

  /** Sends what waits, as far as the channel takes it. */
  private _pump(): void {
    if ((this._more = this._busy)) return;
    this._busy = true;
    while (this._writable) {
      const request = this._subscriptions.waiting && this._subscriptions.next(this._newId());
      if (request) this._send(request);
      else {
        const entry = this._outbox.waiting && this._outbox.next();
        if (!entry) break;
        this._send(entry.packet);
        if (!entry.id) {
          if (entry.done) this._events.call(entry.done);
          continue;
        }
      }
      if (!this._keepalive.owed) this._keepalive.owed = 1;
    }
    this._busy = false;
  }

  // What the parser tells.

  /** False when the connection that the packet came over is no more. */
  receive(packet: Parser): boolean {
    this._keepalive.silent = 0;
    if (this._state < ONLINE) this._connack(packet);
    else if (packet.type === packets.PUBLISH) this._message(packet);
    else if (packet.type === packets.PUBACK) {
      if (this._outbox.acknowledge(packet.messageId)) this._answered();
    } else this._answer(packet);
    if (this._more) {
      // What handlers published leaves between two packets, on a short stack again: all of a chunk's might not fit the queue.
      this.hold(false);
      this._busy = true;
    }
    return packet === this._parser;
  }

  /** Any packet but a message and its acknowledgement. */
  private _answer(packet: Parser): void {
    const type = packet.type;
    if (type === packets.PINGRESP) {
      if (this._keepalive.answered()) this._events.emit("ping", this._runtime.now() - this._since);
    } else if (type === packets.CONNACK) this._drop(malformed("a second CONNACK"), 1002);
    else if (!this._subscriptions.answered(packet.messageId, type === packets.SUBACK ? packet.payload : "")) {
      this._drop(malformed("a SUBACK does not fit its SUBSCRIBE"), 1002);
    } else this._answered();
  }

  private _connack(packet: Parser): void {
    if (packet.type !== packets.CONNACK) return this._drop(malformed("the first packet is not CONNACK"), 1002);
    const code = packet.returnCode;
    if (code) return this._drop(refusal(code), 1000);
    // A session is only believed in where one was asked for (MQTT-3.1.2-6), and 3.1 has no word for it.
    const options = soundOptions(this._options, this._platform.limits, this._runtime);
    const session = packet.sessionPresent && !options.clean && options.protocolVersion === 4;
    this._countdown.stop();
    this._state = ONLINE;
    this._writable = !(LIMITS && this._pace && this._pace.full());
    this._keepalive.start(options.keepalive!);
    if (!session) this._subscriptions.forget();
    if (packet !== this._parser) return;
    // All that the handlers publish waits until they have returned, and subscriptions go first, so that nothing is answered
    // before anybody listens.
    this._more = true;
    this._events.emit("connect", session, this._runtime.now() - this._since);
  }

  /** Hands a message to the handlers of `message`, then acknowledges it: also when one of them threw, or it would come for ever. */
  private _message(packet: Parser): void {
    const runtime = this._runtime;
    const id = packet.qos ? packet.messageId : 0;
    const topic = runtime.decode(packet.topic);
    if (packet.oversize) {
      this._events.emit("error", fail("message-too-large", packet.oversize + " bytes on " + topic), topic);
    } else this._events.emit("message", topic, runtime.decode(packet.payload), packet);
    if (id && packet === this._parser) this._send(packets.pubackPacket(id));
  }

  /** An acknowledgement came: the server's time for the next one begins, and there is room to send. */
  private _answered(): void {
    this._keepalive.owed = this._outbox.flying || this._subscriptions.pending ? 1 : 0;
    this._pump();
  }

  private _want(topic: string, qos: number, done?: Subscribed): void {
    const filter = this._runtime.encode(topic);
    const error = topicFault(filter, true, this._platform.limits);
    if (error) this._refuse(done, error, topic);
    else if (this._subscriptions.want(filter!, qos, done)) this._pump();
    else this._refuse(done, fail("queue-full", "too many subscriptions"), topic);
  }

  /** Tells an error to the callback; one of a subscription without callback is an event. */
  private _refuse(done: Acknowledge | undefined, error: CodedError, topic?: string): string {
    if (done) this._events.call(done, error);
    else if (topic != null) this._events.emit("error", error, topic);
    return error.code;
  }

  /** A packet identifier that nothing under way has (MQTT-2.3.1-2). */
  private _newId(): number {
    do this._lastId = (this._lastId % 65535) + 1;
    while (this._outbox.holds(this._lastId) || this._subscriptions.holds(this._lastId));
    return this._lastId;
  }
}
