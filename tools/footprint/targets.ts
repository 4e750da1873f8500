/** What the bundles may cost at most. Variables are those of a build with 14 bytes each, as on an ESP32. */
import type { Variables } from "./figures";
import type { BundleName } from "./uses";

type Limits = Partial<Record<keyof Variables | "minified", number>>;

export const TARGETS: Record<BundleName, Limits> = {
  "mqtt-ws.js": { minified: 8_800, loaded: 240 },
  "firmware.js": { minified: 15_000, connected: 600 },
};

/** A target in words, and whether `value` meets it; "" where there is none. */
export function against(bundle: BundleName, figure: keyof Limits, value: number): string {
  const limit = TARGETS[bundle][figure];
  return limit === undefined ? "" : `≤ ${limit.toLocaleString("en-US")}, ${value <= limit ? "met" : "missed"}`;
}
