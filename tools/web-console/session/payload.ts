/** What a person types as a message, and how one that came is shown. */
import type { Bytes } from "../../../firmware/seams";
import { hexOf, textOf } from "../inspect/field";

export const PAYLOAD_FORMS = ["text", "json", "hex"] as const;
export type PayloadForm = (typeof PAYLOAD_FORMS)[number];

/** Hex digits, in pairs or not, with spaces, colons or commas between; undefined where they are none. */
export function parseHex(text: string): Uint8Array | undefined {
  const digits = text.replace(/0x|[\s:,;-]/gi, "");
  if (digits.length % 2 === 1 || /[^0-9a-f]/i.test(digits)) return undefined;
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** The message to send; a fault is `payload-not-json` or `payload-not-hex`. JSON is sent as it was typed. */
export function toPayload(
  form: PayloadForm,
  text: string,
): { payload: string | Uint8Array; fault?: undefined } | { fault: "payload-not-json" | "payload-not-hex" } {
  if (form === "text") return { payload: text };
  if (form === "hex") {
    const payload = parseHex(text);
    return payload ? { payload } : { fault: "payload-not-hex" };
  }
  try {
    JSON.parse(text);
    return { payload: text };
  } catch {
    return { fault: "payload-not-json" };
  }
}

/** A message for people: JSON with its levels set in, text, or hex where it is neither. */
export function describePayload(payload: Bytes): { form: PayloadForm; text: string } {
  const text = textOf(payload);
  if (text === undefined) return { form: "hex", text: hexOf(payload) };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return { form: "json", text: JSON.stringify(value, null, 2) };
  } catch {
    // Text, then.
  }
  return { form: "text", text };
}
