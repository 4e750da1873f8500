import type { Platform, Runtime } from "../seams";
import type { Block, FieldFault } from "./fields";

/** Any MQTT broker: `broker` in device.json. */
export interface BrokerConfig {
  /** May be missing or empty with a clean session of MQTT 3.1.1: the broker makes one up. */
  clientId?: string;
  username?: string;
  /** Needs a username (MQTT-3.1.2-22). */
  password?: string;
}

/** Tells every fault of a block; `session` says what kind of session it is for. */
export function checkBroker(
  block: Block,
  session: { clean?: boolean; protocolVersion?: number },
  runtime: Runtime,
  fault: FieldFault,
): void {
  const fields = ["clientId", "username", "password"];
  for (let i = 0; i < 3; i++) {
    const value = block[fields[i]];
    const bytes = typeof value === "string" ? runtime.encode(value) : undefined;
    if (value == null) continue;
    if (bytes == null) fault("config-invalid", fields[i], "must be text");
    else if (bytes.length > 65535 || bytes.indexOf("\x00") >= 0) {
      fault("config-invalid", fields[i], "must have at most 65535 bytes, none of them 0");
    }
  }
  if (block.password != null && block.username == null) {
    fault("config-missing", "username", "is missing: a password needs one");
  }
  if (!block.clientId && (session.clean === false || session.protocolVersion === 3)) {
    fault("config-missing", "clientId", "is missing: only a clean session of MQTT 3.1.1 goes without");
  }
}

/** The platform for a block that `checkBroker` finds no fault with. */
export function broker(config: BrokerConfig, url: string, runtime: Runtime): Platform {
  return {
    limits: {},
    endpoint: () => ({
      url: url,
      clientId: runtime.encode(config.clientId || "")!,
      username: config.username == null ? undefined : runtime.encode(config.username),
      password: config.password == null ? undefined : runtime.encode(config.password),
    }),
  };
}
