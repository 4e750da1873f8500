import type { Platform, Runtime } from "../seams";
import type { Block, FieldFault } from "./fields";
import { find, isName } from "../bytes";
import { checkFlag, checkHost, checkNames, checkPath, registers, checkText, cloudLimits, REGISTERS } from "./fields";

/** UCloud UIoT-Core: `ucloud` in device.json. */
export interface UCloudConfig extends Block {
  productSN: string;
  /** 4 to 64 characters of A-Z a-z 0-9 - _ @ : */
  deviceSN: string;
  /** Sent as the password, as it is: over plain ws anybody on the way can read it. */
  deviceSecret: string;
  /** Instead of a deviceSecret: the board registers with it once, and keeps the secret it gets. */
  productSecret?: string;
  /** Default `cn-sh2`. */
  region?: string;
  /** Whole host name, such as the older `mqtt-cn-sh2.ucloud.cn`, instead of the one made from the region. */
  host?: string;
  /** wss on port 443 instead of ws on port 80; default true. A `url`'s scheme decides instead. */
  secure?: boolean;
  /** Path of the WebSocket; default `/`. */
  path?: string;
}

/** Tells every fault of a block. */
export function checkUCloud(block: Block, _runtime: Runtime, fault: FieldFault): void {
  checkNames(block, "productSN deviceSN deviceSecret region host secure path" + REGISTERS, fault);
  checkText(block, "productSN", "|./", fault);
  if (!registers(block, fault)) checkText(block, "deviceSecret", "", fault);
  checkHost(block, "region", fault);
  checkHost(block, "host", fault);
  checkPath(block, "path", fault);
  checkFlag(block, "secure", fault);
  const deviceSN = block.deviceSN;
  if (deviceSN == null || deviceSN === "") checkText(block, "deviceSN", "", fault);
  else if (
    !isName(deviceSN, "@:") ||
    find(deviceSN as string, ".") >= 0 ||
    (deviceSN as string).length < 4 ||
    (deviceSN as string).length > 64
  ) {
    fault("config-invalid", "deviceSN", "must be 4 to 64 characters of A-Z a-z 0-9 - _ @ :");
  }
}

/** The platform for a block that `checkUCloud` finds no fault with; `url` overrides where to connect. */
export function ucloud(config: UCloudConfig, url: string | undefined): Platform {
  const secure = config.secure !== false;
  return {
    limits: cloudLimits("/" + config.productSN + "/" + config.deviceSN, 1),
    endpoint: () => ({
      url:
        url ||
        (secure ? "wss://" : "ws://") +
          (config.host || "mqtt-" + (config.region || "cn-sh2") + ".iot.ucloud.cn") +
          (secure ? ":443" : ":80") +
          (config.path || "/"),
      clientId: config.productSN + "." + config.deviceSN,
      // Authmode 1: static registration, the device's own secret.
      username: config.productSN + "|" + config.deviceSN + "|1",
      password: config.deviceSecret,
    }),
  };
}
