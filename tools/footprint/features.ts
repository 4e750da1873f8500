/** Firmware with one feature each, built to be counted. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildBundle } from "../build/bundle";
import { FEATURES } from "../build/features";
import { readBundle } from "../measure/bundle";
import type { ByFeature } from "./figures";

/** The code of the firmware with no feature (`none`) and with each one alone. */
export function buildFeatures(): ByFeature<string> {
  const dist = mkdtempSync(join(tmpdir(), "features-"));
  const code: ByFeature<string> = {};
  try {
    for (const name of ["none", ...Object.keys(FEATURES)]) {
      process.stderr.write(`building the firmware with ${name} …\n`);
      buildBundle({ features: name === "none" ? [] : [name], dist, only: "firmware.js", silent: true });
      code[name] = readBundle("firmware.js", dist).code;
    }
  } finally {
    rmSync(dist, { recursive: true, force: true });
  }
  return code;
}

/** Figures of features as what they have above those of `none`. */
export function above<T extends Record<string, number>>(figures: ByFeature<T>): ByFeature<T> {
  return Object.fromEntries(
    Object.entries(figures).map(([name, figure]) => [
      name,
      name === "none"
        ? figure
        : (Object.fromEntries(Object.keys(figure).map((key) => [key, figure[key] - figures.none[key]])) as T),
    ]),
  );
}
