import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import type { ByteConsole } from "./byte-console";
import { onOneProcessor } from "./one-processor";

/**
 * The real interpreter with nothing between it and its console: as it comes from the factory, prompt, echo and all. Its
 * Storage is the file `espruino.flash` in `directory`.
 */
export class EspruinoConsole implements ByteConsole {
  onBytes: (bytes: Buffer) => void = () => undefined;
  private child?: ChildProcess;

  constructor(
    private readonly binary: string,
    private readonly directory: string,
  ) {
    mkdirSync(directory, { recursive: true });
  }

  /** Resolves with its first word. Rejects where it cannot be started. */
  powerOn(): Promise<void> {
    const [file, ...args] = onOneProcessor(this.binary);
    const child = spawn(file, args, { cwd: this.directory, stdio: ["pipe", "pipe", "ignore"] });
    this.child = child;
    // Left behind, it would flood a console that nobody reads.
    const reap = () => void child.kill("SIGKILL");
    process.once("exit", reap);
    child.on("close", () => process.off("exit", reap));
    child.stdin.on("error", () => undefined);
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", () => reject(new Error("the interpreter ended")));
      child.stdout.on("data", (bytes: Buffer) => {
        resolve();
        if (this.child === child) this.onBytes(bytes);
      });
    });
  }

  /** Ends it without asking. Storage stays. */
  powerOff(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      child.once("close", () => resolve());
      child.kill("SIGKILL");
    });
  }

  write(bytes: Buffer): void {
    this.child?.stdin!.write(bytes);
  }
}
