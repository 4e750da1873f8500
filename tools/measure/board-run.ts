/** A program on the real interpreter, from power on to power cut, in a folder of its own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EspruinoBoard } from "../board/espruino";
import { Failure } from "../command-line/exit";

export interface Program {
  /** Runs at power on. */
  code: string;
  /** Other files in Storage. */
  files?: Record<string, string>;
  /** Runs `code` out of RAM instead of Storage. */
  inMemory?: boolean;
  /** The interpreter's file. */
  binary: string;
}

/** Milliseconds that waiting for a line may take by default. */
const PATIENCE = 60_000;

/** How the interpreter reports an exception that nobody has caught, and a program of ours that it cannot go on. */
const FAILED = /^(Uncaught |~failed )/;

/** What a running program tells. */
export class BoardRun {
  readonly lines: string[] = [];
  private readonly checks = new Set<() => void>();
  private board?: EspruinoBoard;
  private ended?: string;

  /**
   * Resolves to the first line, from the one with the index `from` on and told already or to come, that passes. Rejects after
   * `limit` milliseconds, and when the program fails.
   */
  line(test: (line: string) => boolean, what: string, limit = PATIENCE, from = 0): Promise<string> {
    return this.watch(test, what, limit, from).found;
  }

  /** Resolves as `work` does; rejects when the program fails before, or after `limit` milliseconds. */
  async during<T>(work: Promise<T>, what: string, limit = PATIENCE): Promise<T> {
    const { found, cancel } = this.watch(() => false, what, limit, this.lines.length);
    try {
      return (await Promise.race([work, found])) as T;
    } finally {
      cancel();
    }
  }

  private watch(test: (line: string) => boolean, what: string, limit: number, from: number) {
    let cancel = () => undefined as void;
    const found = new Promise<string>((resolve, reject) => {
      let at = from;
      const fail = (why: string) => {
        cancel();
        reject(new Failure(`no ${what}: ${why}; the board said:\n${this.lines.slice(-20).join("\n")}`));
      };
      const check = () => {
        while (at < this.lines.length) {
          const line = this.lines[at++];
          if (test(line)) {
            cancel();
            return resolve(line);
          }
          if (FAILED.test(line)) return fail("the program failed");
        }
        if (this.ended) fail(this.ended);
      };
      const timer = setTimeout(() => fail(`not in ${limit / 1000} s`), limit);
      cancel = () => {
        clearTimeout(timer);
        this.checks.delete(check);
      };
      this.checks.add(check);
      check();
    });
    return { found, cancel };
  }

  /** The rest of the first line that begins with `mark`. */
  async told(mark: string, limit?: number, from?: number): Promise<string> {
    return (await this.line((line) => line.startsWith(mark), `line ${mark}`, limit, from)).slice(mark.length).trim();
  }

  /** Powers a board on to run `program`. */
  async start({ code, files, binary, inMemory }: Program, directory: string): Promise<void> {
    const board = new EspruinoBoard({
      directory,
      binary,
      inMemory,
      onLine: (line) => this.hear(line),
      onExit: (reason) => this.end(reason),
    });
    this.board = board;
    for (const [name, content] of Object.entries({ ".bootcde": code, ...files })) await board.writeFile(name, content);
    try {
      await board.powerOn();
    } catch (error) {
      throw new Failure(`${(error as Error).message}; it said:\n${this.lines.slice(-20).join("\n")}`, { cause: error });
    }
  }

  /** Stops the board's time; others have its share of the computer until `resume`. */
  hold(): void {
    this.board?.hold();
  }

  resume(): void {
    this.board?.resume();
  }

  async stop(): Promise<void> {
    await this.board?.powerOff();
  }

  private end(reason: string): void {
    this.ended = reason;
    for (const check of [...this.checks]) check();
  }

  private hear(line: string): void {
    this.lines.push(line);
    for (const check of [...this.checks]) check();
  }
}

/** Runs `program` while `use` listens to it, then cuts the power. */
export async function runOnBoard<T>(program: Program, use: (run: BoardRun) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "measure-"));
  const run = new BoardRun();
  try {
    await run.start(program, directory);
    return await use(run);
  } finally {
    await run.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What kind of interpreter a figure was measured on. */
export interface Build {
  version: string;
  /** Bytes of one variable; 14 on an ESP32. */
  blocksize: number;
  /** Text is not a row of bytes; boards are built without. */
  unicode: boolean;
  /** Native hashes. */
  crypto: boolean;
  tls: boolean;
}

const ASK = `print("~build "+JSON.stringify({
version:process.env.VERSION,blocksize:process.memory().blocksize,unicode:E.isUTF8("\\u4e2d"),
crypto:process.env.MODULES.indexOf("crypto")>=0,tls:process.env.MODULES.indexOf("tls")>=0}));
setInterval(function(){},1000);`;

/** Asks an interpreter what it is. */
export function identify(binary: string): Promise<Build> {
  return runOnBoard({ code: ASK, binary }, async (run) => JSON.parse(await run.told("~build")) as Build);
}

/** A build in a few words. */
export function describeBuild({ version, blocksize, unicode, crypto, tls }: Build): string {
  const word = (has: boolean, what: string) => `${has ? "with" : "without"} ${what}`;
  const parts = [word(unicode, "Unicode"), word(crypto, "native hashes"), word(tls, "TLS")];
  return `Espruino ${version}, variables of ${blocksize} bytes, ${parts.join(", ")}`;
}
