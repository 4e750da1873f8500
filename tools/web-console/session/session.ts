/** One connection as the page shows it: the firmware's client, with everything that passes written down. */
import type { Settings } from "../../../firmware/device/config";
import { Client } from "../../../firmware/mqtt/client";
import { makeEndpoint } from "../../../firmware/platforms/endpoint";
import type { Bytes, CodedError, Runtime } from "../../../firmware/seams";
import type { PlatformName } from "../../advice/advice";
import type { MessageKey } from "../messages/messages";
import { Ring } from "./ring";
import type { OpenBrowserChannel } from "./channel";
import type { PacketRecord } from "./tap";
import { Tap } from "./tap";

export type State = "idle" | "connecting" | "online" | "waiting";

export interface LogEntry {
  id: number;
  /** Milliseconds since 1970. */
  at: number;
  kind: "state" | "out" | "in" | "fault";
  /** What is shown, in the reader's language, with these values in it. */
  key: MessageKey;
  values: Record<string, string | number>;
}

export interface Message {
  id: number;
  at: number;
  topic: string;
  payload: Bytes;
  qos: number;
  retain: boolean;
}

/** Why something failed: what to check stands in tools/advice. */
export interface Failure {
  code: string;
  reason: string;
  platform: PlatformName;
  at: number;
}

export interface Subscription {
  topic: string;
  qos: number;
  /** Granted QoS once the server has answered. */
  granted?: number;
}

/** Bytes of the longest packet that is kept whole: what the clouds allow, and its header. */
const PACKET_BYTES = 300_000;
const QUEUE_BYTES = 1_000_000;
/** Bytes of messages, and as many of packets, that are kept to be shown. */
const KEPT_BYTES = 10_000_000;

export class Session {
  state: State = "idle";
  failure: Failure | undefined;
  /** When the next attempt is due, in the runtime's milliseconds. */
  retryAt = 0;
  readonly log = new Ring<LogEntry>(2000);
  readonly messages = new Ring<Message>(500, ({ payload }) => payload.length, KEPT_BYTES);
  readonly packets = new Ring<PacketRecord>(1000, ({ bytes }) => bytes.length, KEPT_BYTES);
  subscriptions: Subscription[] = [];
  /** Seconds, of the present connection. */
  keepalive = 0;
  /** Round trip of the latest ping in milliseconds. */
  rtt: number | undefined;
  private client: Client | undefined;
  private platform: PlatformName = "broker";
  private lastId = 0;
  private readonly tap: Tap;

  /** `changed` is called after everything that is worth showing. */
  constructor(
    readonly runtime: Runtime,
    open: OpenBrowserChannel,
    private readonly changed: () => void,
  ) {
    this.tap = new Tap(open, runtime, {
      opening: (url) => {
        this.state = "connecting";
        this.note("state", "log.connecting", { url });
      },
      packet: (packet) => this.packets.add(packet),
      changed,
    });
  }

  /** Connects anew with checked settings; a connection that is there ends first. */
  connect(settings: Settings): void {
    this.end();
    this.platform = settings.platform.name;
    this.failure = undefined;
    this.subscriptions = [];
    this.rtt = undefined;
    this.keepalive = settings.options.keepalive ?? 300;
    this.tap.level = settings.options.protocolVersion ?? 4;
    const platform = {
      limits: settings.limits,
      endpoint: () => makeEndpoint(settings.platform, this.runtime),
    };
    const caps = { maximumPacketSize: PACKET_BYTES, queueBytes: QUEUE_BYTES, outgoingStore: "" };
    const client = new Client(this.runtime, this.tap.open, platform, { ...settings.options, ...caps });
    this.client = client;
    // A client that was replaced has nothing more to say.
    const own = (fn: () => void) => {
      if (this.client !== client) return;
      fn();
      this.changed();
    };
    client
      .on("connect", (session, ms) => own(() => this.online(session, ms)))
      .on("close", (error, retry) => own(() => this.closed(error, retry)))
      .on("ping", (rtt) => own(() => this.pinged(rtt)))
      .on("error", (error, topic) => own(() => this.failed(error, topic)))
      .on("message", (topic, _text, { payload, qos, retain }) =>
        own(() => {
          this.messages.add({ id: ++this.lastId, at: Date.now(), topic, payload, qos, retain });
          this.note("in", "log.message", { topic, qos, bytes: payload.length });
        }),
      );
    client.connect();
    this.changed();
  }

