import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Numbers of the processors that this process may use; empty where that is not known. */
function processors(): number[] {
  try {
    const list = /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "";
    return list.split(",").flatMap((range) => {
      const [from, to = from] = range.split("-").map(Number);
      return Array.from({ length: to - from + 1 }, (_, at) => from + at);
    });
  } catch {
    return [];
  }
}

let able: boolean | undefined;

/**
 * The command that runs `binary` with its threads taking turns on one processor, none breaking into another's work, where this
 * computer can do that; otherwise the binary alone.
 *
 * The interpreter's Linux build reads its console in a second thread and shares a buffer with the first one unprotected. On two
 * processors it loses letters, and now and then its console for good; a board, which has one processor, does not.
 */
export function onOneProcessor(binary: string): [file: string, ...args: string[]] {
  const numbers = processors();
  const number = numbers[Math.floor(Math.random() * numbers.length)];
  const wrapper = ["chrt", "--batch", "0", "taskset", "--cpu-list", String(number)];
  able ??= number !== undefined && spawnSync(wrapper[0], [...wrapper.slice(1), "true"]).status === 0;
  return able ? ["chrt", ...wrapper.slice(1), binary] : [binary];
}
