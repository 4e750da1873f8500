/** Where a board's variables are: functions, prototypes, and every object by who holds it. */
import type { FunctionParts, Owned } from "./ownership";
import { ownership } from "./ownership";
import type { Snapshot, Variable } from "./snapshot";
import { CODE, SCOPE } from "./snapshot";
import type { SourceNames } from "./source-names";

/** A report for people. `least`: things that take fewer variables than this are summed up. */
export function explain(snapshot: Snapshot, names: SourceNames, least = 3): string {
  const { functions, prototypes, rest } = ownership(snapshot);
  return [
    `${snapshot.total} variables in use, the interpreter's own among them`,
    "",
    ...table(["variables", "what"], kinds(snapshot)),
    "",
    "functions by module (name, function, code, scope and parameters)",
    ...table(["variables", "functions", "module"], byModule(snapshot, names, functions)),
    "",
    "prototypes without their methods",
    ...table(
      ["variables", "class"],
      prototypes.map(({ name, total }) => [total, names.declaration(name)?.name || name]),
    ),
    "",
    "each function",
    ...table(["variables", "parameters", "function"], eachFunction(snapshot, names, functions)),
    "",
    "everything else, each variable at the nearest thing that holds it",
    ...rest.flatMap((owned) => outline(snapshot, names, owned, least, 0)),
    "",
  ].join("\n");
}

type Row = (number | string)[];

function table(head: string[], rows: Row[]): string[] {
  const widths = head.map((title) => title.length);
  const line = (row: Row) =>
    row.map((cell, i) => (i < row.length - 1 ? String(cell).padStart(widths[i]) : cell)).join("  ");
  return [line(head), ...rows.map(line)].map((text) => `  ${text}`);
}

const bySize = (a: Row, b: Row) => Number(b[0]) - Number(a[0]);

/** Variables by what they are for. */
function kinds(snapshot: Snapshot): Row[] {
  const sums = new Map<string, number>();
  const scopes = new Set<Variable>();
  const code = new Set<Variable>();
  for (const name of snapshot.all) {
    const value = snapshot.value(name);
    if (!value) continue;
    if (name.name === CODE) code.add(value);
    if (name.name !== SCOPE) continue;
    scopes.add(value);
    if (value.kind === "Array") for (const index of snapshot.links(value)) scopes.add(index);
  }
  for (const variable of snapshot.all) {
    const kind = code.has(variable) ? "strings that point to a function's code" : kindOf(snapshot, variable, scopes);
    sums.set(kind, (sums.get(kind) ?? 0) + variable.size);
  }
  return [...sums].map(([kind, sum]): Row => [sum, kind]).sort(bySize);
}

function kindOf(snapshot: Snapshot, variable: Variable, scopes: Set<Variable>): string {
  const { name, kind } = variable;
  const value = snapshot.value(variable);
  if (name === CODE) return "names of a function's code";
  if (name === SCOPE) return "names of a function's scope";
  if (scopes.has(variable)) {
    return variable === snapshot.bundleScope ? "the bundle's scope" : "lists of scopes, for functions inside functions";
  }
  if (name?.startsWith("\xff") && name.length > 1) return "parameters of functions";
  if (name === "__proto__" || name === "constructor" || name === "prototype") return `names ${name}`;
  if (value && snapshot.isFunction(value)) return "names of functions";
  if (name !== undefined) return value ? "names of objects, strings and other values" : "names with a value inside";
  if (snapshot.isFunction(variable)) return "functions";
  return kind ? `${kind.toLowerCase()}s` : "built-in functions, scopes that closures keep, and other";
}

/** The class or function a function belongs to, in readable form. */
function title(snapshot: Snapshot, names: SourceNames, part: FunctionParts): { module: string; text: string } {
  if (part.owner !== undefined) {
    const owner = names.declaration(part.owner);
    return {
      module: owner?.module ?? "",
      text: `${owner?.name || part.owner}.${names.property(part.name)} (${part.owner}.${part.name})`,
    };
  }
  const declared = part.name ? names.declaration(part.name) : undefined;
  if (declared) return { module: declared.module, text: `${declared.name} (${part.name})` };
  const code = snapshot.code(part.variable);
  const found = names.beginningWith(code);
  const modules = new Set(found.map(({ module }) => module));
  return { module: modules.size === 1 ? [...modules][0] : "", text: `function () { ${code}… }` };
}

function byModule(snapshot: Snapshot, names: SourceNames, functions: FunctionParts[]): Row[] {
  const sums = new Map<string, [number, number]>();
  for (const part of functions) {
    const { module } = title(snapshot, names, part);
    const [variables, count] = sums.get(module) ?? [0, 0];
    sums.set(module, [variables + part.total, count + 1]);
  }
  const rows = [...sums].map(([module, [variables, count]]): Row => [variables, count, module || "unknown"]);
  const sum = functions.reduce((total, part) => total + part.total, 0);
  return [...rows.sort(bySize), [sum, functions.length, "all"]];
}

function eachFunction(snapshot: Snapshot, names: SourceNames, functions: FunctionParts[]): Row[] {
  return functions
    .map((part): Row => {
      const { module, text } = title(snapshot, names, part);
      return [part.total, part.parameters, `${text}  ${module}`];
    })
    .sort(bySize);
}

/** A thing and its parts, one a line, names joined with what they link to. */
function outline(
  snapshot: Snapshot,
  names: SourceNames,
  owned: Owned,
  least: number,
  depth: number,
  holder?: Variable,
): string[] {
  if (owned.total < least) return [];
  const { variable, children } = owned;
  // A name and its value are one line.
  const parts = variable.name !== undefined && children.length === 1 ? children[0] : owned;
  const lines = parts.children.flatMap((child) => outline(snapshot, names, child, least, depth + 1, parts.variable));
  const indent = "  ".repeat(depth + 1);
  return [`${indent}${String(owned.total).padStart(4)} ${label(snapshot, names, owned, holder)}`, ...lines];
}

function label(snapshot: Snapshot, names: SourceNames, { variable, name }: Owned, holder?: Variable): string {
  if (variable === snapshot.root) return "global scope, the interpreter's own things in it";
  if (variable === snapshot.bundleScope) return "scope of the bundle: its variables";
  const value = variable.name === undefined ? variable : snapshot.value(variable);
  // Variables of a call that a function inside it keeps; what they were called is not known.
  const local = holder && holder.kind === "" && holder !== snapshot.bundleScope && holder !== snapshot.root;
  const original =
    holder === snapshot.bundleScope ? names.declaration(name)?.name : local ? undefined : names.property(name);
  const known = !original || original === name ? name : `${original} (${name})`;
  return [known, value && describe(snapshot, names, value)].filter(Boolean).join(": ");
}

function describe(snapshot: Snapshot, names: SourceNames, value: Variable): string {
  if (snapshot.isFunction(value)) return `function () { ${snapshot.code(value)}… }`;
  const link = snapshot.own(value, "__proto__");
  const prototype = link && snapshot.value(link);
  const back = prototype && snapshot.own(prototype, "constructor");
  const holder =
    back && snapshot.links(snapshot.bundleScope).find((name) => snapshot.value(name) === snapshot.value(back));
  if (holder?.name) return names.declaration(holder.name)?.name || holder.name;
  return value.text === undefined ? value.kind || "scope or built-in" : JSON.stringify(value.text);
}
