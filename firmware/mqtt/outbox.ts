import type { Bytes, CodedError } from "../seams";
import { fail } from "../errors";
import type { Events } from "../events";
import { duplicate, publishId } from "./packets";

/** Called once with what became of a message: nothing when it was acknowledged (QoS 1) or handed over (QoS 0). */
export type Acknowledge = (error?: CodedError) => void;

/** A message that is held. */
export interface Entry {
  packet: Bytes;
  /** Packet identifier; 0 for QoS 0. */
  id: number;
  done?: Acknowledge;
  /** True between sending and PUBACK in this connection. */
  flying: boolean;
  /** 0: younger than a minute; 1: older; 2: kept in the journal. */
  age: number;
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
  /** The journal is behind: a message it holds has been acknowledged, or it could not be written. */
  stale = false;

  private _entries: Entry[] = [];
  private _flying = 0;
  private _giving = false;

  /** Caps: bytes held, messages held, QoS 1 messages unacknowledged at a time. `events` calls the callbacks. */
  constructor(
    private _maxBytes: number,
    private _maxMessages: number,
    private _window: number,
    private _events: Events,
  ) {}

  /** Messages held. */
  get length(): number {
    return this._entries.length;
  }

  /** Messages that await their PUBACK. */
  get flying(): number {
    return this._flying;
  }

  /** True while a message waits to be sent. */
  get waiting(): boolean {
    return this._entries.length > this._flying;
  }

  /**
   * Keeps a message at the end of the queue; false when it is full. The callbacks of what gave way run when it is done,
   * and cannot displace anything in their turn.
   */
  add(packet: Bytes, id: number, done?: Acknowledge): boolean {
    const entries = this._entries;
    let bytes = this.bytes + packet.length;
    let count = entries.length;
    let give = 0;
    for (let i = 0; i < entries.length && (bytes > this._maxBytes || count >= this._maxMessages); i++) {
      if (!entries[i].id) {
        bytes -= entries[i].packet.length;
        count--;
        give++;
      }
    }
    if (bytes > this._maxBytes || count >= this._maxMessages || (give && this._giving)) return false;
    entries.push({ packet: packet, id: id, done: done, flying: false, age: 0 });
    this.bytes += packet.length;
    this.dropped += give;
    const error = give ? fail("queue-full", "a newer message took its place") : undefined;
    for (; give; give--) {
      this._giving = true;
      this._events.call(this._remove(this._find(0)).done, error);
      this._giving = false;
    }
    return true;
  }

  /** True where a packet is not longer than all that may be held. */
  fits(packet: Bytes): boolean {
    return packet.length <= this._maxBytes;
  }

  /** True while a QoS 1 message with this packet identifier is held. */
  holds(id: number): boolean {
    return this._find(id) >= 0;
  }

  /** The next message to send now, or undefined. It counts as sent: QoS 0 is let go, QoS 1 awaits its PUBACK. */
  next(): Entry | undefined {
    const entry = this._entries[this._flying];
    if (!entry) return;
    if (!entry.id) return this._remove(this._flying);
    if (this._flying >= this._window) return;
    entry.flying = true;
    this._flying++;
    return entry;
  }

  /** A PUBACK came: lets the message go. False when none with this identifier is under way (MQTT-4.3.2). */
  acknowledge(id: number): boolean {
    const at = this._find(id);
    if (at < 0 || !this._entries[at].flying) return false;
    const entry = this._remove(at);
    if (entry.age > 1) this.stale = true;
    if (entry.done) this._events.call(entry.done);
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

  /**
   * Takes back what a journal kept, each packet with the identifier it had and as a duplicate: nobody knows whether it was
   * sent before the power went (MQTT-3.3.1-1).
   */
  restore(packets: Bytes[]): void {
    for (let i = 0; i < packets.length; i++) {
      const id = publishId(packets[i]);
      if (id && !this.holds(id)) {
        this._entries.push({ packet: duplicate(packets[i]), id: id, flying: false, age: 2 });
        this.bytes += packets[i].length;
      }
    }
  }

  /** True while there is something a journal may have to be told. */
  get keeping(): boolean {
    if (this.stale) return true;
    for (let i = 0; i < this._entries.length; i++) if (this._entries[i].id) return true;
    return false;
  }

  /**
   * To be called once a minute: the QoS 1 messages that were here the last time already, where that is another list than
   * the one kept before, else undefined. A message acknowledged within its first minute is never in it.
   */
  aged(): Bytes[] | undefined {
    const packets: Bytes[] = [];
    let changed = this.stale;
    for (let i = 0; i < this._entries.length; i++) {
      const entry = this._entries[i];
      if (!entry.id) continue;
      if (entry.age) {
        if (entry.age < 2) changed = true;
        entry.age = 2;
        packets.push(entry.packet);
      } else entry.age = 1;
    }
    this.stale = false;
    return changed ? packets : undefined;
  }

  private _find(id: number): number {
    const entries = this._entries;
    for (let i = 0; i < entries.length; i++) if (entries[i].id === id) return i;
    return -1;
  }

  private _remove(at: number): Entry {
    const entry = this._entries.splice(at, 1)[0];
    this.bytes -= entry.packet.length;
    if (entry.flying) this._flying--;
    return entry;
  }
}
