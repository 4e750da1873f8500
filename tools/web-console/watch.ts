/** Where a board's words come from while they are being said: its port, a log that grows, or another tool's live feed. */
import { createReadStream, statSync } from "node:fs";
import { LineReader } from "../board/console";
import { Failure, UsageError } from "../command-line/exit";
import { openPort } from "../console/open-port";
import { BootCauses } from "../monitor/boot-cause";
import { lineEntry, portEntry } from "../monitor/entry";
import { follow } from "../monitor/follow";

export interface Watch {
  /** What is watched, for people. */
  source: string;
  /** Tells each line until the signal. Rejects where there is nothing to watch. */
  run(onLine: (line: string) => void, signal: AbortSignal): Promise<void>;
}

/** Milliseconds between two looks at a file, and two attempts at a feed. */
const PAUSE = 500;
/** Bytes of a log that are read back: the page keeps no more. */
const TAIL = 4_000_000;

/** Whole lines without their end; one that has none is dropped, as a LineReader does. */
const lineReader = (onLine: (line: string) => void) => new LineReader((line) => onLine(line.replace(/\r$/, "")));

/** A board's console. */
export function watchPort(name: string): Watch {
  const causes = new BootCauses();
  return {
    source: name,
    run: (onLine, signal) =>
      follow(() => openPort(name), {
        onLine(line) {
          const entry = lineEntry(line);
          if (entry) onLine(JSON.stringify(causes.explain(entry)));
        },
        onPort: (state) => onLine(JSON.stringify(causes.explain(portEntry(name, state)))),
        signal,
      }),
  };
}

/** A file that another program appends to; one that becomes shorter is read from its beginning. */
export function watchLog(file: string): Watch {
  return {
    source: file,
    async run(onLine, signal) {
      const size = () => statSync(file, { throwIfNoEntry: false })?.size;
      if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw new UsageError(`${file} is a folder`);
      const found = size();
      if (found === undefined) throw new UsageError(`cannot read ${file}: there is no such file`);
      let at = Math.max(0, found - TAIL);
      let reader = lineReader(onLine);
      const read = async () => {
        const end = size() ?? 0;
        if (end < at) {
          at = 0;
          reader = lineReader(onLine);
        }
        if (end === at) return;
        for await (const chunk of createReadStream(file, { start: at, end: end - 1 })) {
          reader.push(chunk as Buffer);
        }
        at = end;
      };
      let reading = read();
      await reading;
      const look = () => (reading = reading.then(read).catch(() => undefined));
      // Looked at by the clock: a watch that begins after the first reading would miss what was added in between.
      const timer = setInterval(look, PAUSE);
      // It may have come during the first reading.
      if (!signal.aborted)
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      clearInterval(timer);
      await reading;
    },
  };
}

/** What went wrong with a request, for people. */
function describe({ message, cause }: Error, url: string): string {
  const { code = "", message: reason = message } = (cause ?? {}) as NodeJS.ErrnoException;
  return code.startsWith("ERR_SSL_") && url.startsWith("https:") ? "no TLS there; is it http://?" : reason;
}

/** JSON lines or server-sent events over HTTP; a feed that breaks off is asked for again. */
export function watchFeed(url: string): Watch {
  return {
    source: url,
    async run(onLine, signal) {
      // Of a server-sent event only its data counts, and a comment is nobody's word.
      const tell = (line: string) => {
        const text = line.replace(/^data:\s?/, "");
        if (text !== "" && !/^(:|event:|id:|retry:)/.test(text)) onLine(text);
      };
      let first = true;
      const attempt = async () => {
        const response = await fetch(url, { signal, headers: { accept: "text/event-stream, application/jsonl" } });
        if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
        // It is there: from now on whatever breaks it off, its end or an error, is waited for.
        first = false;
        const reader = lineReader(tell);
        for await (const chunk of response.body) {
          reader.push(Buffer.from(chunk as Uint8Array));
          // A body that has come whole does not hear of the signal, and its next chunk would never come.
          if (signal.aborted) return;
        }
      };
      while (!signal.aborted) {
        try {
          await attempt();
        } catch (error) {
          if (signal.aborted) return;
          if (first) throw new Failure(`cannot read ${url}: ${describe(error as Error, url)}`);
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
      }
    },
  };
}
