import type { Limits, Runtime } from "../seams";
import { fail } from "../errors";
import type { Events } from "../events";
import type { CountdownSink } from "./countdown";
import { Countdown } from "./countdown";
import { Journal } from "./journal";
import type { Outbox } from "./outbox";
import { publishTopic } from "./packets";
import { topicFault } from "./topics";

/** Between two looks at what the journal should hold, in milliseconds: flash is written at most once in that time. */
const MINUTE = 60000;

/**
 * Keeps the QoS 1 messages of an outbox through power cuts: what has waited for more than a minute is in the journal, what
 * was acknowledged within its first minute never gets there. Emits `stored` (messages kept, writes since boot) after each
 * write, and an `error` with code `storage-failed` when one fails, which is tried again a minute later.
 */
export class Keeper {
  private _countdown: Countdown;

  /** Gives back to the outbox what the journal holds, but for topics that this platform would not take from this device. */
  constructor(
    runtime: Runtime,
    private _journal: Journal,
    private _outbox: Outbox,
    limits: Limits,
    private _events: Events,
    sink: CountdownSink,
  ) {
    const packets = _journal.load();
    this._countdown = new Countdown(runtime, sink);
    for (let i = 0; i < packets.length;) {
      if (topicFault(publishTopic(packets[i]), false, limits)) packets.splice(i, 1);
      else i++;
    }
    _outbox.restore(packets);
    if (packets.length) this.touch();
  }

  /** A QoS 1 message has joined the outbox. */
  touch(): void {
    if (!this._countdown.running) this._countdown.start(MINUTE);
  }

  /** A minute is over: the journal gets what it should hold. */
  keep(): void {
    const packets = this._outbox.aged();
    if (packets) {
      try {
        this._journal.save(packets);
        this._events.emit("stored", packets.length, this._journal.writes);
      } catch (e) {
        this._outbox.stale = true;
        this._events.emit("error", fail("storage-failed", "cannot keep messages: " + (e as Error).message));
      }
    }
    if (this._outbox.keeping) this.touch();
  }
}

/** A keeper for an outbox, where the runtime has a store and `name` is not empty. */
export function keep(
  runtime: Runtime,
  name: string | undefined,
  outbox: Outbox,
  limits: Limits,
  events: Events,
  sink: CountdownSink,
): Keeper | undefined {
  return name && runtime.store
    ? new Keeper(runtime, new Journal(runtime.store, name), outbox, limits, events, sink)
    : undefined;
}
