/**
 * A function that exists costs variables on the board, its code in flash none. Functions that run rarely are called `$0`,
 * `$1` and so on, for the shelf (see shelf.ts). Those that run for some messages are gathered: each becomes a branch of one
 * function, which is told by a number which branch is meant.
 */
import type { NodePath } from "@babel/core";
import { types as t } from "@babel/core";
import type { Plugin } from "rollup";
import { treePlugin } from "./ast";

export interface OutlineOptions {
  /** Names of functions that stay as they are: those that run for each message. */
  hot: readonly string[];
  /** Names of functions that are gathered, list by list: the interpreter reads past all of a list at each call. */
  warm: readonly (readonly string[])[];
}

export function outlinePlugin({ hot, warm }: OutlineOptions): Plugin {
  return treePlugin("outline", (scope) => {
    scope.scope.crawl();
    const functions = (scope.get("body") as NodePath<t.Statement>[]).filter(
      (statement): statement is NodePath<t.FunctionDeclaration> => statement.isFunctionDeclaration(),
    );
    const cold = functions.filter((path) => {
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
    moveConstants(scope, new Set(cold.map(({ node }) => node)));
    const groups = warm.map((names) => cold.filter(({ node }) => names.includes(node.id!.name)));
    cold
      .filter((path) => !groups.some((group) => group.includes(path)))
      .forEach(({ node }, number) => scope.scope.rename(node.id!.name, `$${number}`));
    for (const group of groups) if (group.length > 1) gather(scope, group);
  });
}

/** Texts and tables that only gathered functions use are made there when they are wanted, and gone again. */
function moveConstants(scope: NodePath<t.Program | t.BlockStatement>, cold: Set<t.Node>): void {
  for (const [name, binding] of Object.entries(scope.scope.bindings)) {
    const declarator = binding.path;
    if (!declarator.isVariableDeclarator() || !binding.constant || !isLiteral(declarator.node.init)) continue;
    const init = declarator.node.init!;
    const users = new Set(
      binding.referencePaths.map((path) => path.findParent((each) => each.parentPath === scope)?.node),
    );
    if (![...users].every((user) => user && cold.has(user))) continue;
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

/** Uses `this` or `arguments`, which a branch does not have. */
function usesItself(fn: NodePath<t.FunctionDeclaration>): boolean {
  let found = false;
  fn.traverse({
    ThisExpression: () => void (found = true),
    Identifier: (path) => void (found ||= path.node.name === "arguments"),
    FunctionExpression: (path) => path.skip(),
  });
  return found;
}

function gather(scope: NodePath<t.Program | t.BlockStatement>, group: NodePath<t.FunctionDeclaration>[]): void {
  const name = scope.scope.generateUid("gathered");
  const which = t.identifier("which");
  const most = Math.max(...group.map(({ node }) => node.params.length));
  const parameter = (i: number) => `parameter${i}`;
  const branches = group.map((path, number): t.Statement => {
    for (const call of scope.scope.getBinding(path.node.id!.name)!.referencePaths) {
      const node = call.parent as t.CallExpression;
      if (isTimers(call)) node.arguments.splice(0, 2, t.identifier(name), node.arguments[1], t.numericLiteral(number));
      else {
        node.callee = t.identifier(name);
        node.arguments.unshift(t.numericLiteral(number));
      }
    }
    path.node.params.forEach((given, i) => path.scope.rename((given as t.Identifier).name, parameter(i)));
    let locals = 0;
    for (const local of Object.keys(path.scope.bindings)) {
      if (!/^parameter\d$/.test(local)) path.scope.rename(local, `local${locals++}`);
    }
    const body = path.node.body.body.map((statement) =>
      t.isFunctionDeclaration(statement)
        ? t.variableDeclaration("var", [
            t.variableDeclarator(
              statement.id!,
              t.functionExpression(null, statement.params as t.Identifier[], statement.body),
            ),
          ])
        : statement,
    );
    body.sort((a, b) => Number(isFunction(b)) - Number(isFunction(a)));
    if (!t.isReturnStatement(body.at(-1))) body.push(t.returnStatement());
    return t.ifStatement(t.binaryExpression("==", which, t.numericLiteral(number)), t.blockStatement(body));
  });
  const fn = t.functionDeclaration(
    t.identifier(name),
    [which, ...Array.from({ length: most }, (_, i) => t.identifier(parameter(i)))],
    t.blockStatement(branches),
  );
  group[0].replaceWith(fn);
  for (const path of group.slice(1)) path.remove();
}

const isFunction = (statement: t.Statement) =>
  t.isVariableDeclaration(statement) && t.isFunctionExpression(statement.declarations[0].init);
