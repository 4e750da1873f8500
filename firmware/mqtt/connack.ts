import type { CodedError } from "../seams";
import { fail } from "../errors";

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

/** The least wait before the next attempt in milliseconds: a server that is only unavailable may be back soon. */
export function refusalPatience(returnCode: number): number {
  return returnCode === 3 || returnCode > 5 ? 0 : SLOW;
}
