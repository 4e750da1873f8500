import { find, isName, isPlain } from "../bytes";
import { LIMITS, REGISTRATION } from "../features/enabled";
import type { Limits } from "../seams";

/** Told of each fault in a configuration: a code, the field's name, and what would be right. */
export type FieldFault = (code: string, field: string, message: string) => void;

/** A configuration block as it was read: nothing in it is known to be right. */
export interface Block {
  [field: string]: unknown;
}

/** Checks that `field` is text of at least one character, all printable ASCII, without any of `barred`; tells a fault otherwise. */
export function checkText(block: Block, field: string, barred: string, fault: FieldFault): void {
  const value = block[field];
  if (value == null || value === "") return fault("config-missing", field, "is missing");
  if (!isPlain(value, barred)) {
    fault("config-invalid", field, "must be ASCII text without spaces" + (barred ? " or any of " + barred : ""));
  }
}

/** Checks the product's secret, where there is one and the build can register; returns whether it stands alone. */
export function registers(block: Block, fault: FieldFault): boolean {
  if (!REGISTRATION || block.productSecret == null) return false;
  checkText(block, "productSecret", "", fault);
  return block.deviceSecret == null;
}

/** As `checkText`, where the field may be missing. */
export function checkOptionalText(block: Block, field: string, barred: string, fault: FieldFault): void {
  if (block[field] != null) checkText(block, field, barred, fault);
}

/** As `checkOptionalText`, for part of a host name. */
export function checkHost(block: Block, field: string, fault: FieldFault): void {
  if (block[field] != null && !isName(block[field], "")) {
    fault("config-invalid", field, "must be letters, digits, dots and hyphens: it becomes part of a host name");
  }
}

/** What a cloud's block may hold besides, behind a space. */
export const REGISTERS = REGISTRATION ? " productSecret" : "";

/** Tells each field that is not among `names`, which stand between spaces: a name misspelt would be left out in silence. */
export function checkNames(block: Block, names: string, fault: FieldFault): void {
  for (const name in block) {
    if (find(" " + names + " ", " " + name + " ") < 0) fault("config-unknown", name, "is unknown; known are: " + names);
  }
}

/** As `checkOptionalText`, for the path of a URL. */
export function checkPath(block: Block, field: string, fault: FieldFault): void {
  const path = block[field];
  if (path != null && (!isPlain(path, "#") || (path as string).charAt(0) !== "/")) {
    fault("config-invalid", field, "must begin with a slash, without spaces or #");
  }
}

/** As `checkOptionalText`, for true or false. */
export function checkFlag(block: Block, field: string, fault: FieldFault): void {
  const value = block[field];
  if (value != null && typeof value !== "boolean") fault("config-invalid", field, "must be true or false");
}

/** What both clouds ask of a device whose topics hold `own`, and where a message of QoS 1 costs so many of QoS 0. */
export function cloudLimits(own: string, qos1: number): Limits {
  const limits: Limits = {
    keepalive: [30, 1200],
    plain: true,
    topicBytes: 128,
    topicSlashes: 7,
    payload: 262144,
    subscriptions: 100,
    own: own,
  };
  if (LIMITS) limits.rate = [30, qos1];
  return limits;
}
