/** How fast the firmware is to be, on a release build. */
import { messageRow, STOCK } from "./messages";
import type { Result } from "./statistics";

interface Target {
  /** Messages a second at least, or milliseconds at most. */
  value: number;
  /** How many times as fast as what is beside it, at least. */
  ratio: number;
  beside: string;
  /** What the one beside it does on the computer that `value` was set on. */
  there: number;
}

export const SHA1_BLOCK = "SHA-1, a block of 64 bytes";

export const TARGETS: Record<string, Target> = {
  [SHA1_BLOCK]: { value: 2.1, ratio: 1.75, beside: "straightforward", there: 3.7 },
  [messageRow("publish", 64, 0)]: { value: 2000, ratio: 0.3, beside: STOCK, there: 7000 },
  [messageRow("receive", 64, 0)]: { value: 4000, ratio: 0.8, beside: STOCK, there: 4900 },
};

/** A row's target in words, and whether it is met; "" where there is none. */
export function against({ what, unit, ours, beside }: Result): string {
  const target = TARGETS[what];
  if (!target) return "";
  const perSecond = unit === "messages/s";
  const word = (met: boolean) => (met ? "met" : "missed");
  const reaches = (value: number) => word(perSecond ? value >= target.value : value <= target.value);
  const parts = [`${perSecond ? "≥" : "≤"} ${target.value.toLocaleString("en-US")}, ${reaches(ours)} here`];
  const other = beside[target.beside];
  if (other) {
    const scaled = perSecond ? target.there * other.ratio : target.there / other.ratio;
    const digits = { maximumFractionDigits: perSecond ? 0 : 2 };
    parts.push(
      `${scaled.toLocaleString("en-US", digits)} where ${target.beside} does ${target.there.toLocaleString("en-US")}, ${reaches(scaled)}`,
      `≥ ${target.ratio} × ${target.beside}, ${word(other.ratio >= target.ratio)}`,
    );
  }
  return parts.join("; ");
}
