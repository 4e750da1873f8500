import type { Handler } from "../events";
import type { Client, PublishResult } from "../mqtt/client";
import type { Acknowledge } from "../mqtt/outbox";
import type { PlatformConfig } from "../platforms/endpoint";
import type { Runtime } from "../seams";
import type { ShadowFace } from "./shadow";

/** Values by name: text, numbers, true and false, lists and objects of these. A function stands for JSON that it returns. */
export interface Values {
  [name: string]: unknown;
}

/** What features add to `device`; each is there only where its feature is, and its platform has such a thing. */
export interface Additions {
  /** Milliseconds since 1970 by the cloud's clock; undefined until it has told. */
  time?: () => number | undefined;
  /**
   * Thing model: reports properties. Answers as `publish` does, or `requests-full`; `done` is called once, when the cloud
   * has answered or with the error: `thing-refused`, `thing-timeout`, or what `publish` refuses with.
   */
  report?: (values: Values, done?: Acknowledge) => PublishResult;
  /** Thing model: reports an event with its output; as `report`. */
  event?: (id: string, values: Values, done?: Acknowledge) => PublishResult;
  /** The device's shadow. */
  shadow?: ShadowFace;
  /** Listens to `set`, `command` and `desired`, one handler each, besides the client's events. */
  on?(event: string, handler: Handler): void;
}

/** What a feature is handed. It may listen to `client`, and add its functions to `device`. */
export interface Session {
  device: Additions;
  client: Client;
  platform: PlatformConfig;
  runtime: Runtime;
}
