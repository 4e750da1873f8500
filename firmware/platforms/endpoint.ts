import type { Endpoint, Limits, Runtime } from "../seams";
import type { AliyunConfig } from "./aliyun";
import { aliyun } from "./aliyun";
import type { BrokerConfig } from "./broker";
import { broker } from "./broker";
import type { UCloudConfig } from "./ucloud";
import { ucloud } from "./ucloud";

/** A service, and a sound block for it. */
export interface PlatformConfig {
  name: "aliyun" | "ucloud" | "broker";
  config: AliyunConfig | UCloudConfig | BrokerConfig;
  /** Overrides where to connect; a broker's is there. */
  url?: string;
  limits: Limits;
}

/** Where to connect and as whom, for one attempt. */
export function makeEndpoint(platform: PlatformConfig, runtime: Runtime): Endpoint {
  const url = platform.url;
  if (platform.name === "aliyun") return aliyun(platform.config as AliyunConfig, url, runtime).endpoint();
  if (platform.name === "ucloud") return ucloud(platform.config as UCloudConfig, url).endpoint();
  return broker(platform.config as BrokerConfig, url!, runtime).endpoint();
}
