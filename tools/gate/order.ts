/** Expressions that the interpreter evaluates in another order than JavaScript prescribes. */
import type { AnyNode, Program } from "acorn";
import { fullAncestor, simple } from "acorn-walk";
import { faultAt, type GateFault } from "./fault";
import { isFunction, isText, propertyName } from "./nodes";
import type { FunctionNode, Scopes } from "./scopes";

export function orderFaults(program: Program, scopes: Scopes): GateFault[] {
  const faults: GateFault[] = [];
  const { writes, appends } = effectsIn(program, scopes);
  simple(program, {
    AssignmentExpression(node) {
      const target = keyOf(node.left, scopes);
      if (node.operator === "=" || !target || !writes(node.right).has(target)) return;
      const message = "compute the right side first: it changes the variable, and the old value is read only after it";
      faults.push(faultAt(node, "evaluation-order", message));
    },
    BinaryExpression(node) {
      if (node.operator !== "+") return;
      const changed = appends(node.right);
      if (changed.size === 0 || !addends(node.left).some((each) => changed.has(keyOf(each, scopes) ?? ""))) return;
      const message = "compute the right side first: it appends to the left one's string in place";
      faults.push(faultAt(node, "evaluation-order", message));
    },
  });
  return faults;
}

/** What evaluating something changes, as keys (see `keyOf`), and the functions that it calls. */
interface Summary {
  written: string[];
  /** The variables whose string grows in place. */
  grown: string[];
  /** `own`: called as a method of `this`. */
  calls: { callee: FunctionNode; own: boolean }[];
}

type Effects = (node: AnyNode) => Set<string>;

function effectsIn(program: Program, scopes: Scopes): { writes: Effects; appends: Effects } {
  const methods = methodsIn(program);
  const summaries = new Map<AnyNode, Summary>();

  function calledBy(callee: AnyNode): Summary["calls"] {
    if (callee.type === "Identifier") {
      const [only, ...others] = scopes.ofIdentifier.get(callee)?.binding?.declarations ?? [];
      return only?.value && others.length === 0 ? [{ callee: only.value, own: false }] : [];
    }
    if (callee.type !== "MemberExpression" || callee.object.type !== "ThisExpression") return [];
    return (methods.get(propertyName(callee) ?? "") ?? []).map((method) => ({ callee: method, own: true }));
  }

  function summaryOf(root: AnyNode): Summary {
    const known = summaries.get(root);
    if (known) return known;
    const summary: Summary = { written: [], grown: [], calls: [] };
    summaries.set(root, summary);
    fullAncestor(root, (node, _state, ancestors) => {
      const runsLater = (each: AnyNode): boolean => isFunction(each) && !scopes.ofFunction.get(each)?.inline;
      if ((ancestors as AnyNode[]).some(runsLater)) return;
      const each = node as AnyNode;
      if (each.type === "CallExpression") summary.calls.push(...calledBy(each.callee));
      if (each.type !== "AssignmentExpression" && each.type !== "UpdateExpression") return;
      const key = keyOf(each.type === "AssignmentExpression" ? each.left : each.argument, scopes);
      if (!key) return;
      summary.written.push(key);
      if (each.type === "AssignmentExpression" && each.operator === "+=" && isText(each.right)) summary.grown.push(key);
    });
    return summary;
  }

  function effects(root: AnyNode, kind: "written" | "grown"): Set<string> {
    const keys = new Set<string>();
    const seen = new Set<AnyNode>();
    const visit = (node: AnyNode, own: boolean): void => {
      if (seen.has(node)) return;
      seen.add(node);
      const summary = summaryOf(node);
      // Another function's `this` is another object, as far as anyone can tell.
      for (const key of summary[kind]) if (own || !key.startsWith("this.")) keys.add(key);
      for (const call of summary.calls) visit(call.callee.body, own && call.own);
    };
    visit(root, true);
    return keys;
  }
  return { writes: (node) => effects(node, "written"), appends: (node) => effects(node, "grown") };
}

/** The functions that are some object's property, by the property's name. */
function methodsIn(program: Program): Map<string, FunctionNode[]> {
  const methods = new Map<string, FunctionNode[]>();
  const add = (name: AnyNode, value: AnyNode): void => {
    if (name.type !== "Identifier" || value.type !== "FunctionExpression") return;
    methods.set(name.name, [...(methods.get(name.name) ?? []), value]);
  };
  simple(program, {
    AssignmentExpression: ({ left, right }) => left.type === "MemberExpression" && add(left.property, right),
    Property: ({ key, value }) => add(key, value),
  });
  return methods;
}

/** A name for a variable, or for a property of a variable or of `this`, that is the same wherever it is written. */
function keyOf(node: AnyNode, scopes: Scopes): string | undefined {
  if (node.type === "ThisExpression") return "this";
  if (node.type === "Identifier") {
    const binding = scopes.ofIdentifier.get(node)?.binding;
    return `${node.name}@${binding?.declarations[0]?.node.start ?? (binding ? node.name : "outside")}`;
  }
  if (node.type !== "MemberExpression" || node.computed || node.property.type !== "Identifier") return undefined;
  const object = keyOf(node.object, scopes);
  return object && `${object}.${node.property.name}`;
}

function addends(node: AnyNode): AnyNode[] {
  return node.type === "BinaryExpression" && node.operator === "+"
    ? [...addends(node.left), ...addends(node.right)]
    : [node];
}
