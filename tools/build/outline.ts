/**
 * A function that exists costs variables on the board, its code in flash none. Functions that run rarely are gathered:
 * each becomes a branch of one of a few functions, which are told by a number which branch is meant.
 */
import type { NodePath } from "@babel/core";
import { types as t } from "@babel/core";
import type { Plugin } from "rollup";
import { treePlugin } from "./ast";

export interface OutlineOptions {
  /** Names of functions that stay as they are: those that run for each message. */
  hot: readonly string[];
  /** Names of functions that are gathered by themselves, list by list. */
  warm: readonly (readonly string[])[];
  /** Characters of code in one gathering function: the interpreter reads past all of it at each call. */
  size: number;
  /** The most parameters that a gathered function may have. */
  parameters?: number;
}

interface Gathered {
  path: NodePath<t.FunctionDeclaration>;
  name: string;
  length: number;
}

export function outlinePlugin({ hot, warm, size, parameters = 6 }: OutlineOptions): Plugin {
  return treePlugin("outline", (scope) => {
    scope.scope.crawl();
    const all = (scope.get("body") as NodePath<t.Statement>[])
      .filter((statement): statement is NodePath<t.FunctionDeclaration> => statement.isFunctionDeclaration())
      .map((path): Gathered => ({
        path,
        name: path.node.id!.name,
        length: path.getSource().length || path.toString().length,
      }));
    const cold = all.filter(({ path, name }) => {
      if (hot.includes(name) || path.node.params.length > parameters || usesItself(path)) return false;
      const binding = scope.scope.getBinding(name);
      return binding?.constant && binding.referencePaths.every(isCallee) && binding.referencePaths.length > 0;
    });
    moveConstants(scope, new Set(cold.map(({ path }) => path.node)));
    // Those with many parameters together: each function that gathers has the most that one of its branches needs.
    cold.sort((a, b) => a.path.node.params.length - b.path.node.params.length);
    const groups: Gathered[][] = [...warm.map((names) => cold.filter(({ name }) => names.includes(name))), []];
    for (const gathered of cold) {
      if (warm.some((names) => names.includes(gathered.name))) continue;
      const length = groups.at(-1)!.reduce((sum, each) => sum + each.length, 0);
      if (length && length + gathered.length > size) groups.push([]);
      groups.at(-1)!.push(gathered);
    }
    for (const each of groups) if (each.length > 1) gather(scope, each);
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

function gather(scope: NodePath<t.Program | t.BlockStatement>, group: Gathered[]): void {
  const name = scope.scope.generateUid("gathered");
  const which = t.identifier("which");
  const most = Math.max(...group.map(({ path }) => path.node.params.length));
  const parameter = (i: number) => `parameter${i}`;
  const branches = group.map(({ path, name: own }, number): t.Statement => {
    for (const call of scope.scope.getBinding(own)!.referencePaths) {
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
  group[0].path.replaceWith(fn);
  for (const { path } of group.slice(1)) path.remove();
}

const isFunction = (statement: t.Statement) =>
  t.isVariableDeclaration(statement) && t.isFunctionExpression(statement.declarations[0].init);
