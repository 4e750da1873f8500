import type { StatusLine } from "../status-line";
import { parseStatus } from "../status-line";

/**
 * Takes the firmware's status lines out of this process's console while the firmware runs in it. Returns how to stop that.
 * Everything else that is printed meanwhile is printed.
 */
export function hearStatus(onStatus: (status: StatusLine) => void): () => void {
  const { log } = console;
  console.log = (...args: unknown[]) => {
    const status = args.length === 1 && typeof args[0] === "string" ? parseStatus(args[0]) : undefined;
    if (status) onStatus(status);
    else log.apply(console, args);
  };
  return () => {
    console.log = log;
  };
}
