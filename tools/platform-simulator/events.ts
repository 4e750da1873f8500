/** What the platform simulator tells about itself: one event for everything a device does and everything it is refused. */

export type PlatformEventName =
  | "listening"
  | "websocket"
  | "connect"
  | "refused"
  | "kicked"
  | "registered"
  | "reported"
  | "answered"
  | "unanswered"
  | "subscribed"
  | "unsubscribed"
  | "published"
  | "sent"
  | "delivered"
  | "ping"
  | "cut"
  | "disconnected"
  | "closed";

export interface PlatformEvent {
  event: PlatformEventName;
  /** Short kebab-case name of what went wrong or why it ended. */
  code?: string;
  /** The same for people, with the values that matter. Never a device secret. */
  reason?: string;
  url?: string;
  /** The MQTT ClientId as it was on the wire. */
  clientId?: string;
  username?: string;
  /** The signature, where the password is one (aliyun); never a secret. */
  password?: string;
  protocolVersion?: number;
  /** Seconds, as the device asked for. */
  keepalive?: number;
  /** CONNACK return code: 0–5. */
  returnCode?: number;
  sessionPresent?: boolean;
  /** Topic name or filter. */
  topic?: string;
  qos?: number;
  /** Sent again. */
  dup?: boolean;
  /** Payload length. */
  bytes?: number;
}

/** Events kept for whoever asks later; older ones are forgotten. */
const KEPT = 1000;

/** Records events in order, and tells listeners as they happen. */
export class Journal {
  readonly events: PlatformEvent[] = [];
  private readonly listeners = new Set<(event: PlatformEvent) => void>();

  add(event: PlatformEvent): void {
    if (this.events.length === KEPT) this.events.shift();
    this.events.push(event);
    for (const listener of [...this.listeners]) listener(event);
  }

  /** Returns a function that stops listening. */
  on(listener: (event: PlatformEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The first event, past or future, that passes the test. */
  when(test: (event: PlatformEvent) => boolean): Promise<PlatformEvent> {
    const past = this.events.find(test);
    return past ? Promise.resolve(past) : this.next(test);
  }

  /** The first event from now on that passes the test. */
  next(test: (event: PlatformEvent) => boolean): Promise<PlatformEvent> {
    return new Promise((resolve) => {
      const stop = this.on((event) => {
        if (!test(event)) return;
        stop();
        resolve(event);
      });
    });
  }
}

/** One line for people: the event's name, what it is about, and the reason. */
export function describeEvent(event: PlatformEvent): string {
  const parts = [event.event.padEnd(12)];
  if (event.url) parts.push(event.url);
  if (event.topic !== undefined) parts.push(event.topic);
  if (event.qos !== undefined) parts.push(`QoS ${event.qos}`);
  if (event.dup) parts.push("DUP");
  if (event.bytes !== undefined) parts.push(`${event.bytes} bytes`);
  if (event.clientId !== undefined) parts.push(`client ${JSON.stringify(event.clientId)}`);
  if (event.username !== undefined) parts.push(`user ${JSON.stringify(event.username)}`);
  if (event.password !== undefined) parts.push(`signature ${event.password}`);
  if (event.protocolVersion !== undefined) parts.push(`level ${event.protocolVersion}`);
  if (event.keepalive !== undefined) parts.push(`keepalive ${event.keepalive} s`);
  if (event.returnCode !== undefined) parts.push(`CONNACK ${event.returnCode}`);
  if (event.sessionPresent) parts.push("session present");
  if (event.code) parts.push(`${event.code}:`);
  if (event.reason) parts.push(event.reason);
  return parts.join(" ").trimEnd();
}