  /** Disconnects for good. */
  end(): void {
    const client = this.client;
    // Before an answer can come: an attempt that waits tells nothing when it is given up.
    if (client && !client.end() && this.state !== "idle") this.note("state", "log.ended", {});
    this.client = undefined;
    this.state = "idle";
    this.tap.stop();
    this.changed();
  }

  /** Returns the firmware's answer: `sent`, `queued`, or the code of a refusal. */
  publish(topic: string, payload: string | Uint8Array, qos: number, retain: boolean): string {
    if (!this.client) return "ended";
    const result = this.client.publish(topic, payload, { qos, retain }, (error) => {
      if (error) this.failed(error, topic);
      else this.note("out", qos ? "log.acknowledged" : "log.sent", { topic, qos });
      this.changed();
    });
    this.changed();
    return result;
  }

  subscribe(topic: string, qos: number): void {
    const others = () => this.subscriptions.filter((subscription) => subscription.topic !== topic);
    this.subscriptions = [...others(), { topic, qos }];
    this.client?.subscribe(topic, { qos }, (error, granted) => {
      this.subscriptions = error ? others() : [...others(), { topic, qos, granted }];
      if (error) this.failed(error, topic);
      else this.note("out", "log.subscribed", { topic, qos: granted ?? qos });
      this.changed();
    });
    this.changed();
  }

  unsubscribe(topic: string): void {
    this.subscriptions = this.subscriptions.filter((subscription) => subscription.topic !== topic);
    this.client?.unsubscribe(topic, (error) => {
      if (error) this.failed(error, topic);
      else this.note("out", "log.unsubscribed", { topic });
      this.changed();
    });
    this.changed();
  }

  /**
   * Milliseconds until a packet is due to leave by the firmware's keepalive (half the interval after either side was last
   * heard), and until the server may give up (one and a half intervals, MQTT-3.1.2-24). Undefined while offline or without keepalive.
   */
  countdown(): { due: number; limit: number; interval: number } | undefined {
    const { lastIn, lastOut } = this.tap;
    if (this.state !== "online" || this.keepalive === 0) return undefined;
    const interval = this.keepalive * 1000;
    const now = this.runtime.now();
    return {
      due: Math.max(0, Math.min(lastIn, lastOut) + interval / 2 - now),
      limit: Math.max(0, lastOut + interval * 1.5 - now),
      interval,
    };
  }

  private online(session: boolean, ms: number): void {
    this.state = "online";
    this.failure = undefined;
    this.note("state", session ? "log.online-session" : "log.online", { ms: Math.round(ms) });
  }

  private pinged(rtt: number): void {
    this.rtt = Math.round(rtt);
    this.note("state", "log.ping", { rtt: this.rtt });
  }

  private closed(error: CodedError, retry: number | undefined): void {
    this.tap.stop();
    if (error.code === "ended") {
      this.note("state", "log.ended", {});
      return;
    }
    this.state = retry === undefined ? "idle" : "waiting";
    this.retryAt = this.runtime.now() + (retry ?? 0);
    this.failed(error);
  }

  private failed({ code, message }: CodedError, topic?: string): void {
    this.failure = { code, reason: message, platform: this.platform, at: Date.now() };
    if (topic === undefined) this.note("fault", "log.fault", { code, reason: message });
    else this.note("fault", "log.topic-fault", { code, reason: message, topic });
  }

  private note(kind: LogEntry["kind"], key: MessageKey, values: LogEntry["values"]): void {
    this.log.add({ id: ++this.lastId, at: Date.now(), kind, key, values });
  }
}
