import type { Socket } from "node:net";
import { Aedes } from "aedes";
import type { AuthenticateError, Client } from "aedes";
import type { IConnectPacket, Packet, QoS } from "mqtt-packet";
import type { WebSocket } from "ws";
import type { Journal } from "./events";
import type { Cut, Direction } from "./link";
import { Link } from "./link";
import type { Downlink, Registration } from "./registration";
import { checkRegistering, REGISTRATION_MS } from "./registration";
import type { Refusal, Rules, Violation } from "./rules";

/** One device's connection. */
interface Session {
  link: Link;
  client?: Client;
  secure: boolean;
  connect?: IConnectPacket;
  /** The ClientId as it was on the wire. */
  clientId?: string;
  identity?: string;
  refusal?: Refusal;
  registration?: Registration;
  connected: boolean;
  filters: Set<string>;
  /** Downlink messages that wait for the device's acknowledgement, by packet identifier. */
  unacknowledged: Map<number, { topic: string; qos: QoS; bytes: number }>;
}

export interface EngineOptions {
  rules: Rules;
  journal: Journal;
  /** The device's keepalive runs this much faster. */
  speed: number;
  /** Real milliseconds that a new link has for its CONNECT. */
  connectTimeout: number;
}

/** WebSocket status codes (RFC 6455, section 7.4.1). */
const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;

/** A topic that nobody may subscribe to. */
const DROPPED = "$dropped";

/** A broker that asks a platform's rules before it does anything, and says what it did. */
export class Engine {
  private readonly sessions = new Set<Session>();
  private readonly byClient = new WeakMap<Client, Session>();

  private constructor(
    private readonly broker: Aedes,
    private readonly options: EngineOptions,
  ) {
    broker.preConnect = (client, packet, done) => this.admit(this.of(client), packet, done);
    broker.authenticate = (client, _username, _password, done) => this.authenticate(this.of(client), done);
    broker.authorizePublish = (client, packet, done) => {
      const session = client && this.byClient.get(client);
      if (!session) return done();
      const { registration } = session;
      const violation = registration
        ? checkRegistering(packet.topic, registration.request)
        : options.rules.checkPublish(session.identity ?? "", packet);
      if (violation) {
        this.expel(session, violation, packet.topic);
        return;
      }
      const { topic, qos, dup, payload } = packet;
      const { clientId } = session;
      if (options.rules.messages?.take(session.identity ?? "", qos) === false) {
        const reason = "more messages in a second than the platform takes: dropped";
        options.journal.add({ event: "refused", clientId, topic, qos, code: "rate-exceeded", reason });
        // The broker has no way to drop a message and still acknowledge it: this goes to nobody.
        packet.topic = DROPPED;
        return done();
      }
      options.journal.add({ event: "published", clientId, topic, qos, dup: dup || undefined, bytes: payload.length });
      done();
      const answer = registration?.answer?.(packet);
      if (answer) this.tell(session, answer);
    };
    broker.authorizeSubscribe = (client, subscription, done) => {
      const session = this.of(client);
      const { topic, qos } = subscription;
      const held = session.filters.has(topic) ? session.filters.size - 1 : session.filters.size;
      const violation = session.registration
        ? checkRegistering(topic, session.registration.reply)
        : options.rules.checkSubscribe(session.identity ?? "", topic, qos, held);
      if (violation) {
        options.journal.add({ event: "refused", clientId: session.clientId, topic, qos, ...violation });
        done(null, null);
      } else {
        session.filters.add(topic);
        done(null, subscription);
      }
    };
    this.record();
  }

  static async create(options: EngineOptions): Promise<Engine> {
    const { connectTimeout } = options;
    // Client ids have a platform's own limits, also under MQTT 3.1.
    return new Engine(await Aedes.createBroker({ connectTimeout, maxClientsIdLength: Infinity }), options);
  }

