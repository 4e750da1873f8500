import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { accessSync, constants, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Board, BoardOptions } from "./board";
import { cleanLine, LineReader } from "./console";
import { eraseFlashFile, readFlashFile, writeFlashFile } from "./flash";

/** The interpreter's file: `ESPRUINO_BIN`, or `espruino-linux` on the PATH; undefined where there is none. */
export function findEspruino(): string | undefined {
  const named = process.env.ESPRUINO_BIN;
  return named ? [named].find(isProgram) : onPath("espruino-linux");
}

/** A program by its name; undefined when there is none. */
export function onPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

/** Whether this file can be run. */
export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface EspruinoBoardOptions extends BoardOptions {
  /** The interpreter's file. Default: `findEspruino()`. */
  binary?: string;
  /**
   * Runs `.bootcde` out of RAM: some ten times as fast, for this build reads its Storage by system calls, a few bytes each,
   * where a board's flash is mapped into memory. Default false.
   */
  inMemory?: boolean;
  /** The interpreter ended by itself while it should run. */
  onExit?(reason: string): void;
}

/** Printed when the saved program has run. */
const READY = "<program has run>";
/** The program as a file, for `inMemory`. */
const PROGRAM = "program.js";
/** Milliseconds from the start to the first word of the console. */
const START_LIMIT = 15_000;
/**
 * The real interpreter on this computer. Its Storage is the file `espruino.flash` in the board's folder, and holds a file
 * of this runner's, `.boot0`. At another speed timers alone are faster: getTime() stays real. Type short lines: on a busy
 * computer the interpreter now and then loses a character of a line of thousands.
 */
export class EspruinoBoard implements Board {
  private readonly binary: string;
  private child?: ChildProcess;
  private prepared = false;

  constructor(private readonly options: EspruinoBoardOptions) {
    const binary = options.binary ?? findEspruino();
    if (!binary) throw new Error("no Espruino interpreter: set ESPRUINO_BIN to its file");
    this.binary = binary;
    mkdirSync(options.directory, { recursive: true });
  }

  async powerOn(): Promise<void> {
    if (this.child) return;
    const { directory, inMemory, speed = 1 } = this.options;
    if (inMemory) {
      const code = (await this.readFile(".bootcde")) ?? "";
      writeFileSync(join(directory, PROGRAM), `${bootCode(speed)}\n${code}\nprint("${READY}");`, "latin1");
    } else if (!this.prepared) await this.writeFile(".boot0", bootCode(speed));
    this.prepared = true;
    await this.start(inMemory ? [PROGRAM] : []);
  }

  powerOff(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child) return Promise.resolve();
    return new Promise((resolve) => {
      child.once("close", () => resolve());
      // It ignores SIGTERM at its prompt, and a power cut asks nobody.
      child.kill("SIGKILL");
    });
  }

  /** Stops the interpreter where it is, until `resume`: while it waits for its sockets it takes a whole core. */
  hold(): void {
    this.child?.kill("SIGSTOP");
  }

  resume(): void {
    this.child?.kill("SIGCONT");
  }

  type(line: string): void {
    if (!this.child) throw new Error("the board is off");
    // It reads only what its input buffer has room for.
    this.child.stdin!.write(line + "\n", "utf8");
  }

  async writeFile(name: string, content: string): Promise<void> {
    this.assertOff();
    if (content === "") await eraseFlashFile(this.binary, this.options.directory, name);
    else await writeFlashFile(this.binary, this.options.directory, name, content);
  }

  async readFile(name: string): Promise<string | undefined> {
    this.assertOff();
    return readFlashFile(this.binary, this.options.directory, name);
  }

  private assertOff(): void {
    if (this.child) throw new Error("the board is on: its Storage can be reached only while it is off");
  }

  private start(args: string[]): Promise<void> {
    // Its stdin stays open: at the end of it the interpreter floods the console.
    const child = spawn(this.binary, args, { cwd: this.options.directory, stdio: ["pipe", "pipe", "ignore"] });
    this.child = child;
    // A host that ends without a power cut would leave it flooding a console that nobody reads.
    const reap = () => void child.kill("SIGKILL");
    process.once("exit", reap);
    child.on("close", () => process.off("exit", reap));
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        reject(new Error("the interpreter did not start"));
        void this.powerOff();
      }, START_LIMIT);
      const lines = new LineReader((raw) => {
        const line = cleanLine(raw);
        if (line !== READY) return this.options.onLine(line);
        clearTimeout(limit);
        resolve();
      });
      child.stdout!.on("data", (bytes: Buffer) => {
        if (this.child === child) lines.push(bytes);
      });
      const ended = (reason: string) => {
        clearTimeout(limit);
        reject(new Error(reason));
        if (this.child !== child) return;
        this.child = undefined;
        this.options.onExit?.(reason);
      };
      child.stdin!.on("error", () => undefined);
      child.on("error", (error) => ended(`the interpreter could not be started: ${error.message}`));
      child.on("exit", (code, signal) => ended(`the interpreter ended (${signal ?? `exit code ${code}`})`));
    });
  }
}

/** Runs before the program: no echo on the console, word when the program has run, timers `speed` times as fast. */
function bootCode(speed: number): string {
  if (!(speed > 0)) throw new RangeError(`speed must be above 0, not ${speed}`);
  // A function of this file would live in flash, where a program may erase it; this one is in RAM.
  const code = `echo(0);E.on("init",new Function("print("+'"${READY}"'+")"));`;
  if (speed === 1) return code;
  return `${code}(function(k,timeout,interval,change){
global.setTimeout=function(f,ms,a,b){return timeout(f,ms/k,a,b)};
global.setInterval=function(f,ms,a,b){return interval(f,ms/k,a,b)};
global.changeInterval=function(id,ms){return change(id,ms/k)};
})(${speed},setTimeout,setInterval,changeInterval);`;
}
