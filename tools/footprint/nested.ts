/** A bundle that counts how deep its calls nest. */
import { parse } from "acorn";
import type { AnyNode, FunctionDeclaration, FunctionExpression } from "acorn";
import { fullAncestor } from "acorn-walk";
import MagicString from "magic-string";
import { restocked } from "../build/shelf";

/** Where the counting bundle keeps the deepest nesting it has seen, and what it was in. */
export const DEEPEST = "deepestNesting";

/** Runs before a bundle that `nested` has made. An evaluation is a level of its own. */
export const NESTING =
  `var ${DEEPEST}=0,nesting=0;function entered(n){nesting=n+1;if(nesting>${DEEPEST})${DEEPEST}=nesting;return n}` +
  "function left(n,x){nesting=n;return x}";

/** The function's own level; each has a name of its own, for one in another must not hide it. */
const LEVEL = "levelOf";

/**
 * The same program, counting how many of its functions are being called at a time. What is thrown is followed to the `catch`
 * that takes it; what nobody takes leaves the count too high from then on.
 */
export function nested(code: string): string {
  const made = new MagicString(code);
  const levels = new Map<AnyNode, string>();
  const levelOf = (fn: AnyNode) => {
    if (!levels.has(fn)) levels.set(fn, `${LEVEL}${levels.size}`);
    return levels.get(fn)!;
  };
  // Inner nodes come first: of two at one place the outer one's text is put outside.
  const wrap = ({ start, end }: AnyNode, before: string, after: string) =>
    made.prependRight(start, before).appendLeft(end, after);
  fullAncestor(parse(code, { ecmaVersion: 5 }), (node, _state, path) => {
    const found = node as AnyNode;
    if (isFunction(found)) {
      const level = levelOf(found);
      made.appendLeft(found.body.start + 1, `var ${level}=entered(nesting);`);
      made.prependRight(found.body.end - 1, `;left(${level})`);
      return;
    }
    const holder = [...(path as AnyNode[])].reverse().find(isFunction);
    if (!holder) return;
    const level = levelOf(holder);
    if (found.type === "CatchClause") made.appendLeft(found.body.start + 1, `nesting=${level}+1;`);
    else if (found.type === "CallExpression" && found.callee.type === "Identifier" && found.callee.name === "eval") {
      wrap(found.arguments[0] as AnyNode, "(entered(nesting),", ")");
      wrap(found, `left(${level}+1,`, ")");
    } else if (found.type === "ReturnStatement") {
      if (found.argument) wrap(found.argument, ` left(${level},(`, "))");
      else made.appendLeft(found.start + "return".length, ` left(${level})`);
    }
  });
  return restocked(code, made.toString());
}

function isFunction(node: AnyNode): node is FunctionDeclaration | FunctionExpression {
  return node.type === "FunctionDeclaration" || node.type === "FunctionExpression";
}
