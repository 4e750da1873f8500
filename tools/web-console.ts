/** `npm run console`: the firmware's own client in a browser, to try credentials, topics and messages with. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { Command, InvalidArgumentError } from "commander";
import { Failure, runCommand, UsageError } from "./command-line/exit";
import { LineMender } from "./console/line-mender";
import { parseBoardLine } from "./web-console/board/lines";
import { buildPage } from "./web-console/build";
import { servePage } from "./web-console/serve";
import type { Watch } from "./web-console/watch";
import { watchFeed, watchLog, watchPort } from "./web-console/watch";

interface CommandOptions {
  listen: number;
  out?: string;
  port?: string;
  log?: string;
  feed?: string;
}

function toPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new InvalidArgumentError("It must be 0–65535.");
  return port;
}

const program = new Command("npm run console --")
  .description(
    "Serve a page on 127.0.0.1 that connects to either cloud or a broker with the firmware's own code, shows every packet " +
      "byte by byte, and says what to check when something fails. Ctrl+C ends it.",
  )
  .option("--listen <number>", "the page's port; 0 takes any free one", toPort, 8090)
  .option("--out <folder>", "write the page there as one file, index.html, to open from the disk or to host, and end")
  .option("--port <port>", "also watch a board: /dev/ttyUSB0, COM3, or tcp://host:port")
  .option("--log <file>", "also watch a board's log that another program writes")
  .option("--feed <url>", "also watch a live feed, such as npm run field's: http://127.0.0.1:PORT/events")
  .showHelpAfterError("(--help shows the options)")
  .exitOverride();

function watchOf({ port, log, feed }: CommandOptions): Watch | undefined {
  if ([port, log, feed].filter((given) => given !== undefined).length > 1) {
    throw new UsageError("--port, --log and --feed exclude each other");
  }
  if (port !== undefined) return watchPort(port);
  if (log !== undefined) return watchLog(log);
  if (feed === undefined) return undefined;
  if (!URL.canParse(feed) || !/^https?:$/.test(new URL(feed).protocol)) {
    throw new UsageError(`${feed} is not of the form http://host:port/path`);
  }
  return watchFeed(feed);
}

async function writePage(folder: string): Promise<void> {
  const { html } = await buildPage();
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "index.html"), html);
  } catch (error) {
    throw new Failure(`cannot write to ${folder}: ${(error as Error).message}`);
  }
  console.log(`written   ${join(folder, "index.html")}, ${Math.round(Buffer.byteLength(html) / 1000)} kB`);
}

runCommand(async () => {
  program.parse();
  const given = program.opts<CommandOptions>();
  const watch = watchOf(given);
  if (given.out !== undefined) {
    if (watch) throw new UsageError("a page that is written to a folder has no server to watch a board with");
    return writePage(given.out);
  }
  const over = new AbortController();
  process.once("SIGINT", () => over.abort()).once("SIGTERM", () => over.abort());
  const server = await servePage(await buildPage(watch?.source), given.listen).catch((error: NodeJS.ErrnoException) => {
    const busy = `port ${given.listen} is in use: choose another with --listen, or --listen 0 for any free one`;
    throw error.code === "EADDRINUSE" ? new Failure(busy) : error;
  });
  const ended = new Promise<void>((resolve) => over.signal.addEventListener("abort", () => resolve(), { once: true }));
  console.log(`open      ${server.url}`);
  if (watch) console.log(`watching  ${watch.source}`);
  try {
    // Whatever else a console prints may be what somebody typed there.
    const pass = (line: string) => void (parseBoardLine(line) && server.tell(line));
    // A log may be a console as it was copied.
    const mender = new LineMender();
    const hear = (line: string) => mender.push(line).forEach(pass);
    await (watch ? watch.run(hear, over.signal) : ended);
  } finally {
    await server.close();
  }
});
