import { say } from "../device/status";
import type { Session } from "./session";

/** Milliseconds: an answer that took longer says too little; so often is asked at most; so long an answer is good. */
const LATE = 10000;
const MINUTE = 60000;
const DAY = 86400000;

/**
 * Alibaba Cloud's time service: asked with each connection, and when `device.time()` is read half a day after the last
 * answer. What comes is an offset to the board's own clock, which is never set: that would disturb every timer. An
 * answer is forgotten after a day, or when the board's clock is seen to have gone back.
 */
export function clock(session: Session): void {
  const client = session.client;
  const now = session.runtime.now;
  if (session.platform.name !== "aliyun") return;
  const topic = "/ext/ntp" + session.platform.limits.own;
  let sent = 0;
  let offset: number | undefined;
  let at = 0;

  const ask = () => {
    sent = Math.floor(now());
    client.publish(topic + "/request", '{"deviceSendTime":"' + sent + '"}');
  };
  session.device.time = () => {
    const time = now();
    const age = time - at;
    if (age < 0 || age > DAY) offset = undefined;
    if ((offset == null || age > DAY / 2) && client.connected && Math.abs(time - sent) > MINUTE) ask();
    return offset == null ? undefined : Math.floor(time + offset);
  };
  client.subscribe(topic + "/response");
  client.on("connect", ask);
  client.on("message", (name, payload) => {
    if (name !== topic + "/response") return;
    const received = now();
    let answer;
    let middle;
    try {
      answer = JSON.parse(payload);
      // Half-way between the server's two moments, and half-way between ours, it was the same time.
      middle = (+answer.serverRecvTime + +answer.serverSendTime) / 2;
    } catch {
      // Told below.
    }
    if (!(middle! > 0)) {
      return say({ event: "error", code: "clock-invalid", topic: name, reason: "the answer holds no time" });
    }
    // An answer to somebody else's question, or to one that waited in a queue.
    if (+answer.deviceSendTime !== sent || Math.abs(received - sent) > LATE) return;
    offset = middle! - (sent + received) / 2;
    at = received;
  });
}
