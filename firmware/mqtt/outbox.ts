import type { Bytes, CodedError } from "../seams";
import { fail } from "../errors";
import { duplicate } from "./packets";

/** Called once with what became of a message: nothing when it was acknowledged (QoS 1) or handed over (QoS 0). */
export type Acknowledge = (error?: CodedError) => void;

interface Entry {
  packet: Bytes;
  /** Packet identifier; 0 for QoS 0. */
  id: number;
  done?: Acknowledge;
  /** True between sending and PUBACK in this connection. */
  flying: boolean;
}

/**
 * Messages that wait to be sent or acknowledged, in order, under caps. QoS 1 stays until its PUBACK; QoS 0 gives way,
 * oldest first, when room is short.
 */
export class Outbox {
  /** QoS 0 messages that gave way. */
  dropped = 0;
  /** Bytes held. */
  bytes = 0;

  private _entries: Entry[] = [];
  private _flying = 0;

  /** Caps: bytes held, messages held, QoS 1 messages unacknowledged at a time. `settle` calls a callback safely. */
  constructor(
    private _maxBytes: number,
    private _maxMessages: number,
    private _window: number,
    private _settle: (done: Acknowledge | undefined, error?: CodedError) => void,
  ) {}

  /** Messages held. */
  get length(): number {
    return this._entries.length;
  }

  /** True while a message waits to be sent. */
  get waiting(): boolean {
    return this._entries.length > this._flying;
  }

  /** Keeps a message at the end of the queue; false when it is full. */
  add(packet: Bytes, id: number, done?: Acknowledge): boolean {
    const entries = this._entries;
    if (packet.length > this._maxBytes) return false;
    for (let i = 0; this.bytes + packet.length > this._maxBytes || entries.length >= this._maxMessages;) {
      if (i >= entries.length) return false;
      if (entries[i].id) i++;
      else {
        this.dropped++;
        this._remove(i, fail("queue-full", "a newer message took its place"));
      }
    }
    this.bytes += packet.length;
    entries.push({ packet: packet, id: id, done: done, flying: false });
    return true;
  }

  /** True while a QoS 1 message with this packet identifier is held. */
  holds(id: number): boolean {
    return this._find(id) >= 0;
  }

  /** The next packet to send now, or undefined. It counts as sent: QoS 0 is let go, QoS 1 awaits its PUBACK. */
  next(): Bytes | undefined {
    const entries = this._entries;
    const entry = entries[this._flying];
    if (!entry) return;
    if (!entry.id) return this._remove(this._flying);
    if (this._flying >= this._window) return;
    const packet = entry.packet;
    entry.flying = true;
    this._flying++;
    return packet;
  }

  /** A PUBACK came: lets the message go. False when none with this identifier is under way (MQTT-4.3.2). */
  acknowledge(id: number): boolean {
    const at = this._find(id);
    if (at < 0 || !this._entries[at].flying) return false;
    this._remove(at);
    return true;
  }

  /** The connection ended: what was not acknowledged will be sent again, first and in order, as a duplicate (MQTT-4.4.0-1). */
  rewind(): void {
    for (let i = 0; i < this._flying; i++) {
      const entry = this._entries[i];
      entry.flying = false;
      entry.packet = duplicate(entry.packet);
    }
    this._flying = 0;
  }

  private _find(id: number): number {
    const entries = this._entries;
    for (let i = 0; i < entries.length; i++) if (entries[i].id === id) return i;
    return -1;
  }

  private _remove(at: number, error?: CodedError): Bytes {
    const entry = this._entries[at];
    this._entries.splice(at, 1);
    this.bytes -= entry.packet.length;
    if (entry.flying) this._flying--;
    this._settle(entry.done, error);
    return entry.packet;
  }
}
