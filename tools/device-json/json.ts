/** device.json as a tree whose fields have paths: `aliyun.deviceName`, `subscribe.0.topic`. */

/** Nothing in it is known to be right. */
export interface Json {
  [name: string]: unknown;
}

/** Blocks in which every value is text, but for flags. */
const TEXT =
  /^(platform|url|(aliyun|ucloud|broker|wifi)\..*|.*\.topic|mqtt\.(subprotocol|outgoingStore)|mqtt\.will\.payload)$/;
const FLAG = /\.secure$/;

/** A value as it was typed: text where the field holds text, otherwise what JSON makes of it. */
export function typedValue(path: string, text: string): unknown {
  if (TEXT.test(path) && !FLAG.test(path)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

export function getField(json: Json, path: string): unknown {
  let value: unknown = json;
  for (const name of path.split(".")) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
}

/** Sets a field in place; blocks and lists on the way are made where they are missing. */
export function setField(json: Json, path: string, value: unknown): void {
  const names = path.split(".");
  let at = json;
  names.forEach((name, depth) => {
    const last = depth === names.length - 1;
    const there = Object.hasOwn(at, name) ? at[name] : undefined;
    const next = last ? value : isObject(there) ? there : /^\d+$/.test(names[depth + 1]) ? [] : {};
    // Even `__proto__` becomes a field of its own, for the check to name.
    Object.defineProperty(at, name, { value: next, writable: true, enumerable: true, configurable: true });
    if (!last) at = next as Json;
  });
}

/** An object or a list. */
export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null;
}
