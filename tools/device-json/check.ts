import type { Settings } from "../../firmware/device/config";
import { checkConfig } from "../../firmware/device/config";
import { hostRuntime } from "../host/runtime";
import { secretFor } from "./secrets";

export interface Checked {
  /** What the firmware makes of it; undefined where there is a fault. */
  settings?: Settings;
  /** One line for each fault, with its field; no value is ever quoted. */
  faults: string[];
}

/** Has the firmware's own code check a device.json. `sha256`: whether the board has the hash natively. */
export function checkDevice(json: unknown, sha256 = true): Checked {
  const faults: string[] = [];
  const settings = checkConfig(json, hostRuntime(sha256 ? {} : { sha256: () => undefined }), (code, field, message) => {
    const secret = code === "config-missing" ? secretFor(field) : undefined;
    faults.push(`${field} ${message}${secret ? `: give it in ${secret.variable}, in a file, or at the question` : ""}`);
  });
  return { settings, faults };
}
