/**
 * A function that exists costs variables on the board, its text in flash none. Those that run rarely are called `$0`, `$1`
 * and so on here, and are put on the shelf by that name when all names are short (see shelf.ts).
 */
import type { NodePath } from "@babel/core";
import { types as t } from "@babel/core";
import type { Plugin } from "rollup";
import { treePlugin } from "./ast";
import { rareName, rename } from "./names";

/** `hot`: names of functions that stay as they are, those that run for each message. */
export function rarePlugin(hot: readonly string[]): Plugin {
  return treePlugin("rare", (scope) => {
    scope.scope.crawl();
    const functions = (scope.get("body") as NodePath<t.Statement>[]).filter(
      (statement): statement is NodePath<t.FunctionDeclaration> => statement.isFunctionDeclaration(),
    );
    const rare = functions.filter((path) => {
      const name = path.node.id!.name;
      const binding = scope.scope.getBinding(name);
      return (
        !hot.includes(name) &&
        !usesItself(path) &&
        binding?.constant &&
        binding.referencePaths.every(isCallee) &&
        binding.referencePaths.length > 0
      );
    });
    moveConstants(scope, new Set(rare.map(({ node }) => node)));
    rare.forEach(({ node }, number) => rename(scope.scope, node.id!.name, rareName(number)));
  });
}

/** Texts and tables that only rare functions use are made there when they are wanted, and gone again. */
function moveConstants(scope: NodePath<t.Program | t.BlockStatement>, rare: Set<t.Node>): void {
  for (const [name, binding] of Object.entries(scope.scope.bindings)) {
    const declarator = binding.path;
    if (!declarator.isVariableDeclarator() || !binding.constant || !isLiteral(declarator.node.init)) continue;
    if (t.isArrayExpression(declarator.node.init) && !binding.referencePaths.every(isRead)) continue;
    const init = declarator.node.init!;
    const users = new Set(
      binding.referencePaths.map((path) => path.findParent((each) => each.parentPath === scope)?.node),
    );
    if (![...users].every((user) => user && rare.has(user))) continue;
    if (t.isStringLiteral(init)) for (const path of binding.referencePaths) path.replaceWith(t.cloneNode(init));
    else if (users.size === 1) {
      const user = [...users][0] as t.FunctionDeclaration;
      const local = t.variableDeclaration("var", [t.variableDeclarator(t.identifier(name), init)]);
      (scope.get("body") as NodePath<t.Statement>[])
        .find((statement): statement is NodePath<t.FunctionDeclaration> => statement.node === user)!
        .get("body")
        .unshiftContainer("body", local);
    } else continue;
    declarator.remove();
  }
  scope.scope.crawl();
}

/** Only an element is asked for, or the length. */
function isRead(table: NodePath): boolean {
  const element = table.parentPath!;
  if (!element.isMemberExpression() || table.key !== "object") return false;
  const use = element.parent;
  if (t.isAssignmentExpression(use) && use.left === element.node) return false;
  if (t.isUpdateExpression(use) || t.isUnaryExpression(use, { operator: "delete" })) return false;
  return !(t.isCallExpression(use) && use.callee === element.node);
}

/** Made of nothing but texts, numbers and tables of those. */
function isLiteral(node: t.Node | null | undefined): boolean {
  if (t.isStringLiteral(node) || t.isNumericLiteral(node)) return true;
  return t.isArrayExpression(node) && node.elements.every(isLiteral);
}

const isCallee = (path: NodePath) => (path.key === "callee" && path.parentPath!.isCallExpression()) || isTimers(path);

/** What a timer calls, given to it with its argument. */
const isTimers = (path: NodePath) =>
  path.listKey === "arguments" &&
  path.key === 0 &&
  t.isIdentifier((path.parent as t.CallExpression).callee, { name: "setTimeout" });

/** Uses `this` or `arguments`. */
function usesItself(fn: NodePath<t.FunctionDeclaration>): boolean {
  let found = false;
  fn.traverse({
    ThisExpression: () => void (found = true),
    Identifier: (path) => void (found ||= path.node.name === "arguments"),
    FunctionExpression: (path) => path.skip(),
  });
  return found;
}
