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

/** Where to connect and as whom, for one attempt, and what an impostor would get to see. */
export function makeEndpoint(platform: PlatformConfig, runtime: Runtime): Endpoint {
  const url = platform.url;
  const cloud = platform.name === "aliyun";
  const endpoint = (
    cloud
      ? aliyun(platform.config as AliyunConfig, url, runtime)
      : platform.name === "ucloud"
        ? ucloud(platform.config as UCloudConfig, url)
        : broker(platform.config as BrokerConfig, url!, runtime)
  ).endpoint();
  if (endpoint.url.substr(0, 4) === "wss:") {
    endpoint.exposure =
      "the certificate is not verified: an impostor could read all messages" +
      (cloud
        ? ", not the deviceSecret"
        : " and the password, which is " + (platform.name === "ucloud" ? "the deviceSecret" : "sent"));
  }
  return endpoint;
}
