/** Bluetooth off for good: the first step of `npm run flash -- --no-ble`, since it erases `.bootcde` and restarts the board. */
import { Failure } from "../command-line/exit";
import type { BoardConsole } from "../console/board-console";
import type { BoardFacts } from "../console/board-facts";
import { meet } from "../console/board-facts";

export interface BleOptions {
  /** Whether to switch it off. */
  off: boolean;
  /** Milliseconds for the board's first answer behind its restart. */
  patience: number;
  show(what: string, text: string): void;
}

/** Variables that BLE takes, by the images' source and what was seen on one. */
const GAIN = "some 2,000 variables";

/** Switches BLE off on request, where the build can; reports what it costs where it stays on. Resolves to the board's facts from then on. */
export async function settleBle(board: BoardConsole, facts: BoardFacts, options: BleOptions): Promise<BoardFacts> {
  const { off, patience, show } = options;
  if (facts.ble !== true) {
    if (off) show("ble", facts.ble === false ? "is off already" : "this build has none that is on");
    return facts;
  }
  if (!off) {
    show(
      "ble",
      `is on: it takes ${GAIN}, and its console is open to anybody in radio range; --no-ble switches it off for good, which a device.json with telnet needs`,
    );
    return facts;
  }
  if (!facts.bleSwitch) {
    show("ble", "is on, and this build has no switch for it");
    return facts;
  }
  if (facts.wifi !== true) {
    throw new Failure(
      "Wi-Fi is switched off on this board, and with BLE off as well it would restart for ever: at its console, ESP32.enableWifi(true) first",
    );
  }
  // The answer comes before the restart does.
  await board.ask("(global.__ble=1,setTimeout(function(){ESP32.enableBLE(false)},100),1)");
  const begun = Date.now();
  do {
    const heard = await meet(board, patience, false);
    if (heard.ble === false && (await board.ask<boolean>("global.__ble!==1"))) {
      // The restart may have come in the middle of those facts.
      const restarted = await meet(board, patience, false);
      show("ble", `off for good: ${restarted.total} variables instead of ${facts.total}, and no console by Bluetooth`);
      return restarted;
    }
  } while (Date.now() - begun <= patience);
  throw new Failure("the board did not switch BLE off: switch it off and on, and flash again");
}
