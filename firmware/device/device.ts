import type { CodedError, Endpoint, Runtime } from "../seams";
import { fail } from "../errors";
import type { Handler, Tap } from "../events";
import { restart } from "../board/alone";
import { openTelnet, shutBluetooth, shutDoors } from "../board/doors";
import { freeVariables } from "../board/memory";
import { checksum, readFile } from "../board/storage";
import type { NetworkSink } from "../board/wifi";
import { joinNetwork } from "../board/wifi";
import { CLOCK, REGISTRATION } from "../features/enabled";
import { addFeatures, beginFeatures, handled, SESSION, startFeatures, tellFeatures } from "../features/index";
import { isRegistered, register } from "../features/registration";
import type { Additions } from "../features/session";
import { running } from "../features/session";
import type { PublishResult } from "../mqtt/client";
import { Client } from "../mqtt/client";
import type { PublishOptions } from "../mqtt/options";
import type { Parser } from "../mqtt/parser";
import type { Acknowledge } from "../mqtt/outbox";
import type { Subscribed } from "../mqtt/subscriptions";
import type { PlatformConfig } from "../platforms/endpoint";
import { makeEndpoint, platformOf } from "../platforms/endpoint";
import { openWebSocket } from "../websocket/client";
import type { Settings, TopicConfig } from "./config";
import { checkConfig } from "./config";
import type { Climber } from "./ladder";
import { startLadder } from "./ladder";
import { CONFIG, FAULTS } from "./records";
import type { Fields } from "./status";
import { say, toJson } from "./status";
import { countBoot, forgetBoots, tellFault } from "./survival";

/**
 * Seconds until the watchdog bites. A session that makes progress feeds it at least once a minute; the longest that an
 * ESP32 blocks is a connect: 21 s for a name (three servers, four questions each) and 39 s for the connection (13 SYNs).
 */
const WATCHDOG = 120;
/** Milliseconds for the end of a connection to leave. */
const FAREWELL = 1000;

/** The line of an error. */
function errorLine(error: CodedError, topic?: string): Fields {
  return { event: "error", code: error.code, topic: topic, reason: error.message };
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
    return {
      wifi: wifi && typeof wifi === "object" && typeof wifi.ssid === "string" ? wifi : undefined,
      telnet: json && json.telnet === true,
    };
  }
  return checkConfig(json, runtime, (code, field, reason) => {
    say({ event: "error", code: code, field: field, reason: field + " " + reason });
  });
}

/** The device: there is one. */
let present: Device | undefined;

function remember(device: Device): void {
  present = device;
}

function onUncaught(what: unknown): void {
  tellFault(!!present && present.status().online === true, what || "thrown: " + what);
}

function onPeriod(device: Device): void {
  device.tell();
}

function onOnline(device: Device): void {
  device.online();
}

function currentEndpoint(): Endpoint {
  return present!.endpoint();
}

/**
 * The application: configuration, then network, then session, then duties. What `device` is at the console. In safe mode
 * there is the network alone.
 */
export class Device implements Tap, NetworkSink, Climber {
  private _client: Client | undefined;
  private _telemetry: Settings["telemetry"];
  private _sequence = 0;
  /** Of device.json as it was at the start. */
  private _checksum = "";
  private _rtt: number | undefined;
  private _reconnects = -1;
  private _registrar: Client | undefined;
  /** In safe mode only: starts the board again, with its session. */
  start: (() => void) | undefined;
  /** Added by the features that this build has. */
  time: Additions["time"];
  report: Additions["report"];
  event: Additions["event"];
  shadow: Additions["shadow"];

