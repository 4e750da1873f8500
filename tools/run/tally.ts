/** Adds up what a board told: connected time, reconnects, pings, messages, memory. */
import type { StatusLine } from "../status-line";

/** Round trips in milliseconds. */
export interface RoundTrips {
  minimum: number;
  median: number;
  maximum: number;
}

export interface Summary {
  /** Seconds of real time, from power on to the end. */
  seconds: number;
  /** Seconds of those that the board was connected. */
  connected: number;
  reconnects: number;
  pings: number;
  roundTrips?: RoundTrips;
  messages: { out: number; in: number };
  /** Free variables: at the first PINGRESP, at the last, and the least of all. */
  free?: { first: number; last: number; least: number };
}

export class Tally {
  private online: number | undefined;
  private connected = 0;
  private connects = 0;
  private readonly rtts: number[] = [];
  private readonly free: number[] = [];
  private readonly messages = { out: 0, in: 0 };

  /** `rttScale`: what a round trip the board tells is multiplied with to make it real time. */
  constructor(private readonly rttScale: number) {}

  /** One status line, `now` in milliseconds of real time. */
  add(status: StatusLine, now: number): void {
    if (status.event === "online") {
      this.online = now;
      this.connects++;
    } else if (status.event === "offline") this.settle(now);
    else if (status.event === "published") this.messages.out++;
    else if (status.event === "message") this.messages.in++;
    else if (status.event === "ping") {
      this.rtts.push(Number(status.rtt) * this.rttScale);
      this.free.push(Number(status.free));
    }
  }

  summary(seconds: number, now: number): Summary {
    this.settle(now);
    const rtts = [...this.rtts].sort((a, b) => a - b);
    const round = (ms: number) => Math.round(ms * 10) / 10;
    return {
      seconds: round(seconds),
      connected: round(this.connected / 1000),
      reconnects: Math.max(0, this.connects - 1),
      pings: rtts.length,
      roundTrips: rtts.length
        ? {
            minimum: round(rtts[0]),
            median: round(rtts[rtts.length >> 1]),
            maximum: round(rtts[rtts.length - 1]),
          }
        : undefined,
      messages: this.messages,
      free: this.free.length
        ? { first: this.free[0], last: this.free[this.free.length - 1], least: Math.min(...this.free) }
        : undefined,
    };
  }

  private settle(now: number): void {
    if (this.online !== undefined) this.connected += now - this.online;
    this.online = undefined;
  }
}

export function describeSummary(summary: Summary): string {
  const { roundTrips, free, messages } = summary;
  return [
    `connected    ${summary.connected} s of ${summary.seconds} s`,
    `reconnects   ${summary.reconnects}`,
    `pings        ${summary.pings}` +
      (roundTrips
        ? `, round trip ${roundTrips.minimum} / ${roundTrips.median} / ${roundTrips.maximum} ms (minimum / median / maximum)`
        : ""),
    `messages     ${messages.out} out, ${messages.in} in`,
    `memory       ${free ? `${free.last} variables free (${free.first} at the first ping, least ${free.least})` : "not told"}`,
  ].join("\n");
}
