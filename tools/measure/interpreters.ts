/** The interpreters a command is to use. */
import { accessSync, constants } from "node:fs";
import { findEspruino, onPath } from "../board/espruino";
import { UsageError } from "../command-line/exit";

/**
 * Those that were named, as files or as what is on the PATH, or the one that is found; none where there is none. Throws a
 * UsageError for one that cannot be run.
 */
export function interpreters(named?: readonly string[]): readonly string[] {
  if (named) return named.map(program);
  const found = findEspruino();
  return found ? [found] : [];
}

function program(name: string): string {
  try {
    accessSync(name, constants.X_OK);
    return name;
  } catch {
    const found = onPath(name);
    if (found) return found;
    throw new UsageError(`${name} is no interpreter that can be run`);
  }
}
