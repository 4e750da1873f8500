/** The folder of a run: made, and kept to one run at a time. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { Failure } from "../command-line/exit";

interface Holder {
  pid: number;
  /** Which process had that number: after a restart of the computer another may. Empty where the system does not tell. */
  born: string;
}

/** Makes a folder and those it is in. Not `recursive`: that never returns where the system denies that there can be one, as in /proc. */
function makeFolder(folder: string): void {
  const parent = dirname(folder);
  if (!existsSync(parent)) makeFolder(parent);
  if (!existsSync(folder)) mkdirSync(folder);
}

/** The boot of the computer and the tick of it in which a process began. */
function birthOf(pid: number): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The process's name, in brackets, may hold anything.
    return `${boot} ${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]}`;
  } catch {
    return "";
  }
}

function runs({ pid, born }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return born === birthOf(pid);
}

/** Who holds a lock; undefined where it is nobody who still runs, or a torn file. */
function holderOf(lock: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(lock, "utf8")) as Holder;
    return Number.isInteger(holder.pid) && holder.pid > 0 && runs(holder) ? holder : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Makes the folder and takes it for this process, as the file `run.lock` in it says until the returned function is called. What a process that
 * is gone has left is no obstacle. Throws a Failure where it cannot be written, or another run writes there.
 */
export function takeFolder(folder: string): () => void {
  const lock = join(folder, "run.lock");
  const holder: Holder = { pid: process.pid, born: birthOf(process.pid) };
  const write = () => writeFileSync(lock, JSON.stringify(holder) + "\n", { flag: "wx" });
  try {
    makeFolder(resolve(folder));
    try {
      write();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const other = holderOf(lock);
      if (other)
        throw new Failure(
          `process ${other.pid} writes a run to ${folder}: end it, or choose another folder with --out`,
        );
      rmSync(lock);
      write();
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`cannot write to ${folder}: ${(error as Error).message}; choose another folder with --out`);
  }
  return () => rmSync(lock, { force: true });
}
