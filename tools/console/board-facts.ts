import { Failure } from "../command-line/exit";
import type { BoardConsole } from "./board-console";
import { BoardThrew, NoAnswer } from "./board-console";
import { imageLimits } from "./images";
import { forgetBoots } from "./opening";

/** What a board says of itself. */
export interface BoardFacts {
  /** Espruino's version, such as `2v29`. */
  version: string;
  /** The build, such as `ESP32`. */
  board: string;
  /** Unique to each chip. */
  serial: string;
  /** Variables, free now and in all. */
  free: number;
  total: number;
  /** Bytes of Storage: free, and taken by what has been replaced (compacting frees those). */
  storage: number;
  trash: number;
  /** On an ESP32's builds: bytes of the C heap that are free; what is on; whether BLE can be switched off for good. */
  heap?: number;
  ble?: boolean;
  wifi?: boolean;
  bleSwitch?: boolean;
}

const FACTS =
  '(function(s,m){var t=s.getStats?s.getStats():{};return {version:""+process.env.VERSION,board:""+process.env.BOARD,' +
  "serial:getSerial(),free:m.free,total:m.total,storage:s.getFree(),trash:t.trashBytes||0}})" +
  '(require("Storage"),process.memory())';

/** A question of its own: most builds have no `ESP32`. */
const ESP32_STATE =
  '(function(){try{var s=ESP32.getState();return {heap:s.freeHeap,ble:!!s.BLE,wifi:!!s.Wifi,bleSwitch:typeof ESP32.enableBLE=="function"}}' +
  "catch(e){return {}}})()";

/** The interpreter's Linux build ends itself where it is interrupted twice within 5 s. */
const BETWEEN_INTERRUPTS = 6000;

/**
 * The first words with a board, which may be asleep in a connect that blocks it. Its boots are forgotten: the opening of the port may have
 * been one. Rejects with NoAnswer after `patience` milliseconds. `interrupt`: may stop what runs on a board that does not answer.
 */
export async function meet(board: BoardConsole, patience: number, interrupt: boolean): Promise<BoardFacts> {
  const facts = await askFacts(board, patience, interrupt);
  await forgetBoots(board);
  return { ...facts, ...(await board.ask<Partial<BoardFacts>>(ESP32_STATE)) };
}

async function askFacts(board: BoardConsole, patience: number, interrupt: boolean): Promise<BoardFacts> {
  const begun = Date.now();
  let interrupted = -Infinity;
  let throws = 0;
  for (;;) {
    const left = patience - (Date.now() - begun);
    try {
      return await board.ask<BoardFacts>(FACTS, { tries: 1, wait: Math.max(1, Math.min(3000, left)) });
    } catch (error) {
      // One throw may be lost letters; where the question itself is too much for the board, it throws every time.
      if (error instanceof BoardThrew && ++throws < 3) continue;
      if (!(error instanceof NoAnswer)) throw error;
      if (Date.now() - begun >= patience) {
        throw new NoAnswer(
          `the board on ${board.port.name} does not answer within ${Math.round(patience / 1000)} s. Is it running Espruino ` +
            "(https://www.espruino.com/ESP32), is this the right port, and is nothing else talking to it? " +
            "Switching it off and on helps a board that hangs",
        );
      }
      if (interrupt && Date.now() - interrupted > BETWEEN_INTERRUPTS) {
        interrupted = Date.now();
        await board.interrupt();
      }
    }
  }
}

/** The board and its image in rows: what it is, and each thing that the image cannot do. */
export function showFacts(facts: BoardFacts, show: (what: string, text: string) => void): void {
  show("board", `${facts.board}, Espruino ${facts.version}, serial ${facts.serial}`);
  for (const limit of imageLimits(facts)) show("image", limit);
}

/** The least version of Espruino that the firmware runs on: it calls E.isUTF8. */
const LEAST_VERSION = [2, 20] as const;

/** Throws a Failure where the version is too old, or none. */
export function checkVersion(version: string): void {
  const match = /^(\d+)v(\d+)/.exec(version);
  const [major, minor] = match ? [Number(match[1]), Number(match[2])] : [0, 0];
  const [least, leastMinor] = LEAST_VERSION;
  if (major > least || (major === least && minor >= leastMinor)) return;
  throw new Failure(
    `the board runs Espruino ${version}; ${least}v${leastMinor} or later is needed: https://www.espruino.com/ESP32 tells how to put it on the chip`,
  );
}
