/** What a form makes the firmware send: its own code checks it, and its own code signs. */
import type { Settings } from "../../../firmware/device/config";
import { checkConfig } from "../../../firmware/device/config";
import { makeEndpoint } from "../../../firmware/platforms/endpoint";
import type { Bytes, Runtime } from "../../../firmware/seams";
import type { Form } from "./fields";
import { deviceOf } from "./fields";

export interface FieldError {
  code: string;
  /** Its place in device.json. */
  field: string;
  /** The firmware's own words. */
  message: string;
}

/** What the firmware makes of a form: settings, or every fault. */
export function checkForm(form: Form, runtime: Runtime): { settings?: Settings; faults: FieldError[] } {
  const faults: FieldError[] = [];
  const settings = checkConfig(deviceOf(form), runtime, (code, field, message) =>
    faults.push({ code, field, message }),
  );
  return { settings, faults };
}

/** The parameters of a CONNECT, as text. */
export interface Parameters {
  url: string;
  clientId: string;
  username?: string;
  password?: string;
  /** What was signed with the device secret; undefined where nothing is signed. */
  signed?: string;
}

/** HMAC's block: the inner hash begins with as many bytes, made of the key (RFC 2104). */
const BLOCK = 64;

/** The parameters that the firmware signs for these settings. */
export function connectParameters(settings: Settings, runtime: Runtime): Parameters {
  // The inner hash is the first that takes more than a key; a key longer than a block is hashed before it.
  const hashed: Bytes[] = [];
  const listen =
    <Hash>(hash: (bytes: Bytes) => Hash) =>
    (bytes: Bytes) => {
      hashed.push(bytes);
      return hash(bytes);
    };
  const heard = { sha1: listen(runtime.sha1), sha256: listen(runtime.sha256) };
  const endpoint = makeEndpoint(settings.platform, { ...runtime, ...heard });
  const inner = hashed[hashed.length - 2];
  return {
    url: endpoint.url,
    clientId: runtime.decode(endpoint.clientId),
    username: endpoint.username === undefined ? undefined : runtime.decode(endpoint.username),
    password: endpoint.password === undefined ? undefined : runtime.decode(endpoint.password),
    signed: inner?.slice(BLOCK),
  };
}