  /** Takes a new WebSocket, the socket that carries it, and the TCP socket below. */
  accept(ws: WebSocket, socket: Socket, tcp: Socket, secure: boolean): void {
    const link = new Link(ws, socket, tcp, (direction, packet) => this.watch(session, direction, packet));
    const session: Session = { link, secure, connected: false, filters: new Set(), unacknowledged: new Map() };
    this.sessions.add(session);
    link.on("close", () => {
      this.sessions.delete(session);
      session.connected = false;
      this.options.journal.add({ event: "disconnected", clientId: session.clientId, ...link.cause });
    });
    session.client = this.broker.handle(link);
    this.byClient.set(session.client, session);
  }

  /** Who is connected: identities, or client ids where the server gave them. */
  connected(): string[] {
    return [...this.sessions].filter((session) => session.connected).map((session) => session.identity ?? "");
  }

  publish(topic: string, payload: string | Buffer, options: { qos?: QoS; retain?: boolean }): Promise<void> {
    const { qos = 0, retain = false } = options;
    return new Promise((resolve, reject) => {
      this.broker.publish({ cmd: "publish", topic, payload: Buffer.from(payload), qos, retain, dup: false }, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }

  /** Hears what devices publish; returns a function that stops it. */
  subscribe(filter: string, listener: (topic: string, payload: Buffer) => void): () => void {
    const deliver = (packet: { topic: string; payload: string | Buffer }, done: () => void) => {
      listener(packet.topic, Buffer.from(packet.payload));
      done();
    };
    this.broker.subscribe(filter, deliver, () => undefined);
    return () => this.broker.unsubscribe(filter, deliver, () => undefined);
  }

  cut(how: Cut): number {
    const sessions = [...this.sessions];
    for (const session of sessions) session.link.cut(how);
    return sessions.length;
  }

  close(): Promise<void> {
    for (const { link } of [...this.sessions]) {
      link.hangUp(GOING_AWAY, { code: "closed", reason: "the platform is closing" });
    }
    return new Promise((resolve) => this.broker.close(() => resolve()));
  }

  private of(client: Client): Session {
    const session = this.byClient.get(client);
    if (!session) throw new Error("a client that never came through accept()");
    return session;
  }

  /** Judges a CONNECT, and makes it the broker's: its session belongs to the device, whatever the client id says. */
  private admit(session: Session, packet: IConnectPacket, done: (error: null, success: boolean) => void): void {
    session.connect = { ...packet };
    session.clientId = packet.clientId;
    // Other protocol levels get their CONNACK 1 from the broker.
    if (packet.protocolVersion === 3 || packet.protocolVersion === 4) {
      const admission = this.options.rules.admit(packet, session.secure);
      if (admission.refusal) {
        session.refusal = admission.refusal;
      } else if (admission.identity !== undefined) {
        session.identity = admission.identity;
        session.registration = admission.registration;
        packet.clientId = admission.identity;
      }
      packet.keepalive = (packet.keepalive ?? 0) / this.options.speed;
    }
    done(null, true);
  }

  /** The place where the broker takes a return code for its CONNACK. */
  private authenticate(session: Session, done: (error: AuthenticateError | null, success: boolean) => void): void {
    const { refusal } = session;
    if (refusal) {
      session.link.blame(refusal.code, refusal.reason);
      done(Object.assign(new Error(refusal.reason), { returnCode: refusal.returnCode as number }), false);
      return;
    }
    for (const other of this.sessions) {
      if (other.connected && other.identity !== undefined && other.identity === session.identity) {
        const violation = { code: "taken-over", reason: "the same device connected again" };
        this.options.journal.add({ event: "kicked", clientId: other.clientId, ...violation });
        other.link.blame(violation.code, violation.reason);
      }
    }
    done(null, true);
  }

  /** Sends to one device, subscribed or not. */
  private tell(session: Session, { topic, payload, refused }: Downlink): void {
    const packet = { cmd: "publish" as const, topic, payload, qos: 1 as const, retain: false, dup: false };
    session.client?.publish(packet, () => undefined);
    const event = refused ? "refused" : "registered";
    this.options.journal.add({ event, clientId: session.clientId, topic, ...refused });
  }

  /** A connection that registers is told what it came for, and does not last. */
  private register(session: Session, { greeting }: Registration): void {
    if (greeting) setImmediate(() => this.tell(session, greeting));
    const violation = { code: "registration-over", reason: "a connection that registers lasts 15 s" };
    const timer = setTimeout(
      () => session.link.hangUp(POLICY_VIOLATION, violation),
      REGISTRATION_MS / this.options.speed,
    );
    session.link.on("close", () => clearTimeout(timer));
  }

  /** MQTT 3.1.1 has no negative PUBACK: a message that is not allowed ends the connection. */
  private expel(session: Session, violation: Violation, topic?: string): void {
    this.options.journal.add({ event: "refused", clientId: session.clientId, topic, ...violation });
    session.link.hangUp(POLICY_VIOLATION, violation);
  }

  /** What the broker has no hook for. */
  private watch(session: Session, direction: Direction, packet: Packet): void {
    const { clientId, unacknowledged } = session;
    const { journal, rules } = this.options;
    if (direction === "in") {
      if (packet.cmd === "subscribe" && packet.subscriptions.length > rules.maxFilters) {
        const reason = `${packet.subscriptions.length} filters in one SUBSCRIBE, at most ${rules.maxFilters}`;
        this.expel(session, { code: "too-many-filters", reason });
      } else if (packet.cmd === "puback" || packet.cmd === "pubcomp") {
        const message = unacknowledged.get(packet.messageId ?? 0);
        unacknowledged.delete(packet.messageId ?? 0);
        if (message) journal.add({ event: "delivered", clientId, ...message });
      } else if (packet.cmd === "disconnect") {
        session.link.blame("disconnect", "the device sent DISCONNECT");
      }
    } else if (packet.cmd === "connack") {
      this.answered(session, packet.returnCode ?? 0, packet.sessionPresent);
    } else if (packet.cmd === "publish") {
      const message = { topic: packet.topic, qos: packet.qos, bytes: packet.payload.length };
      if (packet.qos > 0) unacknowledged.set(packet.messageId ?? 0, message);
      journal.add({ event: "sent", clientId, ...message });
    }
  }

  /** Tells of a CONNACK while it leaves: before the device can act on it. */
  private answered(session: Session, returnCode: number, sessionPresent?: boolean): void {
    const { connect, clientId, refusal, link } = session;
    const { journal, rules } = this.options;
    const { username, protocolVersion, keepalive } = connect ?? {};
    const who = { clientId, username, protocolVersion, keepalive, returnCode };
    if (returnCode === 0) {
      session.connected = true;
      session.identity ??= session.client?.id;
      const password = rules.signed ? connect?.password?.toString() : undefined;
      journal.add({ event: "connect", ...who, password, sessionPresent });
      if (session.registration) this.register(session, session.registration);
      return;
    }
    const unsupported = { code: "protocol-version", reason: `protocol level ${protocolVersion}, must be 3 or 4` };
    const { code, reason } = refusal ?? unsupported;
    link.blame(code, reason);
    journal.add({ event: "refused", ...who, code, reason });
  }

  private record(): void {
    const { broker } = this;
    const { journal } = this.options;
    broker.on("subscribe", (subscriptions, client) => {
      const { clientId } = this.of(client);
      for (const { topic, qos } of subscriptions) {
        if ((qos as number) < 128) journal.add({ event: "subscribed", clientId, topic, qos });
      }
    });
    broker.on("unsubscribe", (filters, client) => {
      // The broker also unsubscribes whoever leaves.
      if (client.closed) return;
      const session = this.of(client);
      for (const topic of filters) {
        session.filters.delete(topic);
        journal.add({ event: "unsubscribed", clientId: session.clientId, topic });
      }
    });
    broker.on("ping", (_packet, client) => {
      journal.add({ event: "ping", clientId: this.of(client).clientId });
    });
    broker.on("keepaliveTimeout", (client) => {
      const { link, connect } = this.of(client);
      link.blame("keepalive-timeout", `silent for 1.5 × the keepalive of ${connect?.keepalive} s`);
    });
    const blame = (client: Client, error: Error) => {
      const late = error.message === "connect did not arrive in time";
      this.of(client).link.blame(late ? "connect-timeout" : "protocol-error", error.message);
    };
    broker.on("clientError", blame);
    broker.on("connectionError", blame);
  }
}
