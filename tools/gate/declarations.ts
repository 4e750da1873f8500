/**
 * The interpreter hoists nothing: a name exists from the moment its declaration runs. Used earlier, or after a branch
 * that skipped its declaration, it is a ReferenceError or, silently, an outer variable of the same name.
 *
 * A use in the same function counts where it stands in the text. A use in a function that is called later may name
 * what is declared further down, unless a call by name is seen to come too early. A `var` in a branch is accepted while
 * everything that uses it is in that branch and after it.
 */
import type { AnyNode } from "acorn";
import { faultAt, type GateFault } from "./fault";
import { lookUp, type Binding, type Declaration, type Reference, type Scope, type Scopes } from "./scopes";

export function declarationFaults(scopes: Scopes): GateFault[] {
  const faults = new Map<AnyNode, GateFault>();
  for (const use of scopes.references) {
    const { binding } = use;
    if (!binding || binding.declarations.length === 0 || isHarmlessTypeof(use, binding)) continue;
    const skipped = skippedDeclaration(use, binding);
    if (skipped) {
      const message = `declare ${binding.name} at the top of its function: where this branch did not run, it does not exist`;
      faults.set(skipped.node, faultAt(skipped.node, "nested-var", message));
    } else if (runsIn(use.scope, binding.scope) && !binding.declarations.some((each) => covers(each, use))) {
      const message = `declare ${binding.name} before it is used: nothing is hoisted`;
      faults.set(use.node, faultAt(use.node, "declare-before-use", message));
    }
  }

  const usesByRun = new Map<Scope, Reference[]>();
  for (const use of scopes.references) {
    const run = runOf(use.scope);
    const uses = usesByRun.get(run);
    if (uses) uses.push(use);
    else usesByRun.set(run, [use]);
  }
  for (const call of scopes.references) {
    if (!call.called || faults.has(call.node)) continue;
    const late = usesOf(call, scopes, usesByRun).find((use) => isTooEarly(call, use));
    if (!late) continue;
    const message = `move this call of ${call.node.name}() below the declaration of ${late.node.name}, which it uses`;
    faults.set(call.node, faultAt(call.node, "declare-before-use", message));
  }
  return [...faults.values()];
}

/** The declaration in a branch that `use` counts on without being in that branch. */
function skippedDeclaration(use: Reference, binding: Binding): Declaration | undefined {
  const later = !runsIn(use.scope, binding.scope);
  const reached = binding.declarations.some((each) =>
    later ? !each.branch || contains(each.branch, use.node) : covers(each, use),
  );
  if (reached) return undefined;
  return binding.declarations.find((each) => each.branch && (later || each.node.start < use.node.start));
}

/** True when the declaration has certainly run by the time of `use`, which runs in the same go. */
function covers(declaration: Declaration, use: Reference): boolean {
  return declaration.node.start < use.node.start && (!declaration.branch || contains(declaration.branch, use.node));
}

/** `typeof` of a name that does not exist yet is "undefined", as it should be, unless an outer one is found. */
function isHarmlessTypeof(use: Reference, binding: Binding): boolean {
  return use.asked && !lookUp(binding.scope.parent, binding.name);
}

/** Everything that happens to be used when `call` is made: by the function itself and by those that it calls. */
function usesOf(call: Reference, scopes: Scopes, usesByRun: Map<Scope, Reference[]>): Reference[] {
  const uses: Reference[] = [];
  const seen = new Set<Scope>();
  const visit = (callee: Reference): void => {
    const [only, ...others] = callee.binding?.declarations ?? [];
    const run = only?.value && others.length === 0 ? scopes.ofFunction.get(only.value) : undefined;
    if (!run || seen.has(run)) return;
    seen.add(run);
    for (const use of usesByRun.get(run) ?? []) {
      uses.push(use);
      if (use.called) visit(use);
    }
  };
  visit(call);
  return uses;
}

function isTooEarly(call: Reference, use: Reference): boolean {
  const { binding } = use;
  if (!binding || binding.declarations.length === 0 || isHarmlessTypeof(use, binding)) return false;
  // A function that is reached again has variables of its own.
  if (runOf(use.scope) === runOf(binding.scope)) return false;
  return runsIn(call.scope, binding.scope) && !binding.declarations.some((each) => covers(each, call));
}

/** True when code of scope `inner` runs in the same go as that of `outer`. */
function runsIn(inner: Scope, outer: Scope): boolean {
  let scope: Scope | undefined = inner;
  while (scope && scope !== outer && scope.inline) scope = scope.parent;
  return scope === outer;
}

/** The scope of the function (or program) whose call runs this code. */
function runOf(scope: Scope): Scope {
  return scope.inline && scope.parent ? runOf(scope.parent) : scope;
}

function contains(outer: AnyNode, inner: AnyNode): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
