import { existsSync } from "node:fs";
import { UsageError } from "../command-line/exit";
import { listLogs, readLog } from "../report/read-log";

/** The latest time in a folder's logs, in milliseconds since 1970; 0 where there are none. */
export async function lastTime(folder: string): Promise<number> {
  if (!existsSync(folder)) return 0;
  let last = 0;
  try {
    for (const { path } of listLogs(folder)) await readLog(path, (time) => (last = Math.max(last, time)));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
  }
  return last;
}
