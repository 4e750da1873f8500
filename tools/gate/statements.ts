/** Statements and expressions that the interpreter's parser takes wrongly or not at all. */
import type { AnyNode, Program } from "acorn";
import { fullAncestor } from "acorn-walk";
import { faultAt, type GateFault } from "./fault";
import { isFunction, propertyName } from "./nodes";

type Report = (node: AnyNode, rule: string, message: string) => void;

/** Keywords of the interpreter that ES5 leaves to programs. */
const KEYWORDS = /^(of|let|static)$/;

/** The interpreter cuts longer names off, so that two may become one. */
const NAME_LENGTH = 63;

/** Whole numbers from here on are read as 64-bit integers that overflow. */
const INTEGER_LIMIT = 2 ** 63;

export function statementFaults(program: Program, code: string): GateFault[] {
  const faults: GateFault[] = [];
  const report: Report = (node, rule, message) => faults.push(faultAt(node, rule, message));
  fullAncestor(program, (each, _state, ancestors) => {
    const node = each as AnyNode;
    switch (node.type) {
      case "LabeledStatement":
        return report(node, "label", "leave the outer loop by a flag or a function: labels are syntax errors");
      case "WithStatement":
        return report(node, "with", "name the object instead: with is a syntax error");
      case "DebuggerStatement":
        return report(node, "debugger", "remove it: it stops the board at the debugger's prompt");
      case "DoWhileStatement":
        if (node.body.type !== "BlockStatement") {
          report(node, "do-body", "put braces around the body of do: without them many are syntax errors");
        }
        return;
      case "SwitchStatement":
        return checkSwitch(node, report);
      case "TryStatement":
        if (node.finalizer) checkFinalizer(node.finalizer, [], report);
        return;
      case "ForStatement":
        if (node.init && find(node.init, (inner) => inner.type === "BinaryExpression" && inner.operator === "in")) {
          report(node, "for-init-in", "compute it before the loop: `in` is not understood in the head of a for");
        }
        return;
      case "ForInStatement":
        return checkForIn(node, report);
      case "UnaryExpression":
        if (node.operator === "delete" && isOfCall(node.argument)) {
          report(node, "delete-call", "put the object in a variable first: delete ends at the call");
        }
        return;
      case "NewExpression":
        if (node.callee.type === "NewExpression" && /^new\b/.test(code.slice(node.start + 3).trimStart())) {
          report(node, "new-new", "put the inner object in a variable first: new cannot follow new");
        }
        return;
      case "ObjectExpression":
        return checkKeys(node, report);
      case "Identifier":
        if (KEYWORDS.test(node.name))
          report(node, "keyword", `rename ${node.name}: it is a keyword of the interpreter`);
        return checkLength(node, node.name, report);
      case "MemberExpression":
        if (!node.computed && node.property.type === "Identifier") checkLength(node, node.property.name, report);
        return;
      case "Literal":
        if (
          typeof node.value === "string" &&
          /[^\0-\xff]/.test(node.value) &&
          !asksForUnicode(ancestors as AnyNode[])
        ) {
          report(
            node,
            "wide-character",
            "write its UTF-8 bytes (\\xNN): boards without Unicode keep 8 bits of each character",
          );
        }
        if (typeof node.value === "number" && node.value >= INTEGER_LIMIT && /^\d+$/.test(node.raw ?? "")) {
          report(
            node,
            "big-integer",
            "write it with an exponent (18446744073709552e3): whole numbers overflow at 64 bits",
          );
        }
    }
  });
  return faults;
}

function checkSwitch(node: AnyNode & { type: "SwitchStatement" }, report: Report): void {
  const fallback = node.cases.findIndex((each) => !each.test);
  if (fallback >= 0 && fallback < node.cases.length - 1) {
    report(
      node.cases[fallback + 1],
      "case-after-default",
      "move default to the end: a case after it is a syntax error",
    );
  }
  let left = false;
  for (const each of node.cases) {
    if (!each.test) left = false;
    for (const statement of each.consequent) {
      if (left && statement.type === "DoWhileStatement") {
        const message = "put braces around the case's statements: a do after a break makes the board go on executing";
        report(statement, "do-in-switch", message);
      }
      left ||= leaves(statement, []);
    }
  }
}

