/**
 * Puts functions that run for each message, and are called in one place, where they are called: a call costs the
 * interpreter as much as ten operators, and a function that does not exist no variables. Only calls that are statements of
 * their own or the last thing their caller does can be replaced by the statements of what they call.
 */
import type { NodePath } from "@babel/core";
import { traverse, types as t } from "@babel/core";
import type { Plugin } from "rollup";
import { treePlugin } from "./ast";

/** Characters of a text that may be written several times. */
const SHORT = 16;

export type Fn = NodePath<t.FunctionDeclaration>;

/** `names`: the functions to look at, called before callers. What cannot be done for one of them is left as it is. */
export function inlinePlugin(names: readonly string[]): Plugin {
  return treePlugin("inline", (scope) => {
    constants(scope);
    for (let before = -1, done = 0; before !== done;) {
      before = done;
      for (const name of names) {
        scope.scope.crawl();
        const binding = scope.scope.getBinding(name);
        const fn = binding?.path;
        if (binding?.constant && fn?.isFunctionDeclaration() && isExpression(fn)) {
          if (substitute(fn, binding.referencePaths)) done++;
          continue;
        }
        if (!binding || !fn?.isFunctionDeclaration() || !binding.constant || binding.references !== 1) continue;
        const call = binding.referencePaths[0].parentPath;
        if (!call?.isCallExpression() || call.node.callee !== binding.referencePaths[0].node) continue;
        const place = call.parentPath as NodePath<t.Statement>;
        if (call.findParent((path) => path === fn) || hasClosure(fn) || !fits(fn, place)) continue;
        splice(fn, call, place);
        done++;
      }
    }
  });
}

/** Numbers and short texts stand where they are used: a name for one would be a variable. */
function constants(scope: NodePath<t.Program | t.BlockStatement>): void {
  scope.scope.crawl();
  for (const binding of Object.values(scope.scope.bindings)) {
    const declarator = binding.path;
    if (!declarator.isVariableDeclarator() || !binding.constant) continue;
    const { init } = declarator.node;
    if (!(t.isNumericLiteral(init) || (t.isStringLiteral(init) && init.value.length <= SHORT))) continue;
    for (const path of binding.referencePaths) path.replaceWith(t.cloneNode(init));
    declarator.remove();
  }
}

export function hasClosure(fn: Fn): boolean {
  let found = false;
  fn.get("body").traverse({ Function: () => void (found = true), ThisExpression: () => void (found = true) });
  return found;
}

/** A statement of its own takes what never returns early; where the caller ends, anything goes that returns as little as it. */
export function fits(fn: Fn, place: NodePath): boolean {
  if (place.isReturnStatement()) return true;
  if (!place.isExpressionStatement()) return false;
  let returns = false;
  fn.get("body").traverse({ ReturnStatement: () => void (returns = true) });
  return !returns || isLast(place);
}

/** Nothing of the caller runs after this statement. */
function isLast(place: NodePath): boolean {
  for (let at: NodePath = place; ; at = at.parentPath!) {
    const parent = at.parentPath!;
    if (parent.isFunction()) return true;
    if (parent.isBlockStatement() && parent.node.body.at(-1) !== at.node) return false;
    if (!parent.isBlockStatement() && !parent.isIfStatement()) return false;
  }
}

export function splice(fn: Fn, call: NodePath<t.CallExpression>, place: NodePath<t.Statement>): void {
  const target = place.scope;
  const inLoop = place.findParent((path) => path.isFunction() || path.isLoop())?.isLoop();
  for (const name of Object.keys(fn.scope.bindings)) fn.scope.rename(name, target.generateUid(name.replace(/^_+/, "")));
  uncover(fn, place);
  if (place.isExpressionStatement()) returnNothing(fn);
  const given = call.node.arguments as t.Expression[];
  const parameters: t.VariableDeclarator[] = [];
  (fn.node.params as t.Identifier[]).forEach((parameter, i) => {
    const value = given[i] ?? t.unaryExpression("void", t.numericLiteral(0));
    // What neither side assigns to needs no second name.
    const same = t.isIdentifier(value) && target.getBinding(value.name)?.constant && !hides(fn, value.name);
    if (same && fn.scope.getBinding(parameter.name)!.constant) fn.scope.rename(parameter.name, value.name);
    else parameters.push(t.variableDeclarator(parameter, value));
  });
  const body = fn.node.body.body;
  if (inLoop) {
    // Each turn begins as each call did: every variable without a value, wherever it is declared and first read.
    const own = Object.values(fn.scope.bindings).filter(({ kind }) => kind === "var" || kind === "hoisted");
    for (const { identifier } of own) {
      parameters.unshift(t.variableDeclarator(t.cloneNode(identifier), t.unaryExpression("void", t.numericLiteral(0))));
    }
  }
  const statements = [...(parameters.length ? [t.variableDeclaration("var", parameters)] : []), ...body];
  // What comes to its end without a `return` ends its caller all the same.
  if (place.isReturnStatement()) statements.push(t.returnStatement());
  fn.remove();
  place.replaceWithMultiple(place.parentPath!.isBlockStatement() ? statements : [t.blockStatement(statements)]);
}

