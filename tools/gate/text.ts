/** Faults that show in the text or while it is parsed. */
import { getLineInfo, parse as acornParse, type Program } from "acorn";
import type { GateFault } from "./fault";

const NOT_ASCII = /[^\0-\x7f]/;

/** The first character outside ASCII, if there is one. */
export function textFaults(code: string): GateFault[] {
  const offset = code.search(NOT_ASCII);
  if (offset < 0) return [];
  const message =
    "the bundle must be ASCII (terser: format.ascii_only), or bytes over 127 become two on boards without Unicode";
  return [at(code, offset, "ascii", message)];
}

/** The program, or the fault that kept it from being parsed as ES5. */
export function parse(code: string): { program?: Program; faults: GateFault[] } {
  const faults: GateFault[] = [];
  const onInsertedSemicolon = (end: number) => {
    // The interpreter takes line breaks for spaces, so only where one ends a statement by itself does it matter.
    const before = /(?:^|[^.\w$])return$/.test(code.slice(Math.max(0, end - 7), end));
    const after = /^\s*(\S\S?)/.exec(code.slice(end))?.[1] ?? "";
    if ((before && after !== "" && !after.startsWith("}")) || after === "++" || after === "--") {
      faults.push(at(code, end, "line-break", "end the statement with a semicolon: a line break does not end it here"));
    }
  };
  try {
    const program = acornParse(code, { ecmaVersion: 5, locations: true, sourceType: "script", onInsertedSemicolon });
    return { program, faults };
  } catch (error) {
    if (!(error instanceof SyntaxError) || !("pos" in error)) throw error;
    const message = `compile to ES5: ${error.message.replace(/ \(\d+:\d+\)$/, "")}`;
    return { faults: [at(code, Number(error.pos), "es5", message)] };
  }
}

function at(code: string, offset: number, rule: string, message: string): GateFault {
  const { line, column } = getLineInfo(code, offset);
  return { rule, message, line, column: column + 1 };
}
