/** Alibaba Cloud's time service: `/ext/ntp/${productKey}/${deviceName}/request` and `…/response`. */
import type { Engine } from "./engine";

/** Answers it. `time`: milliseconds since 1970. */
export function serveClock(engine: Engine, time: () => number): void {
  engine.subscribe("/ext/ntp/+/+/request", (topic, payload) => {
    const received = Math.floor(time());
    let deviceSendTime: unknown;
    try {
      deviceSendTime = (JSON.parse(payload.toString()) as { deviceSendTime?: unknown }).deviceSendTime;
    } catch {
      // The cloud does not answer what it cannot read.
    }
    if (deviceSendTime === undefined) return;
    const answer = { deviceSendTime, serverRecvTime: `${received}`, serverSendTime: `${Math.floor(time())}` };
    void engine.publish(topic.replace(/request$/, "response"), JSON.stringify(answer), {});
  });
}
