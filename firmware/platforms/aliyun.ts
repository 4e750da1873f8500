import type { Platform, Runtime } from "../seams";
import { hex, hmac } from "../vendor/tiny-hmac-sha1";
import type { Block, FieldFault } from "./fields";
import { isPlain } from "../bytes";
import {
  checkFlag,
  checkHost,
  checkNames,
  checkOptionalText,
  checkPath,
  registers,
  checkText,
  cloudLimits,
  REGISTERS,
} from "./fields";

/** Alibaba Cloud IoT Platform: `aliyun` in device.json. */
export interface AliyunConfig extends Block {
  productKey: string;
  deviceName: string;
  /** May be missing where there is a productSecret: the board then registers once, and keeps the secret it gets. */
  deviceSecret: string;
  productSecret?: string;
  /** At most 64 characters; default productKey.deviceName. A MAC address or serial number is suggested. */
  clientId?: string;
  /** Default `cn-shanghai`. */
  region?: string;
  /** Purchased or enterprise instance: `${instanceId}.mqtt.iothub.aliyuncs.com`. */
  instanceId?: string;
  /** wss; default false. A `url`'s scheme decides instead. */
  secure?: boolean;
  /** `hmacsha1` (default), or `hmacsha256` where the board has a native SHA-256. */
  signMethod?: string;
  /** Milliseconds since 1970, as text; signed when given, otherwise left out. */
  timestamp?: string;
  /** Path of the WebSocket; default `/mqtt`. */
  path?: string;
}

/** Tells every fault of a block. */
export function checkAliyun(block: Block, runtime: Runtime, fault: FieldFault): void {
  checkNames(
    block,
    "productKey deviceName deviceSecret clientId region instanceId secure signMethod timestamp path" + REGISTERS,
    fault,
  );
  // What stands between the bars of the ClientId must not be able to close them or to add a parameter.
  checkText(block, "productKey", "&|,./", fault);
  if (isPlain(block.productKey, "&|,./")) checkHost(block, "productKey", fault);
  checkText(block, "deviceName", "&|,/", fault);
  if (!registers(block, fault)) checkText(block, "deviceSecret", "", fault);
  checkOptionalText(block, "clientId", "|", fault);
  checkHost(block, "region", fault);
  checkHost(block, "instanceId", fault);
  checkOptionalText(block, "timestamp", "|,", fault);
  checkPath(block, "path", fault);
  const both = typeof block.productKey === "string" && typeof block.deviceName === "string";
  const id = block.clientId != null ? block.clientId : both && block.productKey + "." + block.deviceName;
  if (typeof id === "string" && id.length > 64) {
    fault("config-invalid", "clientId", "is over 64 characters; without one it is productKey.deviceName");
  }
  checkFlag(block, "secure", fault);
  const method = block.signMethod == null ? "hmacsha1" : block.signMethod;
  if (method === "hmacsha256" && !runtime.sha256("")) {
    fault("config-invalid", "signMethod", "hmacsha256 needs a board with a native SHA-256; use hmacsha1");
  } else if (method !== "hmacsha256" && method !== "hmacsha1") {
    fault("config-invalid", "signMethod", "must be hmacsha1 or hmacsha256");
  }
}

/** The platform for a block that `checkAliyun` finds no fault with; `url` overrides where to connect. */
export function aliyun(config: AliyunConfig, url: string | undefined, runtime: Runtime): Platform {
  return {
    limits: cloudLimits("/" + config.productKey + "/" + config.deviceName, 3),
    endpoint: () => {
      const name = config.deviceName;
      const product = config.productKey;
      const id = config.clientId || product + "." + name;
      const method = config.signMethod || "hmacsha1";
      const stamp = config.timestamp;
      const secure = url ? url.substr(0, 4) === "wss:" : config.secure;
      const host = config.instanceId
        ? config.instanceId + ".mqtt.iothub"
        : product + ".iot-as-mqtt." + (config.region || "cn-shanghai");
      return {
        url: url || (secure ? "wss://" : "ws://") + host + ".aliyuncs.com:443" + (config.path || "/mqtt"),
        clientId:
          id + "|securemode=" + (secure ? 2 : 3) + ",signmethod=" + method + (stamp ? ",timestamp=" + stamp : "") + "|",
        username: name + "&" + product,
        // The names of what is signed, in alphabetical order, each with its value.
        password: hex(
          hmac(
            (bytes) => (method === "hmacsha256" ? runtime.sha256(bytes)! : runtime.sha1(bytes)),
            config.deviceSecret,
            "clientId" + id + "deviceName" + name + "productKey" + product + (stamp ? "timestamp" + stamp : ""),
          ),
        ),
      };
    },
  };
}
