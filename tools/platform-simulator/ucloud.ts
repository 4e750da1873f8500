import type { IConnectPacket } from "mqtt-packet";
import { MessageRate } from "./message-rate";
import { ucloudRegistration } from "./registration";
import type { Admission, Rules } from "./rules";
import { checkCloudFilter, checkCloudPublish, checkSession, isUnder, MESSAGE_BYTES, refusal } from "./rules";

export interface UcloudDevice {
  productSN: string;
  deviceSN: string;
  deviceSecret: string;
  /** With it the product has dynamic registration, and the device may ask for its secret until it has used it. */
  productSecret?: string;
}

/** UCloud UIoT-Core: devices registered statically or dynamically, the secret as the password, own topics. */
export function ucloudRules(devices: readonly UcloudDevice[], now: () => number, withheld = false): Rules {
  /** Devices that have connected with their own secret. */
  const active = new Set<string>();

  function prefixes(identity: string): string[] {
    const own = identity.replace(".", "/");
    return [`/${own}`, `/$system/${own}`];
  }

  return {
    signed: false,
    maxFilters: Infinity,
    messages: new MessageRate(30, now),
    admit(connect: IConnectPacket): Admission {
      const [productSN, deviceSN, mode, ...rest] = (connect.username ?? "").split("|");
      if (!productSN || !deviceSN || mode === undefined || rest.length > 0) {
        return refusal(4, "bad-username", "the user name must be productSN|deviceSN|1 or …|2");
      }
      if (mode !== "1" && mode !== "2") {
        return refusal(4, "bad-authmode", `authmode ${mode}, must be 1 (static registration) or 2 (dynamic)`);
      }
      const device = devices.find((candidate) => candidate.productSN === productSN && candidate.deviceSN === deviceSN);
      if (!device) return refusal(5, "unknown-device", `there is no device ${deviceSN} in product ${productSN}`);
      const identity = `${productSN}.${deviceSN}`;
      if (connect.clientId !== identity) return refusal(2, "bad-client-id", `the client id must be ${identity}`);
      const refused = checkSession(connect);
      if (refused) return refused;
      if (mode === "2") {
        if (device.productSecret === undefined) {
          return refusal(5, "registration-off", `product ${productSN} has no dynamic registration`);
        }
        if (connect.password?.toString() !== device.productSecret) {
          return refusal(4, "bad-product-secret", "the password is not this product's secret");
        }
        const registration = ucloudRegistration(device, active.has(identity), withheld);
        return { identity: `register:${identity}`, registration };
      }
      if (connect.password?.toString() !== device.deviceSecret) {
        return refusal(4, "bad-password", "the password is not this device's secret");
      }
      active.add(identity);
      return { identity };
    },
    checkPublish(identity, packet) {
      const bytes = packet.length ?? packet.payload.length;
      if (bytes > MESSAGE_BYTES) {
        return { code: "message-too-big", reason: `the packet has ${bytes} bytes, at most ${MESSAGE_BYTES}` };
      }
      return checkCloudPublish(packet, isUnder(packet.topic, prefixes(identity)));
    },
    checkSubscribe(identity, filter, qos, held) {
      return checkCloudFilter(filter, qos, held, isUnder(filter, prefixes(identity)));
    },
  };
}
