/** A file into the board's Storage, through the `espruino` package. */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { crc32 } from "node:zlib";
import { Failure } from "../command-line/exit";
import type { Port } from "../console/port";

/** Bytes written by one statement: the board gathers the line in its memory, half as long again. */
const PIECE = 768;
/** Milliseconds for one statement; the package itself gives up after two or three seconds without a word from the board. */
const LIMIT = 20_000;
/** How often a piece is sent before the upload is given up, and how often of those without any answer, which takes seconds. */
const TRIES = 16;
const SILENT_TRIES = 4;
/** How often the board may say that it cannot write a piece. */
const REFUSALS = 3;
/** What a piece answers that did not arrive as it was sent, as JSON. */
const GARBLED = '"garbled"';
const ADVICE = "Use a shorter or better cable, close other programs on this port, and try again";

/** The board would not write a piece: what is there may be wrong, and another upload from the beginning may help. */
export class Refused extends Failure {}

type FromWorker =
  | { type: "ready" }
  | { type: "failed" }
  | { type: "write"; id: number; bytes: Uint8Array }
  | { type: "result"; result?: string };

/** The package's `executeExpression` on a port. */
class Uploader {
  private readonly worker = new Worker(join(__dirname, "espruino-worker.js"), { stdout: true, stderr: true });
  private readonly stopListening: () => void;
  private settle: (message: FromWorker) => void = () => undefined;
  private fail: (error: Error) => void = () => undefined;

  constructor(port: Port) {
    this.stopListening = port.onData((bytes) =>
      this.worker.postMessage({ type: "bytes", bytes: Uint8Array.from(bytes) }),
    );
    this.worker.on("error", (error) => this.fail(error as Error));
    void port.gone.then(() => this.fail(new Failure(`${port.name} is gone: is the board still plugged in?`)));
    this.worker.on("message", (message: FromWorker) => {
      if (message.type !== "write") return this.settle(message);
      port.write(Buffer.from(message.bytes)).then(
        () => this.worker.postMessage({ type: "written", id: message.id }),
        (error: Error) => this.fail(error),
      );
    });
  }

  async open(): Promise<void> {
    const { type } = await this.next("the espruino package did not start");
    if (type !== "ready") throw new Failure("the espruino package cannot use the port");
  }

  /** JSON of the expression's value; undefined where the board gave no answer. */
  async run(expression: string): Promise<string | undefined> {
    const message = this.next("the espruino package got stuck: switch the board off and on, then try again");
    this.worker.postMessage({ type: "run", expression });
    const told = await message;
    return told.type === "result" ? told.result?.trim() : undefined;
  }

  async close(): Promise<void> {
    this.stopListening();
    await this.worker.terminate();
  }

  /** The next message; rejects when the worker or the port fails, or after the limit. */
  private next(late: string): Promise<FromWorker> {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => this.fail(new Failure(late)), LIMIT);
      const over = <T>(then: (value: T) => void) => {
        return (value: T) => {
          clearTimeout(limit);
          then(value);
        };
      };
      this.settle = over(resolve);
      this.fail = over(reject);
    });
  }
}

/**
 * Writes `content` (a byte string) as the file `name`, piece by piece; each piece is checked by the board before it is written
 * and sent again where it was garbled or got no answer. Rejects with a Failure, a Refused among them. The board must stand at its prompt, and what is
 * in Storage afterwards is for the caller to verify.
 */
export async function uploadFile(
  port: Port,
  name: string,
  content: string,
  progress: (bytes: number) => void,
): Promise<void> {
  const uploader = new Uploader(port);
  try {
    await uploader.open();
    await confirmed(
      uploader,
      `(function(s){s.erase(${JSON.stringify(name)});return true})(require("Storage"))`,
      "erase",
    );
    for (let at = 0; at < content.length; at += PIECE) {
      const piece = content.slice(at, at + PIECE);
      await confirmed(
        uploader,
        writePiece(name, piece, at, content.length),
        `write bytes ${at} to ${at + piece.length} of`,
      );
      progress(at + piece.length);
    }
  } finally {
    await uploader.close();
  }

  async function confirmed(uploader: Uploader, expression: string, what: string): Promise<void> {
    let told: string | undefined;
    let refusals = 0;
    for (let silent = 0, tries = 0; tries < TRIES && silent < SILENT_TRIES && refusals < REFUSALS; tries++) {
      told = await uploader.run(expression);
      if (told === "true") return;
      if (told === undefined) silent++;
      else if (told !== GARBLED) refusals++;
    }
    const text = `the board did not ${what} ${name}: ${told === undefined ? "it gave no answer" : `it says ${told}`}. ${ADVICE}`;
    throw refusals < REFUSALS ? new Failure(text) : new Refused(text);
  }
}

/** The statement that writes one piece, where it arrived as it was sent. Keeps a watchdog that the last firmware left quiet. */
function writePiece(name: string, piece: string, at: number, length: number): string {
  const data = Buffer.from(piece, "latin1").toString("base64");
  const sum = crc32(Buffer.from(`${piece}${at}`, "latin1")) | 0;
  const file = JSON.stringify(name);
  return (
    `(function(d,o){try{if(E.CRC32(d+o)^${sum})return ${GARBLED};E.kickWatchdog();` +
    `return require("Storage").write(${file},d,o${at === 0 ? `,${length}` : ""})}catch(e){return ""+e}})(atob("${data}"),${at})`
  );
}
