/** Dynamic registration, the platforms' side: a connection that is good for one thing, to be told a device's secret. */
import type { IPublishPacket } from "mqtt-packet";
import type { Violation } from "./rules";

export interface Downlink {
  topic: string;
  payload: string;
  /** Why it is no secret that is told. */
  refused?: Violation;
}

/** What a connection may do that a device made to register. */
export interface Registration {
  /** Sent down after CONNACK, without a SUBSCRIBE. */
  greeting?: Downlink;
  /** The one topic that it may publish to, and the one that it may subscribe to. */
  request?: string;
  reply?: string;
  /** What is sent down on a request. */
  answer?(packet: IPublishPacket): Downlink | undefined;
}

/** Milliseconds until the server ends such a connection. */
export const REGISTRATION_MS = 15_000;

/** The rule that is broken by anything but the one request and its reply. */
export function checkRegistering(topic: string, allowed: string | undefined): Violation | undefined {
  return topic === allowed
    ? undefined
    : { code: "registering", reason: `only ${allowed ?? "nothing"} may be sent to on a connection that registers` };
}

/** Alibaba Cloud tells without being asked. */
export function aliyunRegistration(
  device: { productKey: string; deviceName: string; deviceSecret: string },
  withheld: boolean,
): Registration {
  const { productKey, deviceName, deviceSecret } = device;
  const payload = JSON.stringify({ productKey, deviceName, deviceSecret });
  return withheld ? {} : { greeting: { topic: "/ext/register", payload } };
}

/** UCloud wants to be asked, and has a return code; which one an active device gets is not documented: here it is 1. */
export function ucloudRegistration(
  device: { productSN: string; deviceSN: string; deviceSecret: string },
  active: boolean,
  withheld: boolean,
): Registration {
  const request = `/$system/${device.productSN}/${device.deviceSN}/password`;
  const reply = `${request}_reply`;
  return {
    request,
    reply,
    answer({ payload }) {
      let id: unknown;
      try {
        id = (JSON.parse(payload.toString()) as { RequestID?: unknown }).RequestID;
      } catch {
        id = undefined;
      }
      if (withheld) return undefined;
      const answer =
        typeof id !== "string"
          ? { RetCode: 2, Message: "RequestID is missing" }
          : active
            ? { RetCode: 1, RequestID: id, Message: "the device is active already" }
            : { RetCode: 0, RequestID: id, Password: device.deviceSecret, Message: undefined };
      const refused = answer.Message
        ? { code: active ? "already-active" : "no-request-id", reason: answer.Message }
        : undefined;
      return { topic: reply, payload: JSON.stringify(answer), refused };
    },
  };
}
