/** Names that the build gives: they begin with `$`, and terser keeps them. */
import type { NodePath } from "@babel/core";
import type { types as t } from "@babel/core";
import type { Plugin } from "rollup";
import { treePlugin } from "./ast";

/** The shelf (see shelf.ts), what takes a function from there, and what a timer calls to do so. */
export const SHELF = "$_";
export const TAKE = "$";
export const LATER = "$$";

/** Matches what a rare function is called until it is on the shelf: terser's `keep_fnames`. */
export const RARE = /^\$\d+$/;
export const rareName = (number: number): string => `$${number}`;

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const GLOBAL_NAMES = [...LETTERS, ...[...LETTERS].flatMap((first) => [...LETTERS].map((next) => first + next))].map(
  (letters) => `$${letters}`,
);

/** Names that nothing else may get: terser's `mangle.reserved`. */
export const RESERVED = [SHELF, TAKE, LATER, ...GLOBAL_NAMES];

/**
 * Gives short names to everything in the outermost scope that has none yet, for a bundle that is no module: there they are
 * global, and what a user types or loads must not meet them.
 */
export function globalsPlugin(): Plugin {
  return treePlugin("globals", ({ scope }: NodePath<t.Program | t.BlockStatement>) => {
    scope.crawl();
    Object.keys(scope.bindings)
      .filter((name) => !RARE.test(name))
      .forEach((name, number) => rename(scope, name, GLOBAL_NAMES[number]));
  });
}

/** As Babel's own, which walks through everything for each name. No scope may have `name` already. */
export function rename(scope: NodePath["scope"], from: string, name: string): void {
  const binding = scope.getBinding(from)!;
  if (!binding.constant) return scope.rename(from, name);
  binding.identifier.name = name;
  for (const { node } of binding.referencePaths) (node as t.Identifier).name = name;
}
