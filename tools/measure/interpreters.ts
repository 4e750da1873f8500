/** The interpreters a command is to use. */
import { findEspruino, isProgram, onPath } from "../board/espruino";
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
  const found = isProgram(name) ? name : onPath(name);
  if (!found) throw new UsageError(`${name} is no interpreter that can be run`);
  return found;
}
