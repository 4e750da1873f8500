import type { EspruinoRequire } from "./espruino";

declare const require: EspruinoRequire;

/** Reads a whole file of the board's Storage; undefined when there is none. */
export function readFile(name: string): string | undefined {
  return require("Storage").read(name);
}
