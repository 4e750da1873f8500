import type { BoardConsole } from "../console/board-console";
import { BoardThrew } from "../console/board-console";
import { forgetBoots } from "../console/opening";

/** Text that arrived as its UTF-8 bytes, which is how a board without Unicode keeps it; anything else unchanged. */
function decoded(text: string): string {
  const bytes = Buffer.from(text, "latin1");
  const decoded = bytes.toString("utf8");
  return bytes.toString("latin1") === text && !decoded.includes("\ufffd") ? decoded : text;
}

/**
 * Runs a command (a byte string), once: a command may do something, so it is not sent again where no
 * answer comes. Resolves to what its last statement gives, as JSON. Rejects with BoardThrew, NoAnswer, or the port's failure.
 */
export async function sendCommand(board: BoardConsole, command: string, wait: number): Promise<string> {
  // Once: the command may have been one that restarts the board.
  const forget = () => forgetBoots(board, { tries: 1 }).catch(() => undefined);
  let value: unknown;
  try {
    value = await board.ask<unknown>(command, { tries: 1, wait });
  } catch (error) {
    if (error instanceof BoardThrew) await forget();
    throw error;
  }
  await forget();
  return value === undefined ? "undefined" : decoded(JSON.stringify(value));
}
