/** Names that JavaScript has and the board lacks (measured on 2v29; kept are those a program might well use). */
import type { AnyNode, Program } from "acorn";
import { simple } from "acorn-walk";
import { faultAt, type GateFault } from "./fault";
import { isText, propertyName } from "./nodes";
import type { Scopes } from "./scopes";

const words = (text: string): Set<string> => new Set(text.split(/\s+/));

const GLOBALS = words(
  `AbortController AggregateError Atomics BigInt BigInt64Array BigUint64Array Buffer EvalError Intl Map Proxy RangeError
  Reflect Set SharedArrayBuffer Symbol TextDecoder TextEncoder URIError URL URLSearchParams WeakMap WeakRef WeakSet
  WebAssembly clearImmediate decodeURI encodeURI escape fetch performance queueMicrotask setImmediate structuredClone
  unescape`,
);

const STATICS = new Map([
  ["Array", words("from of")],
  ["ArrayBuffer", words("isView")],
  ["Date", words("UTC")],
  ["Error", words("captureStackTrace stackTraceLimit")],
  ["Math", words("acosh asinh atanh cbrt clz32 cosh expm1 fround hypot imul log10 log1p log2 sinh tanh trunc")],
  [
    "Number",
    words("EPSILON MAX_SAFE_INTEGER MIN_SAFE_INTEGER isFinite isInteger isNaN isSafeInteger parseFloat parseInt"),
  ],
  ["Object", words("freeze getOwnPropertySymbols hasOwn is isExtensible isFrozen isSealed preventExtensions seal")],
  ["Promise", words("allSettled any race")],
  ["String", words("fromCodePoint raw")],
]);

const METHODS = words(
  `at codePointAt copyWithin entries finally findLast findLastIndex flat flatMap isPrototypeOf keys localeCompare matchAll
  normalize off once propertyIsEnumerable reduceRight search setUTCDate setUTCFullYear setUTCHours setUTCMilliseconds
  setUTCMinutes setUTCMonth setUTCSeconds toDateString toExponential toLocaleDateString toLocaleLowerCase
  toLocaleString toLocaleTimeString toLocaleUpperCase toPrecision toReversed toSorted toSpliced toTimeString trimEnd
  trimLeft trimRight trimStart values`,
);

/** Where `prototype.method` of a built-in is undefined, although its instances have the method. */
const BUILT_IN = words("Array Boolean Date Error Function Number Promise RegExp String Uint8Array");

export function absentFaults(program: Program, scopes: Scopes): GateFault[] {
  const faults: GateFault[] = [];
  const add = (node: AnyNode, rule: string, message: string): void => {
    faults.push(faultAt(node, rule, message));
  };
  const isBuiltIn = (node: AnyNode): string | undefined =>
    node.type === "Identifier" && !scopes.ofIdentifier.get(node)?.binding ? node.name : undefined;
  const { properties, patched } = definedIn(program);
  const asked = new Set(scopes.references.filter((use) => use.asked).map((use) => use.node.name));

  for (const { node, binding } of scopes.references) {
    // A program that asks for `typeof` a name has somewhere else to go.
    if (binding || !GLOBALS.has(node.name) || asked.has(node.name)) continue;
    add(node, "absent", `the board has no ${node.name}`);
  }
  simple(program, {
    MemberExpression(node) {
      const name = propertyName(node);
      const object = isBuiltIn(node.object);
      if (!name) return;
      if (object && STATICS.get(object)?.has(name)) add(node, "absent", `the board has no ${object}.${name}`);
      if (node.object.type !== "MemberExpression" || propertyName(node.object) !== "prototype") return;
      const owner = isBuiltIn(node.object.object);
      if (!owner || patched.has(`${owner}.${name}`)) return;
      if (
        (BUILT_IN.has(owner) && !/^(toString|valueOf|constructor)$/.test(name)) ||
        (owner === "Object" && name === "toString")
      ) {
        const message = `take ${name} from an instance ([].slice, "".trim): prototypes do not show built-in methods`;
        add(node, "prototype-method", message);
      }
    },
    CallExpression({ callee }) {
      const name = propertyName(callee);
      if (callee.type !== "MemberExpression" || !name || properties.has(name)) return;
      if (METHODS.has(name) && isBuiltIn(callee.object) !== "Object") {
        add(callee, "absent", `the board has no method ${name}() and the bundle defines none`);
      }
      if (name === "lastIndexOf" && !isText(callee.object)) {
        const message =
          'only strings have lastIndexOf() here: write a loop or, for a string, ("" + text).lastIndexOf(…)';
        add(callee, "last-index-of", message);
      }
    },
  });
  return faults;
}

/** The properties that the program gives to objects, and to which prototypes (`Owner.property`). */
function definedIn(program: Program): { properties: Set<string>; patched: Set<string> } {
  const properties = new Set<string>();
  const patched = new Set<string>();
  simple(program, {
    AssignmentExpression({ left }) {
      const name = propertyName(left);
      if (!name || left.type !== "MemberExpression") return;
      properties.add(name);
      const { object } = left;
      if (object.type !== "MemberExpression" || propertyName(object) !== "prototype") return;
      if (object.object.type === "Identifier") patched.add(`${object.object.name}.${name}`);
    },
    Property({ key }) {
      properties.add(key.type === "Identifier" ? key.name : String((key as { value?: unknown }).value));
    },
  });
  return { properties, patched };
}
