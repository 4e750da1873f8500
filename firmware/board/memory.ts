import type { EspruinoProcess } from "./espruino";

declare const process: EspruinoProcess;

/** Free variables of the interpreter, after a garbage collection; one is 14 bytes on an ESP32. */
export function freeVariables(): number {
  return process.memory().free;
}
