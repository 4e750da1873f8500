import type { PlatformConfig } from "../../firmware/platforms/endpoint";

/** The return codes of CONNACK (MQTT 3.1.1, table 3.1) in the standard's words. */
const CODES: readonly string[] = [
  "accepted",
  "unacceptable protocol version",
  "identifier rejected",
  "server unavailable",
  "bad user name or password",
  "not authorized",
];

/** What each of them mostly means there, and what to look at. */
const HINTS: Record<PlatformConfig["name"], readonly string[]> = {
  aliyun: [
    "the credentials are right; a second connection with them puts this one off",
    "use MQTT 3.1.1, or 3.1 (mqtt.protocolVersion 4 or 3)",
    "a parameter between the bars of the ClientId is missing or wrong",
    "also a keepalive outside 30 to 1200 s, or a ClientId over 64 characters; otherwise try again later",
    "the signature is wrong: device secret, sign method, or a field that was changed after signing",
    "product key, device name and secret do not belong together, the device is disabled, or the region is another",
  ],
  ucloud: [
    "the credentials are right; a second connection with them puts this one off",
    "use MQTT 3.1 (mqtt.protocolVersion 3) where 3.1.1 is refused",
    "the ClientId is not productSN.deviceSN",
    "also a keepalive outside 30 to 1200 s; otherwise try again later",
    "the device secret is wrong, or the UserName is not productSN|deviceSN|1",
    "product and device do not belong together, or the device is disabled",
  ],
  broker: [
    "the credentials are right",
    "the broker speaks another version: try mqtt.protocolVersion 3",
    "the broker does not take this client id, or none that is empty",
    "the broker is overloaded or shutting down: try again later",
    "the broker does not know this user, or the password is another",
    "the broker knows the user and does not let it connect",
  ],
};

/** Each code with its name and what to look at. */
export function describeConnack(platform: PlatformConfig["name"]): [code: number, meaning: string][] {
  return CODES.map((name, code) => [code, `${name}: ${HINTS[platform][code]}`]);
}
