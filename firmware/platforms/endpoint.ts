import type { Endpoint, Platform, Runtime } from "../seams";
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
}

/** The platform for a sound block. */
export function platformOf(platform: PlatformConfig, runtime: Runtime): Platform {
  const url = platform.url;
  const config = platform.config;
  if (platform.name === "aliyun") return aliyun(config as AliyunConfig, url, runtime);
  if (platform.name === "ucloud") return ucloud(config as UCloudConfig, url);
  return broker(config as BrokerConfig, url!, runtime);
}

/** Where to connect and as whom, for one attempt, and what an impostor would get to see. */
export function makeEndpoint(platform: PlatformConfig, runtime: Runtime): Endpoint {
  const endpoint = platformOf(platform, runtime).endpoint();
  if (endpoint.url.substr(0, 4) === "wss:") {
    endpoint.exposure =
      "the certificate is not verified: an impostor could read all messages" +
      (platform.name === "aliyun"
        ? ", not the deviceSecret"
        : " and the password, which is " + (platform.name === "ucloud" ? "the deviceSecret" : "sent")) +
      "; the keys come from 32 random bits: who records the traffic can find them";
  }
  return endpoint;
}
