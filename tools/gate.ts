/**
 * The gate at the end of the build: refuses a bundle that Espruino would not run, or would run differently from Node.
 *
 * Every rule stands for something the interpreter (2v29) was seen to do, and its test shows it doing so. Code that
 * passes is not proved right: what depends on values (an array beyond 256 arguments, a null in `for…in`) shows only
 * when it runs.
 */
import type { Plugin } from "rollup";
import { absentFaults } from "./gate/absent";
import { declarationFaults } from "./gate/declarations";
import { apiFaults } from "./gate/apis";
import type { GateFault } from "./gate/fault";
import { orderFaults } from "./gate/order";
import { regexpFaults } from "./gate/regexp";
import { scopesOf } from "./gate/scopes";
import { statementFaults } from "./gate/statements";
import { parse, textFaults } from "./gate/text";

export type { GateFault } from "./gate/fault";

/**
 * Everything in `code` that Espruino cannot run, in the order of the text; empty when it can run all of it.
 * Lines and columns count from 1. Code that is not ES5 is reported as such and examined no further.
 */
export function gate(code: string): GateFault[] {
  const parsed = parse(code);
  const faults = [...textFaults(code), ...parsed.faults];
  if (parsed.program) {
    const scopes = scopesOf(parsed.program);
    faults.push(
      ...declarationFaults(scopes),
      ...orderFaults(parsed.program, scopes),
      ...statementFaults(parsed.program, code),
      ...regexpFaults(parsed.program, code),
      ...apiFaults(parsed.program, scopes),
      ...absentFaults(parsed.program, scopes),
    );
  }
  return faults.sort((a, b) => a.line - b.line || a.column - b.column);
}

/**
 * A rollup plugin that fails the build on any fault in a chunk as it is where the plugin stands: once before functions are
 * gathered, and, but for what follows calls into functions (`gathered`), once at the end.
 */
export function gatePlugin(gathered = false): Plugin {
  return {
    name: "gate",
    renderChunk(code, chunk) {
      const lines: string[] = [];
      for (const fault of gate(code)) {
        if (gathered && FOLLOWING_CALLS.includes(fault.rule)) continue;
        lines.push(`${chunk.fileName}:${fault.line}:${fault.column} ${fault.rule}: ${fault.message}`);
      }
      if (lines.length > 0) this.error(`the board cannot run this bundle\n${lines.join("\n")}`);
      return null;
    },
  };
}

/** A function that gathers others seems to use and to change whatever one of them does. */
const FOLLOWING_CALLS = ["declare-before-use", "evaluation-order"];
