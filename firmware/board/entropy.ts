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

/** 20 bytes from `before`, the generator and the clock, whose fraction differs with how long everything took; seeds with them. */
function stir(runtime: Runtime, before: string): string {
  const seed = runtime.sha1(before + getTime() + E.hwRand() + process.memory().usage);
  E.srand((seed.charCodeAt(16) << 24) | (seed.charCodeAt(17) << 16) | (seed.charCodeAt(18) << 8) | seed.charCodeAt(19));
  return seed;
}

/**
 * Seeds the interpreter's generator, which otherwise gives the same numbers after every boot of every board: from the
 * serial number (differs between boards), a chain of hashes kept in Storage (differs between boots), and the clock. Writes
 * Storage once.
 */
export function seedRandom(runtime: Runtime): void {
  const storage = require("Storage");
  const seed = stir(runtime, (storage.read(RECORD) || "") + getSerial());
  try {
    storage.write(RECORD, seed);
  } catch {
    // A full Storage leaves the clock and the serial number.
  }
}

/**
 * Seeds the generator again, before a TLS connect: TLS takes its keys from it (network.c, ssl_entropy), and its state has
 * 32 bits that every number it has given shows a part of.
 */
export function reseedRandom(runtime: Runtime): void {
  stir(runtime, "" + E.hwRand());
}
