/** A program on the real interpreter, from power on to power cut, in a folder of its own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EspruinoBoard } from "../board/espruino";

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

/** What a running program tells. */
export class BoardRun {
  readonly lines: string[] = [];
  private check = () => undefined as void;

  /** Resolves to the first line, told already or to come, that passes; rejects after `limit` milliseconds. */
  line(test: (line: string) => boolean, what: string, limit = PATIENCE): Promise<string> {
    return new Promise((resolve, reject) => {
      let at = 0;
      const timer = setTimeout(() => {
        reject(new Error(`no ${what} in ${limit / 1000} s; the board said:\n${this.lines.slice(-20).join("\n")}`));
      }, limit);
      this.check = () => {
        while (at < this.lines.length) {
          const line = this.lines[at++];
          if (!test(line)) continue;
          clearTimeout(timer);
          this.check = () => undefined;
          return resolve(line);
        }
      };
      this.check();
    });
  }

  /** The rest of the first line that begins with `mark`. */
  async told(mark: string, limit?: number): Promise<string> {
    return (await this.line((line) => line.startsWith(mark), `line ${mark}`, limit)).slice(mark.length).trim();
  }

  hear(line: string): void {
    this.lines.push(line);
    this.check();
  }
}

/** Runs `program` while `use` listens to it, then cuts the power. */
export async function runOnBoard<T>(program: Program, use: (run: BoardRun) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "measure-"));
  const run = new BoardRun();
  const { binary, inMemory } = program;
  const board = new EspruinoBoard({ directory, binary, inMemory, onLine: (line) => run.hear(line) });
  try {
    for (const [name, content] of Object.entries({ ".bootcde": program.code, ...program.files })) {
      await board.writeFile(name, content);
    }
    await board.powerOn();
    return await use(run);
  } finally {
    await board.powerOff();
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