  /** Reads the configuration and, where it is sound, starts; after three boots that did not last there is no session. */
  constructor(
    readonly runtime: Runtime,
    version: string,
  ) {
    const settled = shutDoors();
    if (settled) runtime.setTimeout(shutBluetooth, settled);
    say({ event: "boot", version: version, free: freeVariables() });
    remember(this);
    if (SESSION) addFeatures(this);
    const start = countBoot(runtime, onUncaught);
    const settings = readConfig(runtime, !!start);
    const platform = settings && settings.platform;
    // A person may be at work where there is no session: the watchdog then only minds that the interpreter runs.
    runtime.watchdog(WATCHDOG, !platform);
    if (start) this.start = start;
    else startLadder(this);
    if (!settings) return;
    if (REGISTRATION && platform && !isRegistered(platform, settings.limits!, runtime)) {
      // There is no session beside it, since TLS wants the memory of both: that begins with the board's next start.
      this._registrar = register(platform, settings.limits!, runtime, (registered) => this._registered(registered));
    } else if (platform) {
      const exposure = makeEndpoint(platform, runtime).exposure;
      if (exposure) say({ event: "warning", code: "tls-unverified", reason: exposure });
      this._telemetry = settings.telemetry;
      this._checksum = checksum(readFile(CONFIG)!);
      this._client = new Client(
        runtime,
        openWebSocket,
        { limits: settings.limits!, endpoint: currentEndpoint },
        settings.options!,
        this,
      );
      if (SESSION) startFeatures(this, this._client, platform, settings.limits!.own!, runtime);
      for (let i = 0; i < settings.subscribe!.length; i++) this._subscribe(settings.subscribe![i]);
    }
    // A connect may block for long: every door is shut before.
    runtime.setTimeout(() => {
      if (settings.telnet) openTelnet();
      joinNetwork(settings.wifi, runtime, this);
    }, settled);
  }

  /** What connects: the session, or the registration that comes before it. */
  session(): Client | undefined {
    return (REGISTRATION && this._registrar) || this._client;
  }

  /** The network is there. */
  networkUp(address?: string): void {
    const client = this.session();
    say({ event: "network", ip: address });
    // Later: a connect that fails at once while the program is still being run takes all memory for its stack trace.
    if (client) client.connect(true);
  }

  /** The network is not there. */
  networkDown(code: string, reason: string): void {
    const client = this.session();
    if (!client || !client.end(fail(code, reason))) say({ event: "error", code: code, reason: reason });
  }

  /** What is sent as telemetry: a flat object. Assign a function of your own to send readings. */
  telemetry(): Fields {
    return { free: freeVariables(), rtt: this._rtt, reconnects: this._reconnects };
  }

  /** As the client's `publish`; `not-configured` where device.json has a fault. */
  publish(topic: string, payload: string | Uint8Array, options?: PublishOptions, done?: Acknowledge): PublishResult {
    return this._client ? this._client.publish(topic, payload, options, done) : "not-configured";
  }

  /** As the client's `subscribe`. */
  subscribe(topic: string, options?: { qos?: number }, done?: Subscribed): void {
    if (this._client) this._client.subscribe(topic, options, done);
  }

  /** Listens to the client's `message`, `connect`, `close`, `ping` and `error`, and to what the features tell. */
  on(event: string, handler: Handler): void {
    if (SESSION && running && handled(running, event, handler)) return;
    if (this._client) this._client.on(event as "message", handler);
  }

  /** How it stands. `rtt` in ms, `queued` in messages, `free` in variables. */
  status(): Fields {
    const client = this._client;
    return {
      configured: !!client,
      online: !!client && client.connected,
      reconnects: Math.max(0, this._reconnects),
      rtt: this._rtt,
      queued: client && client.queued,
      dropped: client && client.dropped,
      free: freeVariables(),
    };
  }

