/** A bundle of two modules, built as ours are, with what the build tells beside it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import terser from "@rollup/plugin-terser";
import { rollup } from "rollup";
import { modulesPlugin } from "../../tools/build/modules";
import type { Bundle } from "../../tools/measure/bundle";
import { readBundle } from "../../tools/measure/bundle";

/** `main` may import from "./part.js", which `part` is; the names of the modules in the bundle are those. */
export async function smallBundle(main: string, part: string): Promise<Bundle> {
  const folder = mkdtempSync(join(tmpdir(), "bundle-"));
  writeFileSync(join(folder, "main.js"), main);
  writeFileSync(join(folder, "part.js"), part);
  const bundle = await rollup({
    input: join(folder, "main.js"),
    plugins: [terser({ ecma: 5, toplevel: true, compress: false, maxWorkers: 1 }), modulesPlugin(folder)],
  });
  await bundle.write({ file: join(folder, "dist/small.js"), format: "iife", sourcemap: "hidden" });
  await bundle.close();
  const read = readBundle("small.js", join(folder, "dist"));
  rmSync(folder, { recursive: true });
  return read;
}
