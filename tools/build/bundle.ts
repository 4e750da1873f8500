import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { Failure } from "../command-line/exit";

/** The firmware as the build leaves it. */
export const BUNDLE = join(__dirname, "../../dist/firmware.js");

/** Builds the bundle; what goes wrong there is printed by the build itself. Throws a Failure. */
export function buildBundle(): void {
  process.stderr.write("building dist/firmware.js …\n");
  const rollup = join(dirname(require.resolve("rollup/package.json")), "dist/bin/rollup");
  try {
    execFileSync(process.execPath, [rollup, "-c", "--silent"], { cwd: join(__dirname, "../.."), stdio: "inherit" });
  } catch {
    throw new Failure("the build failed");
  }
}
