/**
 * Alibaba Cloud's time service: asked with each connection, and when `device.time()` is read half a day after the last
 * answer. What comes is an offset to the board's own clock, which is never set: that would disturb every timer. An
 * answer is forgotten after a day, or when the board's clock is seen to have gone back.
 */
import { say } from "../device/status";
import type { Heard, Session } from "./session";
import { running } from "./session";

/** Milliseconds: an answer that took longer says too little; so often is asked at most; so long an answer is good. */
const LATE = 2000;
const MINUTE = 60000;
const DAY = 86400000;

function topicOf(session: Session): string {
  return "/ext/ntp" + session.own;
}

/** The clock's state. */
export interface Clock {
  /** When the latest question left, by the board's clock. */
  sent: number;
  /** Milliseconds from the board's clock to the cloud's. */
  offset: number | undefined;
  /** When that was told. */
  at: number;
}

/** Asks for the time, where the question leaves at once: one that waits in a queue would be about another moment. */
export function askTime(session: Session, clock: Clock): void {
  const now = Math.floor(session.runtime.now());
  const result = session.client.publish(topicOf(session) + "/request", '{"deviceSendTime":"' + now + '"}', {
    now: true,
  });
  if (result === "sent") clock.sent = now;
}

function timeOf(session: Session, clock: Clock): number | undefined {
  const time = session.runtime.now();
  const age = time - clock.at;
  if (age < 0 || age > DAY) clock.offset = undefined;
  const stale = clock.offset == null || age > DAY / 2;
  if (stale && session.client.connected && Math.abs(time - clock.sent) > MINUTE) askTime(session, clock);
  return clock.offset == null ? undefined : Math.floor(time + clock.offset);
}

/** `device.time`. */
function time(): number | undefined {
  return timeOf(running!, running!.clock!);
}

/** Gives `device` its `time`. */
export function startClock(session: Session): void {
  session.clock = { sent: 0, offset: undefined, at: 0 };
  session.device.time = time;
  session.client.subscribe(topicOf(session) + "/response");
}

/** A message came: perhaps the answer. */
export function tellTime(session: Session, clock: Clock, heard: Heard): void {
  const topic = heard.topic;
  if (topic !== topicOf(session) + "/response") return;
  const received = heard.at;
  let answer;
  let middle;
  try {
    answer = JSON.parse(heard.payload);
    // Half-way between the server's two moments, and half-way between ours, it was the same time.
    middle = (+answer.serverRecvTime + +answer.serverSendTime) / 2;
  } catch {
    // Told below.
  }
  if (!(middle! > 0)) {
    return say({ event: "error", code: "clock-invalid", topic: topic, reason: "the answer holds no time" });
  }
  // An answer to somebody else's question, or to one that waited in a queue.
  if (+answer.deviceSendTime !== clock.sent || Math.abs(received - clock.sent) > LATE) return;
  clock.offset = middle! - (clock.sent + received) / 2;
  clock.at = received;
}
