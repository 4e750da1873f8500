import type { Runtime } from "../seams";
import { clearFlags, onFault, reboot, restart } from "../board/alone";
import { noteStarved } from "../board/sockets";
import { readFile, writeFile } from "../board/storage";
import { BOOTS, FAULTS } from "./records";
import type { Fields } from "./status";
import { say } from "./status";

/** As many are kept: the first ones tell the cause, and flash wears. */
const MOST = 3;
/** Of a fault's text, in characters. */
const LONGEST = 100;
/** Boots that did not last a minute before the board stays in safe mode. */
const LIMIT = 3;
/** Milliseconds of safe mode until the session is tried again. */
const HOUR = 3600000;

/**
 * Counts this boot, and hands faults to `handler` from now on. After three boots in a row that did not last the board is
 * in safe mode, which is told in a status line: returns what starts it again, with its session. An hour later that happens
 * by itself, since nobody may be there to do it.
 */
export function countBoot(runtime: Runtime, handler: (what: unknown) => void): (() => void) | undefined {
  // A record that a power cut has torn says nothing.
  const boots = +(readFile(BOOTS) || 0) || 0;
  const count = (boot: number) => {
    try {
      writeFile(BOOTS, "" + boot);
    } catch {
      // A full Storage: the session is worth more than the count.
    }
  };
  onFault(handler);
  if (boots < LIMIT) {
    count(boots + 1);
    return;
  }
  const start = () => {
    count(LIMIT - 1);
    restart();
  };
  runtime.setTimeout(start, HOUR);
  say({
    event: "safe-mode",
    boots: boots,
    fault: readFile(FAULTS),
    reason:
      "no session: " + boots + " boots in a row did not last a minute. device.start() tries again, as an hour does",
  });
  return start;
}

/** This boot has lasted: it counts as a good one. */
export function forgetBoots(): void {
  writeFile(BOOTS, "");
}

/**
 * Tells what nobody caught, or the interpreter's flags, and keeps it until it can be told while `online`: then come those
 * that were kept, once. Out of memory is no state to go on in: the board restarts.
 */
export function tellFault(online: boolean, what?: unknown): void {
  const kept = readFile(FAULTS) || "";
  let faults = kept;
  let fatal;
  let line: Fields | undefined;
  if (what) {
    let text = "" + what;
    if (Array.isArray(what)) {
      text = "flags " + what;
      clearFlags();
      for (let i = 0; i < what.length; i++) if (what[i] === "MEMORY") fatal = true;
    } else if (typeof what === "object") {
      const thrown = what as { message?: string; stack?: string };
      text = (thrown.message || text) + " " + (thrown.stack || "").trim().split("\n")[0];
    }
    text = text.split("\n").join(" ").trim().substr(0, LONGEST);
    // The socket's end tells of a handshake as well.
    // 2v20 has a word before.
    const tls = text.split("mbedtls_")[1] && (text.split("emory")[1] != null ? "tls-memory" : "tls-failed");
    if (tls === "tls-memory") noteStarved();
    if (tls || !online) line = { event: "error", code: tls || "uncaught", reason: text };
    if (!tls && faults.split("\n").length <= MOST) faults += text + "\n";
  }
  if (online) {
    const lines = faults.split("\n");
    for (let i = 0; i < lines.length; i++) if (lines[i]) say({ event: "fault", reason: lines[i] });
    faults = "";
  }
  try {
    if (faults !== kept) writeFile(FAULTS, faults);
  } catch {
    // A full Storage keeps nothing.
  }
  // Last: what follows a fault may be the end.
  if (line) say(line);
  if (fatal) reboot();
}
