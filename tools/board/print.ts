/** A value as the board's `print` shows it. Unlike the board it never breaks a long object into lines. */
export function printed(value: unknown): string {
  return typeof value === "string" ? value : inspected(value);
}

/** A value as the console shows what a typed line gives: text in quotes. */
export function inspected(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") return numberText(value);
  if (typeof value === "function") return "function () { [native code] }";
  if (typeof value !== "object" || value === null) return String(value);
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  if (kind === "Error" || "type" in value) return String(value);
  if (kind === "Date") return "Date: " + String(value);
  if (kind === "ArrayBuffer")
    return `new Uint8Array([${Array.from(new Uint8Array(value as ArrayBuffer)).join(", ")}]).buffer`;
  if (ArrayBuffer.isView(value) && kind !== "DataView") {
    return `new ${kind}([${Array.from(value as Uint8Array).join(", ")}])`;
  }
  if (Array.isArray(value)) return value.length ? `[ ${value.map(inspected).join(", ")} ]` : "[  ]";
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${inspected(member)}`);
  return members.length ? `{ ${members.join(", ")} }` : "{  }";
}

/** The board prints eleven decimals and no trailing zeros. */
function numberText(value: number): string {
  return Number.isInteger(value) || !Number.isFinite(value) ? String(value) : String(Number(value.toFixed(11)));
}

/** The text of an uncaught exception, in the board's words where the host's engine has others. */
export function exceptionText(thrown: unknown): string {
  if (typeof thrown !== "object" || thrown === null) return String(thrown);
  const text = String(thrown);
  const undefinedName = /^ReferenceError: (\S+) is not defined$/.exec(text);
  if (undefinedName) return `ReferenceError: "${undefinedName[1]}" is not defined`;
  const property = /^TypeError: Cannot read properties of (undefined|null) \(reading '(.*)'\)$/.exec(text);
  if (property) return `Error: Can't read property '${property[2]}' of ${property[1]}`;
  const notFunction = /^TypeError: (?:.*\.)?(\S+) is not a function$/.exec(text);
  if (notFunction) return `Error: Function "${notFunction[1]}" not found!`;
  return text;
}
