/** The clouds drop what is over their rate of messages without a word: here it waits until there is room for it. */
import type { Bytes, ChannelSink, Limits, Runtime } from "../seams";

/** Milliseconds of a slot; slots that are counted together: a second and one more, since a slot may have begun early. */
const SLOT = 250;
const SLOTS = 5;
/** Points for a message that cannot wait. */
const RESERVE = 1;

function onSlot(pace: Pace): void {
  pace.next();
}

/**
 * Keeps count of the messages of one device, over all its connections. At most `rate[0]` points lie in any second, so
 * a message may be late by a second and a quarter.
 */
export class Pace {
  private _slots: number[] = [0];
  private _spent = 0;
  private _timing = false;
  /** Whether the sender was told to wait, and is to be told when to go on. */
  private _owed = false;

  constructor(
    private _runtime: Runtime,
    private _rate: NonNullable<Limits["rate"]>,
    private _sink: ChannelSink,
  ) {}

  /** Counts a packet that has been sent; `ready` is what the channel said. False when the sender should wait. */
  count(packet: Bytes, ready: boolean): boolean {
    const first = packet.charCodeAt(0);
    // PUBLISH, section 2.2.1; bit 1 is QoS 1.
    if (first >> 4 === 3) {
      const points = first & 2 ? this._rate[1] : 1;
      this._slots[this._slots.length - 1] += points;
      this._spent += points;
      this._arm();
    }
    // Where the channel has to drain, that is when to ask again.
    this._owed = false;
    return ready && !this.full();
  }

  /** True when the next message, of whichever QoS, would be too many: then `channelDrain` tells when it no longer is. */
  full(): boolean {
    return (this._owed = this._spent > this._rate[0] - this._rate[1] - RESERVE);
  }

  /** True where the rate alone holds the sender back, and there is room for one message that cannot wait. */
  spare(): boolean {
    return this._owed && this._spent < this._rate[0];
  }

  private _arm(): void {
    if (this._timing) return;
    this._timing = true;
    this._runtime.setTimeout(onSlot, SLOT, this);
  }

  /** A slot has passed. */
  next(): void {
    if (this._slots.push(0) > SLOTS) this._spent -= this._slots.shift()!;
    this._timing = false;
    if (this._spent > 0) this._arm();
    if (this._owed && !this.full()) this._sink.channelDrain();
  }
}
