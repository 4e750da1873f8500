/** Who keeps each variable: every one is counted once, at what holds it most directly. */
import type { Snapshot, Variable } from "./snapshot";
import { CODE, SCOPE } from "./snapshot";

/** Links that keep a variable alive but do not mean it is a part of the holder. */
const LOOSE = new Set([SCOPE, "__proto__", "constructor"]);

/** One thing and what it is made of. */
export interface Owned {
  variable: Variable;
  /** The name it is held by. */
  name: string;
  children: Owned[];
  /** Variables it takes with all it owns. */
  total: number;
}

export interface FunctionParts {
  variable: Variable;
  /** The name it is held by in the outermost scope, in a prototype, or "" for one that was made while running. */
  name: string;
  /** The class whose method it is, by its name in the outermost scope. */
  owner?: string;
  parameters: number;
  /** Variables for its code, its scope, itself and the name it is held by. */
  total: number;
}

export interface Ownership {
  functions: FunctionParts[];
  /** Prototypes without their methods, by class. */
  prototypes: { name: string; total: number }[];
  /** Everything else, from the global scope and the bundle's. */
  rest: Owned[];
}

/** Sorts the variables of a snapshot. */
export function ownership(snapshot: Snapshot): Ownership {
  const taken = new Set<Variable>();
  const take = (...variables: (Variable | undefined)[]): number => {
    let size = 0;
    for (const variable of variables) {
      if (!variable || taken.has(variable)) continue;
      taken.add(variable);
      size += variable.size;
    }
    return size;
  };
  const functions: FunctionParts[] = [];
  const prototypes: Ownership["prototypes"] = [];

  /** Takes a function's own parts: itself, code, parameters and what names its scope, and `holders`. */
  const takeFunction = (variable: Variable, name: string, owner: string | undefined, ...holders: Variable[]) => {
    const parts = snapshot.links(variable).filter((part) => part.name?.startsWith("\xff"));
    const code = snapshot.own(variable, CODE);
    const total = take(variable, ...holders, ...parts, code && snapshot.value(code));
    const parameters = parts.filter((part) => part.name !== CODE && part.name !== SCOPE && part.name !== "\xffrtn");
    functions.push({ variable, name, owner, parameters: parameters.length, total });
  };

  const scope = snapshot.bundleScope;
  for (const holder of snapshot.links(scope)) {
    const variable = snapshot.value(holder);
    if (holder.name === undefined || !variable || !snapshot.isFunction(variable) || taken.has(variable)) continue;
    takeFunction(variable, holder.name, undefined, holder);
    const link = snapshot.own(variable, "prototype");
    const prototype = link && snapshot.value(link);
    if (!prototype) continue;
    const back = snapshot.own(prototype, "constructor");
    prototypes.push({ name: holder.name, total: take(link, prototype, back) });
    for (const method of snapshot.links(prototype)) {
      const body = snapshot.value(method);
      if (method !== back && body && snapshot.isFunction(body)) takeFunction(body, method.name!, holder.name, method);
    }
  }
  const rest = tree(snapshot, scope, taken, (variable) => takeFunction(variable, "", undefined));
  return { functions, prototypes, rest };
}

/** What is not taken yet, breadth first from the global scope and the bundle's; loose links are followed last. */
function tree(
  snapshot: Snapshot,
  scope: Variable,
  taken: Set<Variable>,
  onFunction: (variable: Variable) => void,
): Owned[] {
  const near: Owned[] = [];
  const loose: [Owned, Variable][] = [];
  const roots: Owned[] = [];
  const visit = (owner: Owned) => {
    for (const child of snapshot.links(owner.variable)) {
      if (owner.variable.name !== undefined && LOOSE.has(owner.variable.name)) loose.push([owner, child]);
      else own(owner, child);
    }
  };
  const own = (owner: Owned | undefined, variable: Variable) => {
    if (taken.has(variable)) return;
    const owned: Owned = { variable, name: variable.name ?? "", children: [], total: variable.size };
    if (snapshot.isFunction(variable)) {
      // Its own parts are counted with the functions; what its scope keeps alive is counted here.
      onFunction(variable);
      owned.total = 0;
      const scopeName = snapshot.own(variable, SCOPE);
      const kept = scopeName && snapshot.value(scopeName);
      if (kept) loose.push([owned, kept]);
    } else taken.add(variable);
    (owner ? owner.children : roots).push(owned);
    near.push(owned);
  };
  if (scope !== snapshot.root) own(undefined, scope);
  own(undefined, snapshot.root);
  while (near.length > 0 || loose.length > 0) {
    const next = near.shift();
    if (next) visit(next);
    else own(...loose.shift()!);
  }
  // Held by the interpreter's own C code alone.
  for (const variable of snapshot.all) own(undefined, variable);
  for (const root of roots) sum(root);
  return roots;
}

function sum(owned: Owned): number {
  for (const child of owned.children) owned.total += sum(child);
  return owned.total;
}
