/** How fast the firmware is to be, on a release build. */
import { messageRow, STOCK } from "./messages";
import type { Result } from "./statistics";

interface Target {
  /** Messages a second at least, or milliseconds at most. */
  value: number;
  /** How many times as fast as what is beside it, at least. */
  ratio: number;
  beside: string;
}

export const SHA1_BLOCK = "SHA-1, a block of 64 bytes";

export const TARGETS: Record<string, Target> = {
  [SHA1_BLOCK]: { value: 2.1, ratio: 1.75, beside: "straightforward" },
  [messageRow("publish", 64, 0)]: { value: 2000, ratio: 0.3, beside: STOCK },
  [messageRow("receive", 64, 0)]: { value: 4000, ratio: 0.8, beside: STOCK },
};

/** A row's target in words, and whether it is met; "" where there is none. */
export function against({ what, unit, ours, beside }: Result): string {
  const target = TARGETS[what];
  if (!target) return "";
  const perSecond = unit === "messages/s";
  const word = (met: boolean) => (met ? "met" : "missed");
  const value = `${perSecond ? "≥" : "≤"} ${target.value.toLocaleString("en-US")}`;
  const reached = perSecond ? ours >= target.value : ours <= target.value;
  const other = beside[target.beside];
  return [
    `${value}, ${word(reached)}`,
    ...(other ? [`≥ ${target.ratio} × ${target.beside}, ${word(other.ratio >= target.ratio)}`] : []),
  ].join("; ");
}
