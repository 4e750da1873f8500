import type { BoardConsole } from "./board-console";
import { eraseFiles, readDigest } from "./board-storage";

/** What `Wifi.save()` leaves. The interpreter restores it behind `.bootcde`, so that it wins over device.json. */
const SAVED_NETWORK = ".wificfg";

/** Removes a network that somebody has saved on the board, and reports it. Rejects with a Failure. */
export async function removeSavedNetwork(
  board: BoardConsole,
  show: (what: string, text: string) => void,
): Promise<void> {
  if (!(await readDigest(board, SAVED_NETWORK))) return;
  await eraseFiles(board, [SAVED_NETWORK]);
  show(
    "removed",
    `${SAVED_NETWORK}, which Wifi.save() had left: it is restored after device.json is read, and would win`,
  );
}
