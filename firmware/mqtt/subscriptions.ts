import type { Bytes, CodedError } from "../seams";
import { fail } from "../errors";
import type { Events } from "../events";
import { subscribePacket } from "./packets";

/** Called once: with an error, or with the granted QoS (no QoS after an unsubscribe). */
export type Subscribed = (error?: CodedError, qos?: number) => void;

/** Filters in one SUBSCRIBE, at most: Alibaba Cloud takes eight. */
const BATCH = 8;
/** `id` of a subscription that the server has granted. */
const GRANTED = -1;

const REFUSED = "SUBACK 0x80: no permission for this filter";

interface Entry {
  topic: Bytes;
  /** 0 or 1; -1 to unsubscribe. */
  qos: number;
  /** 0: still to be sent; above: the packet identifier it was sent with; `GRANTED`. */
  id: number;
  done?: Subscribed;
  /** A later wish took its place: only its answer is still to come. */
  gone: boolean;
}

/** What the client wants to be subscribed to, and how far each wish has come. */
export class Subscriptions {
  /** True while something still waits to be sent. */
  waiting = false;

  private _entries: Entry[] = [];

  /** `max`: filters at a time. `events` calls the callbacks, and is told of an error that has none. */
  constructor(
    private _max: number,
    private _events: Events,
  ) {}

  /**
   * Wishes to subscribe, or with `qos` -1 to unsubscribe; a later wish for the same filter takes the earlier one's place.
   * False when there are too many.
   */
  want(topic: Bytes, qos: number, done?: Subscribed): boolean {
    const entries = this._entries;
    let count = 0;
    let old: Entry | undefined;
    for (let i = 0; i < entries.length; i++) {
      if (!entries[i].gone) {
        count++;
        if (entries[i].topic === topic) old = entries[i];
      }
    }
    if (!old && count >= this._max) return false;
    let superseded;
    if (old) {
      if (old.id !== GRANTED) superseded = old.done;
      old.done = undefined;
      if (old.id > 0 && old.qos === qos) old.done = done;
      else if (old.id > 0) old.gone = true;
      else entries.splice(entries.indexOf(old), 1);
    }
    if (!old || !(old.id > 0) || old.gone) {
      entries.push({ topic: topic, qos: qos, id: 0, done: done, gone: false });
      this.waiting = true;
    }
    if (superseded) this._settle(superseded, fail("superseded", "a later call for this filter"));
    return true;
  }

  /** The next SUBSCRIBE or UNSUBSCRIBE to send with packet identifier `id`, or undefined. */
  next(id: number): Bytes | undefined {
    const batch: Entry[] = [];
    for (let i = 0; i < this._entries.length && batch.length < BATCH; i++) {
      const entry = this._entries[i];
      if (!entry.id && (!batch.length || entry.qos < 0 === batch[0].qos < 0)) {
        entry.id = id;
        batch.push(entry);
      }
    }
    this.waiting = this.holds(0);
    return batch.length ? subscribePacket(id, batch) : undefined;
  }

  /** True while an answer is awaited. */
  get pending(): boolean {
    for (let i = 0; i < this._entries.length; i++) if (this._entries[i].id > 0) return true;
    return false;
  }

  /** True while a packet with this identifier awaits its answer. */
  holds(id: number): boolean {
    for (let i = 0; i < this._entries.length; i++) if (this._entries[i].id === id) return true;
    return false;
  }

  /**
   * A SUBACK (`codes`: one byte for each filter, section 3.9.3) or UNSUBACK (no codes) came.
   * Returns false when it does not fit what was sent.
   */
  answered(id: number, codes: Bytes): boolean {
    const mine: Entry[] = [];
    const entries = this._entries;
    for (let i = 0; i < entries.length; i++) if (id && entries[i].id === id) mine.push(entries[i]);
    if (!mine.length) return !codes;
    if (codes.length !== (mine[0].qos < 0 ? 0 : mine.length)) return false;
    for (let i = 0; i < codes.length; i++) {
      const code = codes.charCodeAt(i);
      if (code > 2 && code !== 128) return false;
    }
    // The list first, the callbacks after: they may change it, or end the client.
    for (let i = 0; i < mine.length; i++) {
      mine[i].id = GRANTED;
      if (mine[i].qos < 0 || mine[i].gone || codes.charCodeAt(i) > 2) entries.splice(entries.indexOf(mine[i]), 1);
    }
    for (let i = 0; i < mine.length; i++) {
      const entry = mine[i];
      const done = entry.done;
      const code = codes.charCodeAt(i);
      entry.done = undefined;
      if (entry.gone) continue;
      if (code > 2) this._settle(done, fail("subscription-refused", REFUSED), code, entry.topic);
      else this._settle(done, undefined, entry.qos < 0 ? undefined : code, entry.topic);
    }
    return true;
  }

  /** The connection ended: what was not answered is sent again. */
  rewind(): void {
    this._restart(false);
  }

  /** The server has no session: everything is subscribed again, and nothing needs to be unsubscribed. */
  forget(): void {
    this._restart(true);
  }

  private _settle(done: Subscribed | undefined, error: CodedError | undefined, qos?: number, topic?: Bytes): void {
    if (error && !done) this._events.emit("error", error, topic);
    else this._events.call(done, error, qos);
  }

  private _restart(all: boolean): void {
    const entries = this._entries;
    const settled: Entry[] = [];
    for (let i = 0; i < entries.length;) {
      const entry = entries[i];
      if (all || entry.id > 0) entry.id = 0;
      if (entry.gone || (all && entry.qos < 0)) {
        entries.splice(i, 1);
        if (!entry.gone) settled.push(entry);
      } else i++;
    }
    this.waiting = this.holds(0);
    for (let i = 0; i < settled.length; i++) this._settle(settled[i].done, undefined);
  }
}
