import type { Command } from "commander";
import { toDuration } from "../command-line/duration";
import { BoardConsole } from "./board-console";
import { choosePort, describeCandidates, listCandidates } from "./candidates";
import { openPort } from "./open-port";

/** What the options below leave in `opts()`. */
export interface PortOptions {
  port?: string;
  list?: boolean;
  timeout: number;
}

/** The options of every command that talks to a board. */
export function addPortOptions(command: Command): Command {
  return command
    .option("--port <port>", "/dev/ttyUSB0, COM3, or tcp://host:port (default: the only serial port there is)")
    .option("--list", "list the serial ports that may be a board, and end")
    .option("--timeout <time>", "how long a board may take for its first answer", toDuration, 30_000);
}

/** Prints the ports there are. */
export async function printCandidates(): Promise<void> {
  const candidates = await listCandidates();
  console.log(candidates.length > 0 ? describeCandidates(candidates) : "no serial port found");
}

/** The console of the board that was named, or of the only one there is. Rejects with a Failure or a UsageError. */
export async function openBoard(named: string | undefined): Promise<BoardConsole> {
  return new BoardConsole(await openPort(await choosePort(named)));
}
