/**
 * Puts rare functions that are called in one place where they are called, and short expressions everywhere: each function
 * on the shelf costs its wrapping and the number of its place, and each call some 700 bytes of the board's stack.
 */
import type { NodePath } from "@babel/core";
import type { types as t } from "@babel/core";
import type { Plugin } from "rollup";
import { treePlugin } from "./ast";
import type { Fn } from "./inline";
import { fits, hasClosure, isExpression, isSimple, splice, substitute } from "./inline";

/** Characters of a function that may grow another one: what is read past each time. */
const LONGEST = 1500;
/** Characters of an expression that is no longer than its call. */
const SHORT = 30;

/** `hot`: names of functions that neither go nor grow, those that run for each message. */
export function foldPlugin(hot: readonly string[]): Plugin {
  return treePlugin("fold", (scope) => {
    const stays = new Set(hot);
    for (let before = -1, done = 0; before !== done;) {
      before = done;
      scope.scope.crawl();
      for (const name of Object.keys(scope.scope.bindings)) {
        if (stays.has(name)) continue;
        if (fold(scope, name, stays)) {
          done++;
          scope.scope.crawl();
        }
      }
    }
  });
}

/** Whether the function of this name is gone. */
function fold(scope: NodePath<t.Program | t.BlockStatement>, name: string, stays: ReadonlySet<string>): boolean {
  const binding = scope.scope.getBinding(name);
  const fn = binding?.path;
  if (!binding?.constant || !fn?.isFunctionDeclaration() || binding.references === 0) return false;
  const length = fn.toString().length;
  const callers = binding.referencePaths.map((path) => callerOf(path, scope));
  if (callers.some((caller) => !caller || caller === fn || stays.has(caller.node.id!.name))) return false;
  if (isExpression(fn) && (length < SHORT + `function ${name}`.length || binding.references === 1)) {
    return binding.referencePaths.every((path) => isSteady(fn, path)) && substitute(fn, binding.referencePaths);
  }
  if (binding.references !== 1 || hasClosure(fn) || length > LONGEST) return false;
  const call = binding.referencePaths[0].parentPath;
  if (!call?.isCallExpression() || call.node.callee !== binding.referencePaths[0].node) return false;
  const place = call.parentPath as NodePath<t.Statement>;
  if (!fits(fn, place)) return false;
  splice(fn, call, place);
  return true;
}

/**
 * Whether the arguments of a call are worth the same wherever they are looked at, and whether they are: nothing that is computed,
 * and nothing but names and constants where the function does something first, or may not look.
 */
function isSteady(fn: Fn, callee: NodePath): boolean {
  const call = callee.parentPath;
  if (!call?.isCallExpression() || callee.key !== "callee") return false;
  let acts = false;
  fn.get("body").traverse({
    CallExpression: () => void (acts = true),
    NewExpression: () => void (acts = true),
    AssignmentExpression: () => void (acts = true),
    UpdateExpression: () => void (acts = true),
    ConditionalExpression: () => void (acts = true),
    LogicalExpression: () => void (acts = true),
    UnaryExpression: ({ node }) => void (acts ||= node.operator === "delete"),
  });
  const looked = fn.node.params.every((each) => fn.scope.getBinding((each as t.Identifier).name)!.referenced);
  return call.node.arguments.every((given, i) =>
    acts || !looked || i >= fn.node.params.length
      ? given.type === "ThisExpression" ||
        /Literal$/.test(given.type) ||
        (given.type === "Identifier" && call.scope.getBinding(given.name)?.constant)
      : isSimple(given),
  );
}

/** The function of the outermost scope that a reference stands in. */
function callerOf(path: NodePath, scope: NodePath): Fn | undefined {
  const statement = path.findParent((each) => each.parentPath === scope);
  return statement?.isFunctionDeclaration() ? statement : undefined;
}
