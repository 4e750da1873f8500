/** The library: `require("mqtt-ws")` in any Espruino sketch. */
import { boardRuntime } from "./board/runtime";
import { fail } from "./errors";
import { Client } from "./mqtt/client";
import type { ClientOptions } from "./mqtt/options";
import type { BrokerConfig } from "./platforms/broker";
import { broker, checkBroker } from "./platforms/broker";
import type { Block } from "./platforms/fields";
import { parseUrl } from "./websocket/handshake";
import { openWebSocket } from "./websocket/client";

export type { Acknowledge } from "./mqtt/outbox";
export type { Client, PublishResult } from "./mqtt/client";
export type { ClientOptions } from "./mqtt/options";
export type { Subscribed } from "./mqtt/subscriptions";
export type { CodedError } from "./seams";

/** Everything `connect` takes. */
export type ConnectOptions = ClientOptions & BrokerConfig;

/**
 * Connects to an MQTT broker at `ws://host[:port][/path]` or `wss://…` and stays connected until `end`.
 * Throws an error with a `code` where the URL or an option is wrong; everything later comes as an event.
 */
export function connect(url: string, options?: ConnectOptions): Client {
  const runtime = boardRuntime();
  const config = options || {};
  parseUrl(url);
  checkBroker(config as Block, config, runtime, (code, field, message) => {
    throw fail(code, field + " " + message);
  });
  const client = new Client(runtime, openWebSocket, broker(config, url, runtime), config);
  // Later, so that handlers set up after this call hear of a first attempt that fails at once.
  client.connect(true);
  return client;
}
