/** One run at a time writes into a folder: two would mix their lines, and the report of that is wrong. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { Failure } from "../command-line/exit";

/** Holds the process id of the run that writes into the folder. */
const LOCK = "run.pid";

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Makes the folder and takes it for this process; returns how to give it back. A run that was killed is no hindrance. Throws a Failure. */
export function lockFolder(folder: string): () => void {
  const path = join(folder, LOCK);
  try {
    mkdirSync(folder, { recursive: true });
    for (let tries = 0; ; tries++) {
      try {
        writeFileSync(path, `${process.pid}\n`, { flag: "wx" });
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST" || tries > 0) throw error;
        const pid = Number(readFileSync(path, "utf8"));
        if (Number.isInteger(pid) && pid > 0 && isRunning(pid)) {
          const help = `end it, or choose another --out; if that is no field run, delete ${path}`;
          throw new Failure(`another run (process ${pid}) is writing to ${folder}: ${help}`);
        }
        rmSync(path);
      }
    }
  } catch (error) {
    throw error instanceof Failure ? error : new Failure(`cannot write to ${folder}: ${(error as Error).message}`);
  }
  return () => rmSync(path, { force: true });
}
