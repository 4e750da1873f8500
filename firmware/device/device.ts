import type { CodedError, Runtime } from "../seams";
import { fail } from "../errors";
import { restart } from "../board/alone";
import { freeVariables } from "../board/memory";
import { readFile, writeFile } from "../board/storage";
import { joinNetwork } from "../board/wifi";
import { CLOCK, LIMITS, REGISTRATION } from "../features/enabled";
import { startFeatures } from "../features/index";
import { Pace } from "../features/limits";
import { isRegistered, register } from "../features/registration";
import type { Additions } from "../features/session";
import type { PublishResult } from "../mqtt/client";
import { Client } from "../mqtt/client";
import type { Acknowledge } from "../mqtt/outbox";
import type { Subscribed } from "../mqtt/subscriptions";
import { makeEndpoint } from "../platforms/endpoint";
import { WebSocketClient } from "../websocket/client";
import type { Settings, TopicConfig } from "./config";
import { checkConfig } from "./config";
import { BOOTS, CONFIG, FAULTS } from "./records";
import type { Fields } from "./status";
import { say, toJson } from "./status";
import { countBoot, tellFault } from "./survival";

/** A boot that has lasted so many milliseconds was a good one. */
const MINUTE = 60000;
/**
 * Seconds until the watchdog bites. A session that makes progress feeds it at least once a minute; the longest that an
 * ESP32 blocks is a connect: 21 s for a name (three servers, four questions each) and 39 s for the connection (13 SYNs).
 */
const WATCHDOG = 120;
/** Milliseconds for the end of a connection to leave. */
const FAREWELL = 1000;

/** Prints the line of an error. */
function sayError(error: CodedError, topic?: string): void {
  say({ event: "error", code: error.code, topic: topic, reason: error.message });
}

/** Reads device.json and tells its faults in status lines; in safe mode it only looks for a Wi-Fi. */
function readConfig(runtime: Runtime, safe: boolean): Partial<Settings> | undefined {
  const text = readFile(CONFIG);
  let json;
  try {
    json = text && JSON.parse(text);
  } catch {
    say({ event: "error", code: "config-invalid", field: CONFIG, reason: "is not JSON" });
    return;
  }
  if (safe) {
    const wifi = json && json.wifi;
    return { wifi: wifi && typeof wifi === "object" && typeof wifi.ssid === "string" ? wifi : undefined };
  }
  return checkConfig(json, runtime, (code, field, reason) => {
    say({ event: "error", code: code, field: field, reason: field + " " + reason });
  });
}

/**
 * The application: configuration, then network, then session, then duties. What `device` is at the console. In safe mode
 * there is the network alone.
 */
export class Device {
  private _client: Client | undefined;
  private _telemetry: Settings["telemetry"];
  private _sequence = 0;
  private _rtt: number | undefined;
  private _reconnects = -1;
  private _onPeriod: () => void;
  /** In safe mode only: starts the board again, with its session. */
  start: (() => void) | undefined;
  /** The cloud's clock, where there is one: milliseconds since 1970, undefined while it is not known. */
  time: Additions["time"];
  /** The thing model's, where there is one. */
  report: Additions["report"];
  event: Additions["event"];
  /** The device's shadow, where there is one. */
  shadow: Additions["shadow"];

  /** Reads the configuration and, where it is sound, starts; after three boots that did not last there is no session. */
  constructor(
    private _runtime: Runtime,
    version: string,
  ) {
    this._onPeriod = () => this._report();
    say({ event: "boot", version: version, free: freeVariables() });
    const start = countBoot(_runtime, (what) =>
      tellFault(!!this._client && this._client.connected, what || "thrown: " + what),
    );
    // Secrets stay in this scope: the console prints what a property holds, but not what a function remembers.
    const settings = readConfig(_runtime, !!start);
    const platform = settings && settings.platform;
    let warned = false;
    // A person may be at work where there is no session: the watchdog then only minds that the interpreter runs.
    if (_runtime.watchdog) _runtime.watchdog(WATCHDOG, !platform);
    if (start) this.start = start;
    else _runtime.setTimeout(() => writeFile(BOOTS, ""), MINUTE);
    if (!settings) return;
    let registrar: Client | undefined;
    if (REGISTRATION && platform && !isRegistered(platform, _runtime)) {
      // There is no session beside it, since TLS wants the memory of both: that begins with the board's next start.
      registrar = register(platform, _runtime, (registered) => {
        registrar = undefined;
        if (registered) {
          writeFile(BOOTS, "");
          _runtime.setTimeout(restart, FAREWELL);
        } else if (_runtime.watchdog) {
          // Nothing feeds it any more, and a board that it restarts would ask again and again.
          _runtime.watchdog(WATCHDOG, true);
        }
      });
    } else if (platform) {
      this._telemetry = settings.telemetry;
      const pace =
        LIMITS && platform.name !== "broker" ? new Pace(_runtime, platform.name === "aliyun" ? 3 : 1) : undefined;
      this._client = new Client(
        _runtime,
        (url, subprotocol, sink) =>
          LIMITS && pace
            ? pace.open(sink, (inner) => new WebSocketClient(_runtime, url, subprotocol, inner))
            : new WebSocketClient(_runtime, url, subprotocol, sink),
        {
          limits: platform.limits,
          endpoint: () => {
            const endpoint = makeEndpoint(platform, _runtime);
            if (!warned && endpoint.exposure)
              say({ event: "warning", code: "tls-unverified", reason: endpoint.exposure });
            warned = true;
            return endpoint;
          },
        },
        settings.options!,
      );
      this._watch(this._client);
      startFeatures({ device: this, client: this._client, platform: platform, runtime: _runtime });
      for (let i = 0; i < settings.subscribe!.length; i++) this._subscribe(settings.subscribe![i]);
    }
    joinNetwork(settings.wifi, _runtime.feed, (address, code, reason) => {
      const client = REGISTRATION && registrar ? registrar : this._client;
      if (!code) {
        say({ event: "network", ip: address });
        // Later: a connect that fails at once while the program is still being run takes all memory for its stack trace.
        if (client) client.connect(true);
      } else if (!client || !client.end(fail(code, reason!))) say({ event: "error", code: code, reason: reason });
    });
  }

