/** Bytes of a bundle, whole and by module. The same on every machine but for gzip, which is the Node's. */
import { gzipSync } from "node:zlib";
import type { Bundle } from "../measure/bundle";
import type { BundleBytes, Bytes } from "./figures";

export function gzip(text: string): number {
  return gzipSync(Buffer.from(text, "latin1"), { level: 9 }).length;
}

/** What a module's stretches of the minified bundle come to, by the source map, beside what it was before. */
export function countBytes({ code, names, modules }: Bundle): BundleBytes {
  const parts = new Map<string, Bytes>();
  for (const [module, text] of names.texts) {
    parts.set(module, { raw: modules[module] ?? 0, minified: text.length, gzip: gzip(text) });
  }
  const sorted = [...parts].sort(([a, x], [b, y]) => y.minified - x.minified || (a < b ? -1 : 1));
  return {
    raw: Object.values(modules).reduce((sum, count) => sum + count, 0),
    minified: code.length,
    gzip: gzip(code),
    modules: Object.fromEntries(sorted),
  };
}
