import { createHmac } from "node:crypto";
import type { IConnectPacket } from "mqtt-packet";
import { ConnectRate } from "./connect-rate";
import { MessageRate } from "./message-rate";
import { aliyunRegistration } from "./registration";
import type { Admission, Refusal, Rules } from "./rules";
import { checkCloudFilter, checkCloudPublish, checkSession, isUnder, MESSAGE_BYTES, refusal } from "./rules";

export interface AliyunDevice {
  productKey: string;
  deviceName: string;
  deviceSecret: string;
  /** With it the product has dynamic registration, and the device may ask for its secret until it has used it. */
  productSecret?: string;
}

const CLIENT_ID_CHARACTERS = 64;
const CONNECTS_A_MINUTE = 5;

/** signmethod → node:crypto's name of the hash. */
const HASHES: Record<string, string | undefined> = { hmacsha1: "sha1", hmacsha256: "sha256", hmacmd5: "md5" };

interface ClientIdParts {
  clientId: string;
  parameters: Map<string, string>;
}

/** Takes `${clientId}|name=value,…|` apart; undefined without both bars. */
function parseClientId(wire: string): ClientIdParts | undefined {
  const parts = wire.split("|");
  if (parts.length !== 3 || parts[2] !== "") return undefined;
  const parameters = new Map<string, string>();
  for (const pair of parts[1].split(",")) {
    const equals = pair.indexOf("=");
    if (equals > 0) parameters.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
  return { clientId: parts[0], parameters };
}

/** The signed parameters as name and value, sorted by name, with nothing between. */
function signedContent(device: AliyunDevice, { clientId, parameters }: ClientIdParts): string {
  const signed: Record<string, string> = { productKey: device.productKey, deviceName: device.deviceName };
  if (clientId !== "") signed.clientId = clientId;
  const timestamp = parameters.get("timestamp");
  if (timestamp !== undefined) signed.timestamp = timestamp;
  return Object.keys(signed)
    .sort()
    .map((name) => name + signed[name])
    .join("");
}

/** Alibaba Cloud IoT Platform: signed credentials, own topics, five connection requests a minute. */
export function aliyunRules(devices: readonly AliyunDevice[], now: () => number, withheld = false): Rules {
  /** Devices that have connected with their own secret. */
  const active = new Set<string>();
  const rate = new ConnectRate(CONNECTS_A_MINUTE, now);

  function find(username: string): AliyunDevice | { refusal: Refusal } {
    const [deviceName, productKey, ...rest] = username.split("&");
    if (!deviceName || !productKey || rest.length > 0) {
      return refusal(4, "bad-username", "the user name must be deviceName&productKey");
    }
    const ofProduct = devices.filter((device) => device.productKey === productKey);
    if (ofProduct.length === 0) return refusal(5, "unknown-product", `there is no product ${productKey}`);
    const device = ofProduct.find((candidate) => candidate.deviceName === deviceName);
    return device ?? refusal(5, "unknown-device", `product ${productKey} has no device ${deviceName}`);
  }

  function checkParameters({ clientId, parameters }: ClientIdParts, secure: boolean): { refusal: Refusal } | undefined {
    if (clientId.length > CLIENT_ID_CHARACTERS) {
      const reason = `the client id has ${clientId.length} characters, at most ${CLIENT_ID_CHARACTERS}`;
      return refusal(3, "client-id-too-long", reason);
    }
    const mode = parameters.get("securemode");
    const wanted = secure ? "2" : "3";
    if (mode !== wanted) {
      const reason = `securemode is ${mode ?? "missing"}, must be ${wanted} over ${secure ? "wss" : "ws"}`;
      return refusal(2, "securemode-mismatch", reason);
    }
    const method = parameters.get("signmethod");
    if (method !== undefined && !HASHES[method]) {
      return refusal(2, "unknown-signmethod", `signmethod ${method}, must be one of ${Object.keys(HASHES).join(", ")}`);
    }
    return undefined;
  }

  function register(device: AliyunDevice, parts: ClientIdParts, password: string, secure: boolean): Admission {
    const { deviceName, productKey, productSecret } = device;
    const identity = `${deviceName}&${productKey}`;
    const random = parts.parameters.get("random");
    if (!secure) return refusal(2, "registration-insecure", "dynamic registration is over wss only");
    if (random === undefined) return refusal(2, "bad-client-id", "authType=register wants random=…");
    if (productSecret === undefined) {
      return refusal(5, "registration-off", `product ${productKey} has no dynamic registration`);
    }
    const hash = HASHES[parts.parameters.get("signmethod") ?? "hmacmd5"]!;
    const content = `deviceName${deviceName}productKey${productKey}random${random}`;
    if (password.toLowerCase() !== createHmac(hash, productSecret).update(content).digest("hex")) {
      return refusal(4, "bad-product-secret", `the password is not the hex ${hash} HMAC of "${content}"`);
    }
    if (active.has(identity)) return refusal(5, "already-active", `${identity} has used its secret already`);
    return { identity: `register:${identity}`, registration: aliyunRegistration(device, withheld) };
  }

  function checkSignature(
    device: AliyunDevice,
    parts: ClientIdParts,
    password: string,
  ): { refusal: Refusal } | undefined {
    // The cloud takes hmacmd5 where nothing is said.
    const method = parts.parameters.get("signmethod") ?? "hmacmd5";
    const content = signedContent(device, parts);
    const expected = createHmac(HASHES[method]!, device.deviceSecret).update(content).digest("hex");
    if (password.toLowerCase() === expected) return undefined;
    return refusal(
      4,
      "bad-signature",
      `the password is not the hex ${method} of "${content}" with the device's secret`,
    );
  }

  function prefixes(identity: string): string[] {
    const [deviceName, productKey] = identity.split("&");
    const own = `${productKey}/${deviceName}`;
    const system = ["ext/ntp", "ext/rrpc", "ext/session", "ext/error", "shadow/update", "shadow/get"];
    const ota = ["inform", "upgrade", "progress", "request"].map((step) => `ota/device/${step}`);
    return [`/${own}`, `/sys/${own}`, ...[...system, ...ota].map((folder) => `/${folder}/${own}`)];
  }

  return {
    signed: true,
    maxFilters: 8,
    messages: new MessageRate([30, 10], now),
    admit(connect: IConnectPacket, secure: boolean): Admission {
      const device = find(connect.username ?? "");
      if ("refusal" in device) return device;
      const identity = `${device.deviceName}&${device.productKey}`;
      if (!rate.take(identity)) {
        return refusal(3, "too-many-connects", `more than ${CONNECTS_A_MINUTE} connection requests in a minute`);
      }
      const parts = parseClientId(connect.clientId);
      if (!parts) {
        return refusal(2, "bad-client-id", "the client id must be id|name=value,…| with the closing bar");
      }
      const password = connect.password?.toString() ?? "";
      const registers = parts.parameters.get("authType") === "register";
      const refused =
        (registers && !secure ? undefined : checkParameters(parts, secure)) ??
        checkSession(connect) ??
        (registers ? undefined : checkSignature(device, parts, password));
      if (refused) return refused;
      if (registers) return register(device, parts, password, secure);
      active.add(identity);
      return { identity };
    },
    checkPublish(identity, packet) {
      const bytes = packet.payload.length;
      if (bytes > MESSAGE_BYTES) {
        return { code: "message-too-big", reason: `the payload has ${bytes} bytes, at most ${MESSAGE_BYTES}` };
      }
      return checkCloudPublish(packet, isUnder(packet.topic, prefixes(identity)));
    },
    checkSubscribe(identity, filter, qos, held) {
      const broadcast = `/broadcast/${identity.split("&")[1]}`;
      return checkCloudFilter(filter, qos, held, isUnder(filter, [...prefixes(identity), broadcast]));
    },
  };
}
