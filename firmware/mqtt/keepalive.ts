import type { Runtime } from "../seams";

/** Milliseconds that the server may owe an acknowledgement: with its answers to pings alone nothing would move. */
const PATIENCE = 60000;

/** Told by a keepalive what to do. */
export interface KeepaliveSink {
  /** Send a PINGREQ now. */
  ping(): void;
  /** The server has not answered in time: the link is dead (`ping-timeout`), or it owes an acknowledgement (`ack-timeout`). */
  dead(code: string): void;
}

function onTick(keepalive: Keepalive): void {
  keepalive.count();
}

/**
 * Keeps a connection alive and notices when it is dead (MQTT 3.1.1, sections 3.1.2.10, 3.12, 3.13).
 *
 * Time is counted in ticks of a chained timer, at most 5 s and at most a sixteenth of the keepalive, so that a clock
 * that jumps or an interpreter that was blocked costs one early tick and neither a storm of pings nor a false alarm.
 * With keepalive K: a packet leaves at least every K / 2, also a PINGREQ when only the server has been silent for that
 * long, and a dead link is noticed within K / 2 + min(K / 4, 20 s) of the last packet received; a server that sends other
 * packets but no PINGRESP within a further K.
 */
export class Keepalive {
  /** Ticks since the client sent a packet; the client sets it to 0. */
  quiet = 0;
  /** Ticks since the server sent a packet; the client sets it to 0. */
  silent = 0;
  /** Ticks that the server has owed an acknowledgement, plus one; 0 when it owes none. The client keeps it. */
  owed = 0;
  /** Ticks since the connection began. */
  ticks = 0;
  /** Length of a tick in milliseconds. */
  tick = 0;

  private _timer: unknown;
  private _patience = 0;
  private _unanswered = 0;

  constructor(
    private _runtime: Runtime,
    private _sink: KeepaliveSink,
  ) {}

  /** Starts counting afresh. `seconds`: 1–65535; with 0 it only counts. */
  start(seconds: number): void {
    this.stop();
    this.tick = seconds ? Math.min(5000, seconds * 62.5) : 5000;
    this._patience = seconds ? (seconds * 500) / this.tick : Infinity;
    this.quiet = this.silent = this.ticks = this.owed = this._unanswered = 0;
    this._arm();
  }

  stop(): void {
    if (this._timer != null) this._runtime.clearTimeout(this._timer);
    this._timer = null;
  }

  /** A PINGRESP came; true when one was due. */
  answered(): boolean {
    const due = this._unanswered > 0;
    this._unanswered = 0;
    return due;
  }

  private _arm(): void {
    this._timer = this._runtime.setTimeout(onTick, this.tick, this);
  }

  /** One tick has passed. */
  count(): void {
    this._arm();
    this.ticks++;
    this.quiet++;
    this.silent++;
    if (this.owed && this.owed++ * this.tick > PATIENCE) this._sink.dead("ack-timeout");
    else if (this._unanswered) {
      // A backlog may keep the PINGRESP waiting: while anything comes, the answer has a whole keepalive's time.
      this._unanswered++;
      if (this._unanswered > (this.silent > 4 ? 4 : 2 * this._patience)) this._sink.dead("ping-timeout");
    } else if (this.quiet >= this._patience - 1 || this.silent >= this._patience - 1) {
      this._unanswered = 1;
      this._sink.ping();
    }
    // Last: a tick that throws is no progress.
    this._runtime.feed();
  }
}