/** True when a `break` or `continue` in the statement ends the switch that it stands in. */
function leaves(node: AnyNode, around: AnyNode[]): boolean {
  if (isFunction(node)) return false;
  const loop = around.some((each) => /^(For|ForIn|While|DoWhile)Statement$/.test(each.type));
  if (node.type === "BreakStatement") return !loop && !around.some((each) => each.type === "SwitchStatement");
  if (node.type === "ContinueStatement") return !loop;
  return children(node).some((child) => leaves(child, [...around, node]));
}

/** What leaves a `finally` block does not, on the board: the way the `try` ended wins. */
function checkFinalizer(node: AnyNode, around: AnyNode[], report: Report): void {
  if (isFunction(node)) return;
  const loop = around.some((each) => /^(For|ForIn|While|DoWhile)Statement$/.test(each.type));
  const escapes =
    node.type === "ReturnStatement" ||
    (node.type === "ThrowStatement" && !around.some((each) => each.type === "TryStatement" && each.handler)) ||
    (node.type === "BreakStatement" && !loop && !around.some((each) => each.type === "SwitchStatement")) ||
    (node.type === "ContinueStatement" && !loop);
  if (escapes)
    report(node, "finally", "do it after the finally block: in it, it is lost when the try block threw or left");
  for (const child of children(node)) checkFinalizer(child, [...around, node], report);
}

function checkForIn({ left, body }: AnyNode & { type: "ForInStatement" }, report: Report): void {
  const target = left.type === "VariableDeclaration" ? left.declarations[0].id : left;
  if (target.type !== "Identifier") return;
  const search = (node: AnyNode): void => {
    if (isFunction(node)) return;
    if (node.type === "UnaryExpression" && node.operator === "delete" && node.argument.type === "MemberExpression") {
      const { computed, property } = node.argument;
      if (computed && property.type === "Identifier" && property.name === target.name) {
        report(
          node,
          "delete-in-for-in",
          "collect the keys first (Object.keys): deleting the current one ends the loop",
        );
      }
    }
    const statements = children(node);
    statements.forEach((child, i) => {
      // Whoever leaves right after deleting does not miss the rest.
      if (!/^(Break|Return)Statement$/.test(statements[i + 1]?.type ?? "")) search(child);
    });
  };
  search(body);
}

function checkKeys(node: AnyNode & { type: "ObjectExpression" }, report: Report): void {
  for (const property of node.properties) {
    if (property.type !== "Property") continue;
    const { key, kind } = property;
    if (kind !== "init" && (key.type !== "Identifier" || RESERVED.test(key.name))) {
      report(key, "accessor-name", "rename the accessor: only plain names can follow get and set");
    }
    if (key.type === "Identifier") checkLength(key, key.name, report);
  }
}

const RESERVED =
  /^(break|case|catch|class|const|continue|debugger|default|delete|do|else|extends|false|finally|for|function|if|in|instanceof|let|new|null|of|return|static|super|switch|this|throw|true|try|typeof|undefined|var|void|while)$/;

function checkLength(node: AnyNode, name: string, report: Report): void {
  if (name.length > NAME_LENGTH) report(node, "long-name", `shorten ${name}: only ${NAME_LENGTH} characters count`);
}

/** True for the argument of `E.isUTF8`, which is how a program finds out what kind of board it is on. */
function asksForUnicode(ancestors: AnyNode[]): boolean {
  const parent = ancestors[ancestors.length - 2];
  return parent.type === "CallExpression" && propertyName(parent.callee) === "isUTF8";
}

/** True for `f().a`, `f()[b].c` and the like. */
function isOfCall(node: AnyNode): boolean {
  return node.type === "MemberExpression" ? isOfCall(node.object) : node.type === "CallExpression";
}

function find(node: AnyNode, wanted: (inner: AnyNode) => boolean): AnyNode | undefined {
  if (wanted(node)) return node;
  if (isFunction(node)) return undefined;
  for (const child of children(node)) {
    const found = find(child, wanted);
    if (found) return found;
  }
  return undefined;
}

/** The nodes directly below, in the order of the text. */
function children(node: AnyNode): AnyNode[] {
  return Object.values(node)
    .flat()
    .filter(
      (value): value is AnyNode => typeof value === "object" && value !== null && "type" in value && "start" in value,
    )
    .sort((a, b) => a.start - b.start);
}
