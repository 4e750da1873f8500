/** The clouds drop what is over their rate of messages without a word: here it waits until there is room for it. */
import type { Bytes, Channel, ChannelSink, Runtime } from "../seams";

/** Milliseconds of a slot; slots that are counted together: a second and one more, since a slot may have begun early. */
const SLOT = 250;
const SLOTS = 5;
/** Messages a second, counted in those of QoS 0. */
const RATE = 30;

/**
 * Keeps count of the messages of one device, over all its connections. `qos1`: as how many of QoS 0 one of QoS 1 counts.
 * At most 30 such points lie in any second, so a message may be late by a second and a quarter.
 */
export class Pace {
  private _slots: number[] = [0];
  private _spent = 0;
  private _timing = false;
  private _sink: ChannelSink | undefined;
  private _onSlot: () => void;

  constructor(
    private _runtime: Runtime,
    private _qos1: number,
  ) {
    this._onSlot = () => this._next();
  }

  /** The channel that `open` makes, which takes no more than the rate: a sender that is told to wait is told when to go on. */
  open(sink: ChannelSink, make: (sink: ChannelSink) => Channel): Channel {
    this._sink = undefined;
    const channel = make({
      channelOpen: () => sink.channelOpen(),
      channelBytes: (bytes) => sink.channelBytes(bytes),
      channelDrain: () => {
        if (this._full()) this._sink = sink;
        else sink.channelDrain();
      },
      channelClose: (error) => {
        this._sink = undefined;
        sink.channelClose(error);
      },
    });
    return {
      send: (bytes) => {
        const ready = channel.send(bytes);
        this._count(bytes);
        if (!ready || !this._full()) return ready;
        this._sink = sink;
        return false;
      },
      close: (code) => {
        this._sink = undefined;
        channel.close(code);
      },
    };
  }

  /** True while two more might be too many: a client that has just connected sends one without asking. */
  private _full(): boolean {
    return this._spent > RATE - 2 * this._qos1;
  }

  private _count(packet: Bytes): void {
    const first = packet.charCodeAt(0);
    // PUBLISH, section 2.2.1; bit 1 is QoS 1.
    if (first >> 4 !== 3) return;
    const points = first & 2 ? this._qos1 : 1;
    this._slots[this._slots.length - 1] += points;
    this._spent += points;
    if (this._timing) return;
    this._timing = true;
    this._runtime.setTimeout(this._onSlot, SLOT);
  }

  private _next(): void {
    const sink = this._sink;
    if (this._slots.push(0) > SLOTS) this._spent -= this._slots.shift()!;
    this._timing = this._spent > 0;
    if (this._timing) this._runtime.setTimeout(this._onSlot, SLOT);
    if (sink && !this._full()) {
      this._sink = undefined;
      sink.channelDrain();
    }
  }
}
