/** What the clouds' numbers mean, as far as their documents say: Alibaba Cloud lists its own, UCloud none. */
import { find } from "../bytes";

/** Answers to properties and events, and what a device may answer to a service: each number with its name. */
export const THING_CODES =
  " 400 request-error 429 too-many-requests 460 request-parameter-error 500 system-error 5005 product-not-found" +
  " 6100 device-not-found 6203 topic-invalid 6204 device-disabled 6207 not-json 6250 product-not-found" +
  " 6300 method-missing 6450 method-missing 6760 system-error 26010 too-many-requests ";

/** Answers to what is asked of the shadow. */
export const SHADOW_CODES =
  " 400 not-json 401 method-missing 402 state-missing 403 version-invalid 404 reported-missing 405 reported-empty" +
  " 406 method-invalid 407 empty 408 too-many-attributes 409 version-conflict 500 system-error ";

/** The code of an answer, its name where `names` has one, and the cloud's own words. */
export function refusalText(names: string, code: unknown, words: unknown): string {
  const at = find(names, " " + code + " ");
  const name = at < 0 ? "" : " " + names.substr(at + 1).split(" ")[1];
  return "code " + code + name + (words ? ": " + words : "");
}
