import type { Runtime } from "../seams";
import type { EspruinoProcess, EspruinoRequire, EspruinoUtilities } from "./espruino";

declare const E: EspruinoUtilities;
declare const process: EspruinoProcess;
declare const require: EspruinoRequire;
declare function getSerial(): string;
/** Seconds since 1970, or since boot where nothing has set the clock. */
declare function getTime(): number;

/** The record that differs at each boot of one board. */
const RECORD = "boot.seed";

/**
 * Seeds the interpreter's generator, which otherwise gives the same numbers after every boot of every board: from the
 * serial number (differs between boards), a chain of hashes kept in Storage (differs between boots), and the clock,
 * whose fraction differs with how long the start took. Writes Storage once.
 */
export function seedRandom(runtime: Runtime): void {
  const storage = require("Storage");
  const seed = runtime.sha1(
    (storage.read(RECORD) || "") + getSerial() + getTime() + E.hwRand() + process.memory().usage,
  );
  try {
    storage.write(RECORD, seed);
  } catch {
    // A full Storage leaves the clock and the serial number.
  }
  E.srand((seed.charCodeAt(16) << 24) | (seed.charCodeAt(17) << 16) | (seed.charCodeAt(18) << 8) | seed.charCodeAt(19));
}
