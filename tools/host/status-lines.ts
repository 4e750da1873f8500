import type { StatusLine } from "../status-line";
import { parseStatus } from "../status-line";

/**
 * Hears what the firmware says while it runs in this process: there its status lines go to the console as well. Returns how to stop that.
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