/** What a function returns to a statement is nobody's: its caller must not return it. */
function returnNothing(fn: Fn): void {
  fn.get("body").traverse({
    Function: (path) => path.skip(),
    ReturnStatement(path) {
      const value = path.node.argument;
      if (!value) return;
      path.replaceWithMultiple([t.expressionStatement(value), t.returnStatement()]);
      path.skip();
    },
  });
}

/** Whether something inside `fn`, such as what it catches, has this name. */
function hides(fn: Fn, name: string): boolean {
  let found = false;
  fn.get("body").traverse({ Scope: ({ scope }) => void (found ||= scope.hasOwnBinding(name)) });
  return found;
}

/** Renames what would hide, at the call, something that the function's own code means. */
function uncover(fn: Fn, place: NodePath): void {
  fn.get("body").traverse({
    Identifier({ node }) {
      const meant = fn.scope.parent.getBinding(node.name);
      const found = place.scope.getBinding(node.name);
      if (meant && found && found !== meant && !fn.scope.hasOwnBinding(node.name)) found.scope.rename(node.name);
    },
  });
}

/** Nothing but `return …`, without functions of its own. */
export function isExpression(fn: Fn): boolean {
  const body = fn.node.body.body;
  return body.length === 1 && t.isReturnStatement(body[0]) && !!body[0].argument && !hasClosure(fn);
}

/** May be left out, put elsewhere or doubled. */
export const isSimple = (node: t.Node): boolean =>
  t.isIdentifier(node) ||
  t.isThisExpression(node) ||
  (t.isBinaryExpression(node) && isSimple(node.left) && isSimple(node.right)) ||
  t.isLiteral(node) ||
  (t.isMemberExpression(node) && !node.computed && isSimple(node.object));

/** Replaces every call by what it returns, where no argument would be computed twice or too late. */
export function substitute(fn: Fn, references: NodePath[]): boolean {
  const parameters = (fn.node.params as t.Identifier[]).map((parameter) => parameter.name);
  const uses = parameters.map((name) => fn.scope.getBinding(name)!.references);
  const calls = references.map((reference) => reference.parentPath as NodePath<t.CallExpression>);
  if (!parameters.every((name) => fn.scope.getBinding(name)!.constant)) return false;
  if (!calls.length || !calls.every((call, i) => call.isCallExpression() && call.node.callee === references[i].node))
    return false;
  const computed = (call: NodePath<t.CallExpression>) => call.node.arguments.filter((given) => !isSimple(given));
  const fit = calls.every(
    ({ node }, i) =>
      computed(calls[i]).length < 2 && node.arguments.every((given, at) => isSimple(given) || uses[at] === 1),
  );
  if (!fit) return false;
  for (const call of calls) uncover(fn, call);
  const value = (fn.node.body.body[0] as t.ReturnStatement).argument!;
  for (const call of calls) {
    const given = call.node.arguments as t.Expression[];
    const copy = t.file(t.program([t.expressionStatement(t.cloneNode(value, true))]));
    traverse(copy, {
      CallExpression({ node }) {
        // What was not given is not handed on: to the interpreter's own functions that makes a difference.
        while (isMissing(node.arguments.at(-1))) node.arguments.pop();
      },
      Identifier(path) {
        const at = parameters.indexOf(path.node.name);
        if (at < 0 || (path.key === "property" && t.isMemberExpression(path.parent) && !path.parent.computed)) return;
        if (path.key === "key" && t.isObjectProperty(path.parent) && !path.parent.computed) return;
        path.replaceWith(given[at] ? t.cloneNode(given[at], true) : t.unaryExpression("void", t.numericLiteral(0)));
        path.skip();
      },
    });
    call.replaceWith((copy.program.body[0] as t.ExpressionStatement).expression);

    function isMissing(last: t.Node | undefined): boolean {
      return t.isIdentifier(last) && parameters.includes(last.name) && !given[parameters.indexOf(last.name)];
    }
  }
  fn.remove();
  return true;
}
