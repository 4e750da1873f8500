/** Regular expressions that the interpreter's small engine reads wrongly, and slashes that its lexer does. */
import type { AnyNode, Program } from "acorn";
import { simple } from "acorn-walk";
import { faultAt, type GateFault } from "./fault";

export function regexpFaults(program: Program, code: string): GateFault[] {
  const faults: GateFault[] = [];
  const check = (node: AnyNode, pattern: string, flags: string): void => {
    const trouble = troubleIn(pattern, flags);
    if (trouble) faults.push(faultAt(node, "regexp", `${trouble}: parse by hand`));
  };
  simple(program, {
    Literal(node) {
      if (!node.regex) return;
      check(node, node.regex.pattern, node.regex.flags);
      if (/\)\s*$/.test(code.slice(0, node.start))) {
        faults.push(faultAt(node, "slash", "put braces around the statement: after a `)` the slash is a division"));
      }
    },
    BinaryExpression(node) {
      if (node.operator === "/" && code[node.left.end - 1] === "}") {
        faults.push(faultAt(node, "slash", "put the dividend in a variable: after a `}` the slash starts a pattern"));
      }
    },
    NewExpression: ({ callee, arguments: given }) => constructed(callee, given),
    CallExpression: ({ callee, arguments: given }) => constructed(callee, given),
  });

  function constructed(callee: AnyNode, [pattern, flags]: AnyNode[]): void {
    if (callee.type !== "Identifier" || callee.name !== "RegExp" || pattern?.type !== "Literal") return;
    check(pattern, String(pattern.value), flags?.type === "Literal" ? String(flags.value) : "");
  }
  return faults;
}

/** The pieces of a pattern: a character, an escape, a set, or an operator. */
const ATOM = /\\(?:x[0-9a-fA-F]{2}|.)|\[\^?(?:\\.|[^\]\\])*\]|[^\\[]/gs;

/** What in the pattern the engine cannot do; nothing for what it can. */
function troubleIn(pattern: string, flags: string): string | undefined {
  if (flags.includes("m")) return "the flag m is ignored";
  let depth = 0;
  let previous = "";
  const atoms = pattern.match(ATOM) ?? [];
  for (let i = 0; i < atoms.length; i++) {
    const atom = atoms[i];
    if (atom === "?")
      return previous === "(" ? "groups with (? are taken literally" : "? does not repeat or stop early";
    if (atom === "{" && /^\{\d+(?:,\d*)?\}/.test(atoms.slice(i).join(""))) return "{n} does not repeat";
    if (/^\\[1-9]/.test(atom)) return "back references throw";
    if (/^\\[bB]$/.test(atom)) return "\\b and \\B are no word boundaries";
    if (/^\\[uc]$/.test(atom)) return "\\u and \\c are taken literally";
    if (atom.startsWith("[") && atom.replace(/\\./gs, "").includes("/")) return "a slash in a set ends the pattern";
    if (atom === "(" && depth++ > 0) return "nested groups capture the wrong text";
    if (atom === ")") depth--;
    if (atom === "|" && depth > 0) return "an alternation in a group ends the whole match";
    if (atom === "|" && atoms.slice(0, i).includes("^")) return "alternatives after one with ^ are not tried";
    if (/^[*+]$/.test(atom) && previous === ")") return "groups cannot be repeated";
    previous = atom;
  }
  if (/^(?:\\.|\[(?:\\.|[^\]\\])*\]|[^\\^[])\*\$$/s.test(pattern)) return "nothing at the end is not found";
  return undefined;
}
