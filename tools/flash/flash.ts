/** Firmware onto a board, verified: what `npm run flash` does once it has a bundle and a console. */
import { Failure } from "../command-line/exit";
import type { BoardConsole } from "../console/board-console";
import { checkVersion, meet, showFacts } from "../console/board-facts";
import { describeDigest, digestLike, FILE_HEADER, isSame, readDigest } from "../console/board-storage";
import { forgetBoots } from "../console/opening";
import { restart } from "../console/restart";
import { removeSavedNetwork } from "../console/saved-network";
import { describeStatus } from "../status-line";
import { settleBle } from "./ble";
import { Refused, uploadFile } from "./upload";

/** What runs at power-on. */
const BOOT_CODE = ".bootcde";
/** What the firmware takes at the peak of a burst, measured on the 32-bit build, and something to spare. */
const LEAST_VARIABLES = 1800;
/** How often the whole file is written where what is read back differs. */
const TRIES = 3;

export interface FlashOptions {
  /** Milliseconds that a board may take for its first answer. */
  patience: number;
  /** Whether BLE is to be switched off for good. */
  bleOff: boolean;
  /** Whether to wait for `online` after `boot`, and for how many milliseconds. */
  online: boolean;
  onlineLimit: number;
  /** A row of what happens: a word, and what there is to say. */
  show(what: string, text: string): void;
  /** Bytes written so far, of how many. */
  progress(bytes: number, total: number): void;
}

/** Puts `firmware` (ASCII) where it runs at power-on, unless it is there already, starts it and waits. Rejects with a Failure. */
export async function flashBoard(board: BoardConsole, firmware: string, options: FlashOptions): Promise<void> {
  const { show } = options;
  const met = await meet(board, options.patience, true);
  showFacts(met, show);
  checkVersion(met.version);
  const facts = await settleBle(board, met, { off: options.bleOff, patience: options.patience, show });
  const there = await readDigest(board, BOOT_CODE);
  if (there && isSame(firmware, there)) {
    show("same", `already there, not written: ${describeDigest(there)}`);
  } else {
    const room = facts.storage + facts.trash + (there?.length ?? 0);
    const needed = firmware.length + FILE_HEADER;
    if (room < needed) {
      throw new Failure(
        `Storage has room for ${room} bytes, the firmware takes ${needed}: at the board's console, ` +
          'require("Storage").list() shows what is there, require("Storage").erase(name) makes room',
      );
    }
    await clearMemory(board, options);
    show("room", `${room} bytes of Storage for ${needed}`);
    await write(board, firmware, options);
  }
  // The boots of the firmware before: new firmware starts without them.
  await forgetBoots(board);
  await removeSavedNetwork(board, show);
  await restart(board, {
    online: options.online,
    onlineLimit: options.onlineLimit,
    show: (status) => show("status", describeStatus(status)),
  });
}

/** Stops whatever runs: it may live in the very file that is about to be replaced. */
async function clearMemory(board: BoardConsole, { patience, show }: FlashOptions): Promise<void> {
  // A board interrupted before has nothing to reset, and says so by answering all the same.
  await board.ask("(global.__old=1,setTimeout(function(){reset()},100),1)");
  const begun = Date.now();
  // The answer comes before the reset does, and what is free by then is what the old firmware leaves.
  while (await board.ask<boolean>("global.__old===1")) {
    if (Date.now() - begun > patience)
      throw new Failure("the board does not stop what it runs: switch it off and on, and flash again");
  }
  const { free, total } = await meet(board, patience, false);
  show("memory", `${free} of ${total} variables free`);
  if (free < LEAST_VARIABLES) {
    throw new Failure(
      `the board has ${free} variables free, the firmware takes ${LEAST_VARIABLES}: this build of Espruino is too small for it`,
    );
  }
  // The watchdog of the firmware before outlives it, and nobody feeds it now but the interpreter itself.
  await board.ask("E.enableWatchdog(120)");
  // The uploader looks for the prompt.
  await board.ask("echo(1)");
}

async function write(board: BoardConsole, firmware: string, { progress, show }: FlashOptions): Promise<void> {
  for (let tries = 1; ; tries++) {
    const begun = Date.now();
    const fault = await uploadFault(board, firmware, progress);
    const there = await readDigest(board, BOOT_CODE);
    if (there && isSame(firmware, there)) {
      show("written", `${there.length} bytes in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
      show("verified", describeDigest(there));
      return;
    }
    const found = there
      ? `${describeDigest(there)} instead of ${describeDigest(digestLike(firmware, there))}`
      : "no file";
    if (tries === TRIES) {
      throw (
        fault ??
        new Failure(
          `what the board has is not what was sent: ${found}. It is no firmware that could run; use a shorter or better cable, close other programs on this port, and flash again`,
        )
      );
    }
    show("differs", `${found}; writing it again`);
  }
}

/** Uploads; returns what the board refused, for that may be mended by beginning again. Rejects with what cannot. */
async function uploadFault(
  board: BoardConsole,
  firmware: string,
  progress: FlashOptions["progress"],
): Promise<Failure | undefined> {
  try {
    await uploadFile(board.port, BOOT_CODE, firmware, (bytes) => progress(bytes, firmware.length));
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
  return undefined;
}
