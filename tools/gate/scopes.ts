/** Who declares what, and who uses it: the names of an ES5 program. */
import type { AnyNode, FunctionDeclaration, FunctionExpression, Identifier, Program } from "acorn";
import { fullAncestor } from "acorn-walk";

export type FunctionNode = FunctionDeclaration | FunctionExpression;

/** A function's names, or the program's. A `catch` clause is a scope of its own for its one parameter. */
export interface Scope {
  parent?: Scope;
  names: Map<string, Binding>;
  /** Runs where it is written: called on the spot, or by a built-in that calls back before it returns. */
  inline: boolean;
}

export interface Binding {
  name: string;
  scope: Scope;
  /** Empty for what is there from the start: parameters, a function expression's own name. */
  declarations: Declaration[];
}

export interface Declaration {
  node: Identifier;
  /** The function that is its value from the start. */
  value?: FunctionNode;
  /** The part of the function that may be skipped and takes the declaration with it; none for one that always runs. */
  branch?: AnyNode;
}

export interface Reference {
  node: Identifier;
  scope: Scope;
  /** None for names from outside the program. */
  binding?: Binding;
  /** The operand of `typeof`. */
  asked: boolean;
  /** The callee of a call or of `new`. */
  called: boolean;
}

export interface Scopes {
  references: Reference[];
  ofFunction: Map<AnyNode, Scope>;
  ofIdentifier: Map<AnyNode, Reference>;
}

/** Built-ins that call a function argument before they return. */
const CALLS_BACK = /^(map|forEach|filter|some|every|reduce|find|findIndex|sort|replace|call|apply)$/;

export function scopesOf(program: Program): Scopes {
  const scopes = new Map<AnyNode, Scope>([[program, { names: new Map(), inline: false }]]);
  const found: { node: Identifier; ancestors: AnyNode[] }[] = [];

  fullAncestor(program, (node, _state, ancestors) => {
    if (node.type === "FunctionDeclaration" || node.type === "FunctionExpression" || node.type === "CatchClause") {
      scopeFor(node, ancestors as AnyNode[]);
    }
    if (node.type === "Identifier") found.push({ node, ancestors: [...(ancestors as AnyNode[])] });
  });

  function scopeFor(node: AnyNode, ancestors: AnyNode[]): Scope {
    const known = scopes.get(node);
    if (known) return known;
    const outer = ancestors.slice(0, ancestors.lastIndexOf(node));
    const holder = [...outer].reverse().find(isScope) ?? program;
    const inline = node.type === "CatchClause" || runsInPlace(node, outer);
    const scope: Scope = { parent: scopeFor(holder, outer), names: new Map(), inline };
    scopes.set(node, scope);
    return scope;
  }

  const uses: { node: Identifier; ancestors: AnyNode[] }[] = [];
  for (const item of found) if (!declare(item.node, item.ancestors)) uses.push(item);

  /** True when the identifier is nothing but a declaration. */
  function declare(node: Identifier, ancestors: AnyNode[]): boolean {
    const parent = ancestors[ancestors.length - 2];
    if (parent.type === "VariableDeclarator" && parent.id === node) {
      const value = parent.init?.type === "FunctionExpression" ? parent.init : undefined;
      add(functionScope(ancestors), { node, value, branch: branchOf(ancestors) });
      return true;
    }
    if (parent.type === "FunctionDeclaration" && parent.id === node) {
      const outside = ancestors.slice(0, -2);
      add(functionScope(outside), { node, value: parent, branch: branchOf(ancestors.slice(0, -1)) });
      return true;
    }
    const own =
      (parent.type === "CatchClause" && parent.param === node) ||
      (parent.type === "FunctionExpression" && parent.id === node) ||
      ((parent.type === "FunctionDeclaration" || parent.type === "FunctionExpression") && parent.params.includes(node));
    if (own) add(scopeFor(parent, ancestors), undefined, node.name);
    return own;
  }

  function functionScope(ancestors: AnyNode[]): Scope {
    return scopeFor([...ancestors].reverse().find(isFunctionOrProgram) ?? program, ancestors);
  }

  function add(scope: Scope, declaration?: Declaration, name = declaration?.node.name ?? ""): void {
    let binding = scope.names.get(name);
    if (!binding) {
      binding = { name, scope, declarations: [] };
      scope.names.set(name, binding);
      // What is there from the start needs no declaration, and a later `var` does not undo it.
      if (declaration) binding.declarations.push(declaration);
    } else if (declaration && binding.declarations.length > 0) {
      binding.declarations.push(declaration);
    } else if (!declaration) {
      binding.declarations = [];
    }
  }

  const references = uses.map(({ node, ancestors }): Reference => {
    const parent = ancestors[ancestors.length - 2];
    const scope = scopeFor([...ancestors].reverse().find(isScope) ?? program, ancestors);
    const asked = parent.type === "UnaryExpression" && parent.operator === "typeof";
    const called = (parent.type === "CallExpression" || parent.type === "NewExpression") && parent.callee === node;
    return { node, scope, binding: lookUp(scope, node.name), asked, called };
  });
  return { references, ofFunction: scopes, ofIdentifier: new Map(references.map((use) => [use.node, use])) };
}

/** The binding that `name` means in `scope`, by the rules of JavaScript. */
export function lookUp(scope: Scope | undefined, name: string): Binding | undefined {
  for (let each = scope; each; each = each.parent) {
    const binding = each.names.get(name);
    if (binding) return binding;
  }
  return undefined;
}

function isFunctionOrProgram(node: AnyNode): boolean {
  return node.type === "FunctionDeclaration" || node.type === "FunctionExpression" || node.type === "Program";
}

function isScope(node: AnyNode): boolean {
  return isFunctionOrProgram(node) || node.type === "CatchClause";
}

function runsInPlace(node: AnyNode, outer: AnyNode[]): boolean {
  const parent = outer[outer.length - 1];
  const grandparent = outer[outer.length - 2];
  if (parent.type === "MemberExpression" && parent.object === node) {
    // (function () {…}).call(…)
    return grandparent.type === "CallExpression" && grandparent.callee === parent && named(parent, CALLS_BACK);
  }
  if (parent.type === "NewExpression") return parent.callee === node;
  if (parent.type !== "CallExpression") return false;
  return parent.callee === node || (parent.callee.type === "MemberExpression" && named(parent.callee, CALLS_BACK));
}

function named(member: AnyNode, pattern: RegExp): boolean {
  return (
    member.type === "MemberExpression" && member.property.type === "Identifier" && pattern.test(member.property.name)
  );
}

/** The innermost part of the function around the last ancestor that its statements may skip. */
function branchOf(ancestors: AnyNode[]): AnyNode | undefined {
  for (let i = ancestors.length - 2; i >= 0; i--) {
    const node = ancestors[i];
    const child = ancestors[i + 1];
    if (isFunctionOrProgram(node)) return undefined;
    switch (node.type) {
      case "SwitchCase":
        return node;
      case "IfStatement":
      case "CatchClause":
        return child;
      case "WhileStatement":
      case "DoWhileStatement":
      case "ForStatement":
      case "ForInStatement":
        if (node.body === child) return child;
        break;
      case "TryStatement":
        if (node.block === child) return child;
    }
  }
  return undefined;
}
