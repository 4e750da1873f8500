/** Calls and operators that mean something else on the board. */
import type { AnyNode, Program } from "acorn";
import { fullAncestor, simple } from "acorn-walk";
import { faultAt, type GateFault } from "./fault";
import { isFunction, isUndefined, propertyName } from "./nodes";
import type { Scopes } from "./scopes";

/** What TypeScript adds for newer syntax, by name and, where the minifier took the name, by what it says in an error. */
const HELPER = /^__(extends|assign|spreadArray|spreadArrays|spread|generator|awaiter|values|read|rest|decorate)$/;
const HELPER_TEXT = /^(Class extends value |Generator is already executing\.)$/;

/** The Wi-Fi module's look-up (jswrap_esp32_network.c, dnsFoundCallback). */
const LOOKUP = "getHostByName";

export function apiFaults(program: Program, scopes: Scopes): GateFault[] {
  const faults: GateFault[] = [];
  const add = (node: AnyNode, rule: string, message: string): void => {
    faults.push(faultAt(node, rule, message));
  };
  const isGlobal = (node: AnyNode, name: RegExp): boolean =>
    node.type === "Identifier" && name.test(node.name) && !scopes.ofIdentifier.get(node)?.binding;
  const resize = (node: AnyNode, target: AnyNode): void => {
    // An object's own `length` may be set: only an array's is constant.
    if (target.type !== "MemberExpression" || propertyName(target) !== "length") return;
    if (target.object.type === "ThisExpression") return;
    add(
      node,
      "array-length",
      "empty an array with splice(0) (and call an object's property something else): length is constant",
    );
  };
  const helper = (node: AnyNode): void => {
    add(node, "ts-helper", "write it in ES5: TypeScript's helpers lean on hoisting and on what the board lacks");
  };

  const lookup = (node: AnyNode): void => {
    add(
      node,
      "host-by-name",
      "hand the name to net.connect: in every release to 2v29 this gives null, or a pointer's bytes",
    );
  };

  simple(program, {
    AssignmentExpression: (node) => resize(node, node.left),
    UpdateExpression: (node) => resize(node, node.argument),
    CallExpression(node) {
      const { callee, arguments: given } = node;
      if (isGlobal(callee, /^clear(Timeout|Interval)$/) && (given.length === 0 || isUndefined(given[0]))) {
        add(node, "clear-timers", "name the timer: without an argument every timer is cleared, undefined throws");
      }
      if (isGlobal(callee, /^setTime$/) || (callee.type === "MemberExpression" && propertyName(callee) === "setSNTP")) {
        add(
          node,
          "set-time",
          "keep an offset to the system clock: a step of it brings pending timers forward, or holds them up",
        );
      }
      if (callee.type !== "MemberExpression") return;
      const name = propertyName(callee);
      if (name === "apply" && propertyName(callee.object) === "fromCharCode") {
        add(node, "apply-array", "use E.toString() or a loop: apply() throws over 256 arguments");
      }
      const [pattern, replacement] = given;
      if (
        /^(indexOf|includes|replace)$/.test(name ?? "") &&
        pattern?.type === "Literal" &&
        typeof pattern.value === "string" &&
        pattern.value.length > 1
      ) {
        add(
          node,
          "partial-match",
          "look for one character, or check the length of what was found: a match that the end of the string cuts short counts as one",
        );
      }
      if (
        name === "replace" &&
        pattern?.type === "Literal" &&
        typeof pattern.value === "string" &&
        isFunction(replacement)
      ) {
        add(node, "replace-function", "compute the replacement first: for a string pattern a function is not called");
      }
    },
    BinaryExpression(node) {
      if (node.operator !== "instanceof" || !isGlobal(node.right, /^Error$/)) return;
      add(node, "instanceof-error", "test a code or the message: a ReferenceError or a TypeError is no Error here");
    },
    VariableDeclarator({ id, init }) {
      // `var __x = (this && this.__x) || …` is reported where the property is read.
      if (id.type === "Identifier" && HELPER.test(id.name) && init?.type !== "LogicalExpression") helper(id);
    },
    MemberExpression(node) {
      if (HELPER.test(propertyName(node) ?? "")) helper(node);
      if (propertyName(node) === LOOKUP) lookup(node);
    },
    Literal(node) {
      if (typeof node.value === "string" && HELPER_TEXT.test(node.value)) helper(node);
      if (node.value === LOOKUP) lookup(node);
    },
  });

  fullAncestor(program, (node, _state, ancestors) => checkArguments(node as AnyNode, ancestors as AnyNode[], add));
  return faults;
}

/** `arguments.length` is never less than the number of parameters. */
function checkArguments(
  node: AnyNode,
  ancestors: AnyNode[],
  add: (node: AnyNode, rule: string, message: string) => void,
): void {
  if (node.type !== "BinaryExpression") return;
  const sides: AnyNode[] = [node.left, node.right];
  const counted = sides.findIndex(
    (side) =>
      side.type === "MemberExpression" &&
      propertyName(side) === "length" &&
      side.object.type === "Identifier" &&
      side.object.name === "arguments",
  );
  const other = sides[1 - counted];
  if (counted < 0 || other.type !== "Literal" || typeof other.value !== "number") return;
  const value = other.value;
  const compare = (count: number): boolean => {
    const [a, b] = counted === 0 ? [count, value] : [value, count];
    return (
      { "<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b, "!=": a !== b, "!==": a !== b }[node.operator as string] ??
      a === b
    );
  };
  const holder = [...ancestors].reverse().find(isFunction);
  const least =
    holder?.type === "FunctionExpression" || holder?.type === "FunctionDeclaration" ? holder.params.length : 0;
  for (let count = 0; count < least; count++) {
    if (compare(count) === compare(least)) continue;
    add(node, "arguments-length", "compare the parameter with undefined: missing arguments are counted as well");
    return;
  }
}
