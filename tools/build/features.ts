/**
 * The features that a build can leave out. Each has a constant in firmware/features/enabled.ts; the build puts a module
 * with the chosen values in its place, and what then stands behind `if (false)` goes, with all that only it imports.
 */
import { resolve } from "node:path";
import type { Plugin } from "rollup";

/** Name → what it does. */
export const FEATURES: Readonly<Record<string, string>> = {
  registration: "dynamic registration: a device secret from the product's secret",
  clock: "Alibaba Cloud's time service",
  "thing-model": "properties, events, commands and services of both clouds' thing models",
  shadow: "the device's shadow at either cloud",
  limits: "the clouds' rate of messages: what is over it waits",
};

/** What is built when nothing is said. */
export const DEFAULT_FEATURES: readonly string[] = Object.keys(FEATURES);

/** The module that the build replaces. */
const ENABLED = resolve(__dirname, "../../firmware/features/enabled.ts");

export class UnknownFeature extends Error {}

/** Names between commas; `all`, `none`, or undefined for the default. Throws an UnknownFeature, which lists the known ones. */
export function parseFeatures(text: string | undefined): string[] {
  if (text === undefined) return [...DEFAULT_FEATURES];
  if (text === "all") return Object.keys(FEATURES);
  if (text.trim() === "") throw new UnknownFeature("--features needs a name; none is a name too");
  const names = text === "none" ? [] : [...new Set(text.split(",").map((name) => name.trim()))].filter(Boolean);
  const unknown = names.filter((name) => !Object.hasOwn(FEATURES, name));
  if (unknown.length > 0) {
    const known = Object.entries(FEATURES).map(([name, what]) => `  ${name.padEnd(14)}${what}`);
    throw new UnknownFeature(
      `there is no feature ${unknown.join(", ")}; there are, besides all and none:\n${known.join("\n")}`,
    );
  }
  return names;
}

/** `thing-model` → `THING_MODEL`. */
export const constantOf = (feature: string): string => feature.toUpperCase().replace(/-/g, "_");

/** Answers for firmware/features/enabled.ts with what is chosen. */
export function featuresPlugin(chosen: readonly string[]): Plugin {
  return {
    name: "features",
    load(id) {
      if (id !== ENABLED) return null;
      const lines = Object.keys(FEATURES).map((name) => `export var ${constantOf(name)} = ${chosen.includes(name)};`);
      return { code: `${lines.join("\n")}\n`, map: null };
    },
  };
}
