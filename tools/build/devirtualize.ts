/**
 * Makes plain functions of methods that `uniqueMethods` has named, with the object as their first parameter, and plain
 * objects of classes that have none left: a method costs as much as a function and its place in a prototype besides.
 */
import type { NodePath } from "@babel/core";
import { types as t } from "@babel/core";
import type { Plugin } from "rollup";
import { treePlugin } from "./ast";
import { MARK } from "./unique-methods";

/** `faces`: classes whose methods, but for those with an underscore in front and those in `inner`, programs outside call. */
export function devirtualizePlugin(faces: readonly string[], inner: readonly string[] = []): Plugin {
  const outside = (className: string, method: string) =>
    faces.includes(className) && !method.startsWith("_") && !inner.includes(`${className}.${method}`);
  return treePlugin("devirtualize", (scope) => {
    const functions = new Set<string>();
    const getters = new Set<string>();
    const withMethods = new Set<string>();
    const only = onlyOnes(scope);
    for (const statement of scope.get("body") as NodePath<t.Statement>[]) {
      const method = methodOf(statement);
      const [className, name] = method?.name.split(MARK) ?? [];
      // A getter wants a prototype.
      if (method?.getter && outside(className, name)) only.delete(className);
    }
    for (const statement of scope.get("body") as NodePath<t.Statement>[]) {
      const method = methodOf(statement);
      if (!method) continue;
      const [className, name] = method.name.split(MARK);
      if (outside(className, name)) {
        const face = only.get(className);
        if (face) {
          face.properties.push(t.objectProperty(t.identifier(name), method.body.node));
          statement.remove();
        } else withMethods.add(className);
      } else {
        (method.getter ? getters : functions).add(method.name);
        statement.replaceWith(asFunction(scope, method.name, method.body));
      }
    }
    const classes = constructors(scope, withMethods);
    scope.traverse({
      MemberExpression(path) {
        const property = path.node.property;
        if (path.node.computed || !t.isIdentifier(property) || !property.name.includes(MARK)) return;
        const name = property.name;
        const object = path.node.object;
        const call = path.parentPath;
        if (getters.has(name)) path.replaceWith(t.callExpression(t.identifier(name), [object]));
        else if (!functions.has(name)) property.name = name.split(MARK)[1];
        else if (call.isCallExpression() && call.node.callee === path.node) {
          call.node.arguments.unshift(object as t.Expression);
          call.node.callee = t.identifier(name);
        } else throw path.buildCodeFrameError(`${name} is used as a value`);
      },
      NewExpression(path) {
        if (!t.isIdentifier(path.node.callee) || !classes.has(path.node.callee.name)) return;
        const object = only.get(path.node.callee.name) ?? t.objectExpression([]);
        path.replaceWith(t.callExpression(path.node.callee, [object, ...path.node.arguments]));
      },
      StringLiteral(path) {
        // The name of a getter that stays, in its Object.defineProperty.
        const plain = path.node.value.split(MARK);
        if (plain.length === 2 && faces.includes(plain[0])) path.replaceWith(t.stringLiteral(plain[1]));
      },
    });
  });
}

/** Classes of which the outermost scope makes the only object: that object gets the methods itself, and is begun with them. */
function onlyOnes(scope: NodePath<t.Program | t.BlockStatement>): Map<string, t.ObjectExpression> {
  const made = new Map<string, NodePath<t.NewExpression>[]>();
  scope.traverse({
    NewExpression(path) {
      const { callee } = path.node;
      if (t.isIdentifier(callee)) made.set(callee.name, [...(made.get(callee.name) ?? []), path]);
    },
  });
  const isOuter = (path: NodePath) => !path.findParent((parent) => parent.isFunction() && parent.get("body") !== scope);
  return new Map(
    [...made]
      .filter(([, paths]) => paths.length === 1 && isOuter(paths[0]))
      .map(([name]) => [name, t.objectExpression([])]),
  );
}

interface Method {
  name: string;
  getter: boolean;
  body: NodePath<t.FunctionExpression>;
}

/** `Class.prototype.name = function …` or a getter's `Object.defineProperty`. */
function methodOf(statement: NodePath<t.Statement>): Method | undefined {
  if (!statement.isExpressionStatement()) return undefined;
  const expression = statement.get("expression");
  if (expression.isAssignmentExpression()) {
    const [left, right] = [expression.node.left, expression.get("right")];
    if (!t.isMemberExpression(left) || !isPrototype(left.object) || !right.isFunctionExpression()) return undefined;
    return { name: (left.property as t.Identifier).name, getter: false, body: right };
  }
  if (!expression.isCallExpression()) return undefined;
  const [target, name, descriptor] = expression.get("arguments");
  if (!target || !isPrototype(target.node) || !name.isStringLiteral() || !descriptor.isObjectExpression())
    return undefined;
  for (const property of descriptor.get("properties")) {
    const value = property.isObjectProperty() && property.get("value");
    if (value && value.isFunctionExpression()) return { name: name.node.value, getter: true, body: value };
  }
  return undefined;
}

const isPrototype = (node: t.Node) =>
  t.isMemberExpression(node) && t.isIdentifier(node.property) && node.property.name === "prototype";

/** Puts `self` in the place of `this`, and in front of the parameters. */
function takeSelf(fn: NodePath<t.Function>): t.Identifier {
  const self = fn.scope.generateUidIdentifier("self");
  fn.get("body").traverse({
    ThisExpression: (path) => void path.replaceWith(t.cloneNode(self)),
    FunctionExpression: (path) => path.skip(),
    FunctionDeclaration: (path) => path.skip(),
  });
  fn.node.params.unshift(self);
  return self;
}

function asFunction(scope: NodePath<t.Node>, name: string, fn: NodePath<t.FunctionExpression>): t.FunctionDeclaration {
  if (scope.scope.hasBinding(name)) throw fn.buildCodeFrameError(`${name} exists already`);
  takeSelf(fn);
  return t.functionDeclaration(t.identifier(name), fn.node.params as t.Identifier[], fn.node.body);
}

/** The classes that need no prototype: their constructors fill the object they are given, and return it. */
function constructors(scope: NodePath<t.Program | t.BlockStatement>, withMethods: Set<string>): Set<string> {
  const classes = new Set<string>();
  scope.traverse({
    NewExpression: (path) => void (t.isIdentifier(path.node.callee) && classes.add(path.node.callee.name)),
  });
  const plain = new Set<string>();
  for (const statement of scope.get("body") as NodePath<t.Statement>[]) {
    const name = statement.isFunctionDeclaration() ? statement.node.id!.name : "";
    if (!classes.has(name) || withMethods.has(name)) continue;
    const fn = statement as NodePath<t.FunctionDeclaration>;
    const self = takeSelf(fn);
    fn.get("body").traverse({
      ReturnStatement: (path) => void (path.node.argument ??= t.cloneNode(self)),
      FunctionExpression: (path) => path.skip(),
      FunctionDeclaration: (path) => path.skip(),
    });
    fn.node.body.body.push(t.returnStatement(t.cloneNode(self)));
    plain.add(name);
  }
  return plain;
}
