import type { Command } from "commander";
import { toDuration } from "../command-line/duration";
import { BoardConsole } from "./board-console";
import { choosePort, describeCandidates, listCandidates } from "./candidates";
import { openPort } from "./open-port";

/** Milliseconds for the first answer of a board, which may be asleep in a connect that blocks it; and for each later one. */
export const FIRST = 30_000;
const LATER = 4000;

/** What the options below leave in `opts()`. */
export interface PortOptions {
  port?: string;
  list?: boolean;
  timeout?: number;
}

/** The options of every command that talks to a board. */
export function addPortOptions(command: Command): Command {
  return command
    .option("--port <port>", "/dev/ttyUSB0, COM3, or tcp://host:port (default: the only serial port there is)")
    .option("--list", "list the serial ports that may be a board, and end")
    .option("--timeout <time>", "how long a board may take for its first answer (default: 30s)", toDuration);
}

/** Prints the ports there are. */
export async function printCandidates(): Promise<void> {
  const candidates = await listCandidates();
  console.log(candidates.length > 0 ? describeCandidates(candidates) : "no serial port found");
}

/** The console of the board that was named, or of the only one there is. Rejects with a Failure or a UsageError. */
export async function openBoard({ port, timeout = Infinity }: PortOptions): Promise<BoardConsole> {
  return new BoardConsole(await openPort(await choosePort(port)), Math.min(LATER, timeout));
}
