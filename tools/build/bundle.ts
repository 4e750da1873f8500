import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Failure } from "../command-line/exit";

/** The firmware as the build leaves it. */
export const BUNDLE = join(__dirname, "../../dist/firmware.js");

export interface BuildOptions {
  /** Names of features that the firmware is to have; the default ones otherwise. */
  features?: readonly string[];
  /** Where to build; `dist` otherwise. */
  dist?: string;
  /** The one bundle to build, such as `firmware.js`; all otherwise. */
  only?: string;
  silent?: boolean;
}

/** Builds the bundles; what goes wrong there is printed by the build itself. Throws a Failure. */
export function buildBundle({ features, dist, only, silent }: BuildOptions = {}): void {
  if (!silent) process.stderr.write(`building ${dist ?? "dist"}/${only ?? "firmware.js"} …\n`);
  const rollup = join(dirname(require.resolve("rollup/package.json")), "dist/bin/rollup");
  const env = {
    ...process.env,
    ...(features && { BUILD_FEATURES: features.join(",") || "none" }),
    ...(dist !== undefined && { BUILD_DIST: resolve(dist) }),
    ...(only !== undefined && { BUILD_ONLY: only }),
  };
  try {
    execFileSync(process.execPath, [rollup, "-c", "--silent"], {
      cwd: join(__dirname, "../.."),
      stdio: "inherit",
      env,
    });
  } catch {
    throw new Failure("the build failed");
  }
  if (silent) return;
  const built = (only ? [only] : ["firmware.js", "mqtt-ws.js"]).map((file) => {
    const { size } = statSync(join(dist ?? join(__dirname, "../../dist"), file));
    return `${file} ${size.toLocaleString("en-US")} bytes`;
  });
  process.stderr.write(`built: ${built.join(", ")}\n`);
}
