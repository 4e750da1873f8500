/** What the opening of a port may do to the board behind it, and what the tools do about that. */
import { BOOTS } from "../../firmware/device/records";
import type { AskOptions, BoardConsole } from "./board-console";
import { eraseFiles } from "./board-storage";

/** Milliseconds from the opening of a port to the `boot` line of a board that it resets: an ESP32 takes some five seconds. */
export const OPENED_MS = 10_000;

/** Whether opening a port of this name can reset a board: TCP has no such lines. */
export function mayReset(port: string): boolean {
  return !port.startsWith("tcp:");
}

/**
 * Forgets the boots that the board has counted. Three that did not last a minute mean safe mode, and three runs of a tool, each of which
 * resets the board by opening its port, are no sign of trouble.
 */
export async function forgetBoots(board: BoardConsole, options?: AskOptions): Promise<void> {
  await eraseFiles(board, [BOOTS], options);
}