  /** Turns the client's events into status lines. */
  told(event: string, a?: unknown, b?: unknown, c?: unknown): void {
    if (event === "connect") {
      say({ event: "online", session: a as boolean, ms: Math.round(b as number) });
      // On a stack of its own: an answer is read at the deepest. The client has not sent what waits before this returns.
      this.runtime.setTimeout(onOnline, 0, this);
    } else if (event === "ping") {
      this._rtt = Math.round(a as number);
      say({ event: "ping", rtt: this._rtt, free: freeVariables() });
    } else if (event === "stored") say({ event: "stored", messages: a as number, writes: b as number });
    else if (event === "message") {
      const packet = c as Parser;
      // The clock's messages are its own business.
      if (!CLOCK || !this.time || (a as string).substr(0, 9) !== "/ext/ntp/") {
        say({ event: "message", topic: a as string, qos: packet.qos, bytes: packet.payload.length });
      }
      // Topics of the clouds' services: /ext/, /sys/, /shadow/, /$system/.
      if (SESSION && running && "es$".indexOf((a as string).charAt(1)) >= 0) {
        // On a stack of its own as well: it may end in a handler that reports, which ends in a packet.
        const heard = { topic: a as string, payload: packet.payload, dup: packet.dup, at: this.runtime.now() };
        this.runtime.setTimeout(tellFeatures, 0, heard);
      }
    } else if (event === "close") {
      const error = a as CodedError;
      say({
        event: c ? "offline" : "error",
        code: error.code,
        reason: error.message,
        retry: b == null ? undefined : Math.ceil((b as number) / 1000),
      });
    } else say(errorLine(a as CodedError, b as string | undefined));
  }

  /** A connection stands: what was kept is reported, and the features begin. */
  online(): void {
    if (!this._client!.connected) return;
    if (readFile(FAULTS)) tellFault(true);
    // The first report goes out with the first connection, the next ones by their period, online or not.
    if (!++this._reconnects) this.tell();
    if (SESSION && running) beginFeatures(running);
  }

  /**
   * Where to connect and as whom. device.json is read again for each attempt, so that between them its secrets are not kept, where
   * the console would show it. Where it is another one by now, or what registration got is gone, the board starts again, for
   * subscriptions, queue and features are those of the device before. Throws `config-changed`, or `config-invalid` after
   * the faults.
   */
  endpoint(): Endpoint {
    const runtime = this.runtime;
    const text = readFile(CONFIG) || "";
    if (checksum(text) === this._checksum) {
      // As it was checked at the start.
      const json = JSON.parse(text);
      const platform: PlatformConfig = { name: json.platform, config: json[json.platform] || {}, url: json.url };
      if (!REGISTRATION || isRegistered(platform, platformOf(platform, runtime).limits, runtime)) {
        return makeEndpoint(platform, runtime);
      }
    } else if (!readConfig(runtime, false)) throw fail("config-invalid", CONFIG + " was changed and is unsound");
    runtime.setTimeout(restart, 0);
    throw fail("config-changed", "the board starts again with what has changed");
  }

  private _registered(registered: boolean): void {
    this._registrar = undefined;
    if (registered) {
      this.runtime.setTimeout(restart, FAREWELL);
      forgetBoots();
      // Nothing feeds it any more, and a board that it restarts would ask again and again.
    } else this.runtime.watchdog(WATCHDOG, true);
  }

  private _subscribe(entry: TopicConfig): void {
    this._client!.subscribe(entry.topic, entry, (error, qos) => {
      const topic = entry.topic;
      // From a timer: the answer is read at the deepest of the stack.
      this.runtime.setTimeout(
        say,
        0,
        error ? errorLine(error, topic) : { event: "subscribed", topic: topic, qos: qos },
      );
    });
  }

  /** Publishes telemetry and sets the timer for the next time. */
  tell(): void {
    const telemetry = this._telemetry;
    if (!telemetry) return;
    this.runtime.setTimeout(onPeriod, (telemetry.period || 60) * 1000, this);
    let payload;
    try {
      const fields = this.telemetry();
      fields.seq = ++this._sequence;
      if (CLOCK && this.time) fields.time = this.time();
      payload = toJson(fields);
    } catch (e) {
      return say({ event: "error", code: "handler-threw", reason: "device.telemetry: " + e });
    }
    const since = this.runtime.now();
    this._client!.publish(telemetry.topic, payload, telemetry, (error) => {
      if (error) say(errorLine(error, telemetry.topic));
      else {
        say({
          event: "published",
          topic: telemetry.topic,
          qos: telemetry.qos || 0,
          bytes: payload.length,
          ms: Math.round(this.runtime.now() - since),
        });
      }
    });
  }
}
