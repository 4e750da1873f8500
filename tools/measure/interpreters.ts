/** The interpreters a command is to use. */
import { accessSync, constants } from "node:fs";
import { findEspruino } from "../board/espruino";
import { UsageError } from "../command-line/exit";

/** Those that were named, or the one that is found; none where there is none. Throws a UsageError for one that cannot be run. */
export function interpreters(named?: readonly string[]): readonly string[] {
  for (const file of named ?? []) {
    try {
      accessSync(file, constants.X_OK);
    } catch {
      throw new UsageError(`${file} is no interpreter that can be run`);
    }
  }
  const found = findEspruino();
  return named ?? (found ? [found] : []);
}
