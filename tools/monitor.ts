/** `npm run monitor`: what a board tells, live and in a log; or one command at its console. */
import { appendFileSync } from "node:fs";
import process from "node:process";
import { Command } from "commander";
import { textToBytes } from "./board/board";
import { toDuration } from "./command-line/duration";
import { runCommand, UsageError } from "./command-line/exit";
import { choosePort } from "./console/candidates";
import { BoardConsole } from "./console/board-console";
import { meet } from "./console/board-facts";
import { openPort } from "./console/open-port";
import type { PortOptions } from "./console/port-option";
import { addPortOptions, FIRST, printCandidates } from "./console/port-option";
import { BootCauses } from "./monitor/boot-cause";
import type { Entry } from "./monitor/entry";
import { describeEntry, deviceEntry, imageEntry, lineEntry, portEntry } from "./monitor/entry";
import { follow } from "./monitor/follow";
import { sendCommand } from "./monitor/send";

interface CommandOptions extends PortOptions {
  log?: string;
  send?: string;
  for?: number;
  json?: boolean;
}

const program = addPortOptions(new Command("npm run monitor --"))
  .description(
    "Show which image a board runs and what that cannot do, how its firmware stands, then its status lines and other output, as they come. A port that goes away is waited for and opened again. Ctrl+C ends it. " +
      "Exit code 0 at the end, 1 when the port could not be opened at first or a --send failed, 2 for wrong usage.",
  )
  .option("--log <file>", "append every line to a file as JSON, with the time")
  .option("--json", "show JSON as well")
  .option("--for <time>", "end by itself", toDuration)
  .option("--send <command>", "run one command at the board's console, show what it prints and gives, and end")
  .showHelpAfterError("(--help shows the options)")
  .exitOverride();

/** How the firmware stands; null on a board without it. */
const STATE = 'typeof device=="object"&&device&&typeof device.status=="function"?device.status():null';

/** Shows which image a board runs and, where the firmware answers, how it stands: one that is offline may print nothing for minutes. */
async function greet(board: BoardConsole, patience: number, show: (entry: Entry) => void): Promise<void> {
  show(imageEntry(await meet(board, patience, false)));
  const state = await board.ask<Record<string, unknown> | null>(STATE, { tries: 1 });
  if (typeof state === "object" && state !== null) show(deviceEntry(state));
}

/** How to write to the log. Each line is on the disk at once: whoever cuts the power loses none. Throws a UsageError. */
function openLog(file: string): (entry: Entry) => void {
  let failed = false;
  const append = (text: string) => appendFileSync(file, text);
  try {
    append("");
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${(error as Error).message}`);
  }
  return (entry) => {
    try {
      append(JSON.stringify(entry) + "\n");
      failed = false;
    } catch (error) {
      // A full disk is told once, and the live view goes on.
      if (!failed) process.stderr.write(`cannot write ${file}: ${(error as Error).message}\n`);
      failed = true;
    }
  };
}

runCommand(async () => {
  program.parse();
  const given = program.opts<CommandOptions>();
  if (given.list) return printCandidates();
  const log = given.log === undefined ? undefined : openLog(given.log);
  const causes = new BootCauses();
  const show = (heard: Entry) => {
    const entry = causes.explain(heard);
    log?.(entry);
    console.log(given.json ? JSON.stringify(entry) : describeEntry(entry));
  };
  const name = await choosePort(given.port);
  if (given.send !== undefined) {
    const board = new BoardConsole(await openPort(name));
    causes.explain(portEntry(name, "open"));
    const stop = board.onLine((line) => {
      const entry = lineEntry(line);
      if (entry) show(entry);
    });
    try {
      const value = await sendCommand(board, textToBytes(given.send), given.timeout ?? FIRST);
      console.log(`= ${value}`);
    } finally {
      stop();
      await board.close();
    }
    return;
  }
  const over = new AbortController();
  process.once("SIGINT", () => over.abort()).once("SIGTERM", () => over.abort());
  const limit = given.for === undefined ? undefined : setTimeout(() => over.abort(), given.for);
  try {
    await follow(() => openPort(name), {
      onLine(line) {
        const entry = lineEntry(line);
        if (entry) show(entry);
      },
      onPort: (state) => show(portEntry(name, state)),
      // A board that does not answer is listened to all the same.
      onConsole: (board) => void greet(board, given.timeout ?? FIRST, show).catch(() => undefined),
      signal: over.signal,
    });
  } finally {
    clearTimeout(limit);
  }
});
