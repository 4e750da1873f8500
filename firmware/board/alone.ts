import type { EspruinoProcess, EspruinoUtilities } from "./espruino";

declare const E: EspruinoUtilities;
declare const process: EspruinoProcess;
declare function load(): void;

/** Hands to `handler` what nobody catches, and the interpreter's error flags as a list. */
export function onFault(handler: (what: unknown) => void): void {
  process.on("uncaughtException", handler);
  E.on("errorFlag", handler);
}

/** Forgets the interpreter's error flags, so that it tells them again when they are set again. */
export function clearFlags(): void {
  E.getErrorFlags();
}

/** Runs the saved program afresh, in a fresh interpreter. */
export function restart(): void {
  load();
}

/** Restarts the chip. */
export function reboot(): void {
  E.reboot();
}
