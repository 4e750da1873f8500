import type { Bytes, CodedError } from "../seams";
import { fail } from "../errors";
import { subscribePacket } from "./packets";

/** Called once: with an error, or with the granted QoS (no QoS after an unsubscribe). */
export type Subscribed = (error?: CodedError, qos?: number) => void;

/** Filters in one SUBSCRIBE, at most: Alibaba Cloud takes eight. */
const BATCH = 8;
/** `id` of a subscription that the server has granted. */
const GRANTED = -1;

interface Entry {
  topic: Bytes;
  /** 0 or 1; -1 to unsubscribe. */
  qos: number;
  /** 0: still to be sent; above: the packet identifier it was sent with; `GRANTED`. */
  id: number;
  done?: Subscribed;
}

/** What the client wants to be subscribed to, and how far each wish has come. */
export class Subscriptions {
  private _entries: Entry[] = [];

  /** `settle` calls a callback safely, and reports an error that has no callback. */
  constructor(
    private _max: number,
    private _settle: (done: Subscribed | undefined, error: CodedError | undefined, qos?: number, topic?: Bytes) => void,
  ) {}

  /** Wishes to subscribe, or with `qos` -1 to unsubscribe; a later wish for the same filter takes the earlier one's place. */
  want(topic: Bytes, qos: number, done?: Subscribed): boolean {
    const entries = this._entries;
    for (let i = 0; i < entries.length; i++) {
      if (entries[i].topic === topic) {
        const old = entries.splice(i, 1)[0];
        if (old.id !== GRANTED) this._settle(old.done, fail("superseded", "a later call for this filter"));
        break;
      }
    }
    if (entries.length >= this._max) return false;
    entries.push({ topic: topic, qos: qos, id: 0, done: done });
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
    return batch.length ? subscribePacket(id, batch) : undefined;
  }

  /** True while something still waits to be sent. */
  get waiting(): boolean {
    return this.holds(0);
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
    let at = 0;
    for (let i = 0; i < this._entries.length;) {
      const entry = this._entries[i];
      if (entry.id !== id) {
        i++;
        continue;
      }
      let error;
      let code = codes.charCodeAt(at++);
      if (entry.qos < 0) {
        if (codes) return false;
        code = 128;
      } else if (at > codes.length || (code > 2 && code !== 128)) return false;
      else if (code > 127) error = fail("subscription-refused", "SUBACK 0x80: no permission for this filter");
      if (code > 127) this._entries.splice(i, 1);
      else {
        entry.id = GRANTED;
        i++;
      }
      const done = entry.done;
      entry.done = undefined;
      this._settle(done, error, entry.qos < 0 ? undefined : code, entry.topic);
    }
    return at >= codes.length;
  }

  /** The connection ended: what was not answered is sent again. */
  rewind(): void {
    for (let i = 0; i < this._entries.length; i++) if (this._entries[i].id > 0) this._entries[i].id = 0;
  }

  /** The server has no session: everything is subscribed again, and nothing needs to be unsubscribed. */
  forget(): void {
    for (let i = 0; i < this._entries.length;) {
      const entry = this._entries[i];
      entry.id = 0;
      if (entry.qos < 0) {
        this._entries.splice(i, 1);
        this._settle(entry.done, undefined);
      } else i++;
    }
  }
}
