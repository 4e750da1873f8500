import type { Bytes, CodedError, Endpoint, Runtime } from "../seams";
import { find } from "../bytes";
import { fail } from "../errors";
import type { ClientOptions } from "./options";
import type { QoS } from "./packets";
import { connectPacket } from "./packets";

/** The CONNECT for checked options, with the credentials of this attempt; a Will's text becomes UTF-8 here. */
export function connectRequest(options: ClientOptions, endpoint: Endpoint, runtime: Runtime): Bytes {
  const will = options.will;
  return connectPacket({
    protocolVersion: options.protocolVersion!,
    clean: options.clean!,
    keepalive: options.keepalive!,
    clientId: endpoint.clientId,
    username: endpoint.username,
    password: endpoint.password,
    will: will && {
      topic: runtime.encode(will.topic)!,
      payload: runtime.encode(will.payload) || "",
      qos: will.qos as QoS,
      retain: will.retain,
    },
  });
}

/** Milliseconds before the next try where time alone mends nothing. */
const SLOW = 300000;

/** Return codes 1 to 5 (MQTT 3.1.1, section 3.2.2.3): code and what to check. */
const REFUSALS = [
  ["unacceptable-protocol-version", "try the other mqtt.protocolVersion"],
  ["identifier-rejected", "check the client id and its parameters"],
  ["server-unavailable", "try later; on the clouds check keepalive and client id too"],
  ["bad-username-or-password", "check names and secret"],
  ["not-authorized", "check names and secret, and that the device is enabled"],
];

/** The error for a CONNACK that refuses; `connack-N` for a return code of no standard. */
export function refusal(returnCode: number): CodedError {
  const known = REFUSALS[returnCode - 1] || ["connack-" + returnCode, "an unknown return code"];
  return fail(known[0], "CONNACK " + returnCode + ": " + known[1]);
}

/** What a second try a moment later does not mend: refusals by CONNACK 1, 2, 4, 5, and what a board has no room or no module for. */
const LASTING =
  " unacceptable-protocol-version identifier-rejected bad-username-or-password not-authorized tls-memory tls-missing tls-setup ca-invalid ";

/** The least wait after this error, in milliseconds. */
export function patienceAfter(code: string): number {
  return find(LASTING, " " + code + " ") < 0 ? 0 : SLOW;
}
