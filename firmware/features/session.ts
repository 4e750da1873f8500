import type { Runtime } from "../seams";
import type { Client } from "../mqtt/client";
import type { PlatformConfig } from "../platforms/endpoint";

/** What features add to `device`; each is there only where its feature is, and its platform has such a thing. */
export interface Additions {
  /** Milliseconds since 1970 by the cloud's clock; undefined until it has told. */
  time?: () => number | undefined;
}

/** What a feature is handed. It may listen to `client`, and add its functions to `device`. */
export interface Session {
  device: Additions;
  client: Client;
  platform: PlatformConfig;
  runtime: Runtime;
}