  /** What is sent as telemetry: a flat object. Assign a function of your own to send readings. */
  telemetry(): Fields {
    return { free: freeVariables(), rtt: this._rtt, reconnects: this._reconnects };
  }

  /** As the client's `publish`; `not-configured` where device.json has a fault. */
  publish(
    topic: string,
    payload: string | Uint8Array,
    options?: { qos?: number; retain?: boolean },
    done?: Acknowledge,
  ): PublishResult {
    return this._client ? this._client.publish(topic, payload, options, done) : "not-configured";
  }

  /** As the client's `subscribe`. */
  subscribe(topic: string, options?: { qos?: number }, done?: Subscribed): void {
    if (this._client) this._client.subscribe(topic, options, done);
  }

  /** Listens to the client's `message`, `connect`, `close`, `ping` and `error`. */
  on(event: "message", handler: (topic: string, payload: string) => void): void {
    if (this._client) this._client.on(event, handler);
  }

  /** How it stands. `rtt` in ms, `queued` in messages, `free` in variables. */
  status(): Fields {
    const client = this._client;
    return {
      configured: !!client,
      online: !!client && client.connected,
      reconnects: this._reconnects,
      rtt: this._rtt,
      queued: client && client.queued,
      dropped: client && client.dropped,
      free: freeVariables(),
    };
  }

  /** Turns the client's events into status lines. */
  private _watch(client: Client): void {
    client.on("connect", (session, ms) => {
      say({ event: "online", session: session, ms: Math.round(ms) });
      if (readFile(FAULTS)) tellFault(true);
      // The first report goes out with the first connection, the next ones by their period, online or not.
      if (!++this._reconnects) this._report();
    });
    client.on("ping", (rtt) => {
      this._rtt = Math.round(rtt);
      say({ event: "ping", rtt: this._rtt, free: freeVariables() });
    });
    client.on("stored", (messages, writes) => say({ event: "stored", messages: messages, writes: writes }));
    client.on("message", (topic, _payload, packet) => {
      // The clock's own business.
      if (CLOCK && topic.substr(0, 9) === "/ext/ntp/") return;
      say({ event: "message", topic: topic, qos: packet.qos, bytes: packet.payload.length });
    });
    client.on("close", (error, retry, online) => {
      say({
        event: online ? "offline" : "error",
        code: error.code,
        reason: error.message,
        retry: retry == null ? undefined : Math.ceil(retry / 1000),
      });
    });
    client.on("error", sayError);
  }

  private _subscribe(entry: TopicConfig): void {
    this._client!.subscribe(entry.topic, entry, (error, qos) => {
      if (error) sayError(error, entry.topic);
      else say({ event: "subscribed", topic: entry.topic, qos: qos });
    });
  }

  /** Publishes telemetry and sets the timer for the next time. */
  private _report(): void {
    const telemetry = this._telemetry;
    if (!telemetry) return;
    this._runtime.setTimeout(this._onPeriod, (telemetry.period || 60) * 1000);
    let payload;
    try {
      const fields = this.telemetry();
      fields.seq = ++this._sequence;
      if (CLOCK && this.time) fields.time = this.time();
      payload = toJson(fields);
    } catch (e) {
      return say({ event: "error", code: "handler-threw", reason: "device.telemetry: " + e });
    }
    const since = this._runtime.now();
    this._client!.publish(telemetry.topic, payload, telemetry, (error) => {
      if (error) sayError(error, telemetry.topic);
      else {
        say({
          event: "published",
          topic: telemetry.topic,
          qos: telemetry.qos || 0,
          bytes: payload.length,
          ms: Math.round(this._runtime.now() - since),
        });
      }
    });
  }
}
