/** One module of the firmware as it comes out of the build. */
import { rollup } from "rollup";
import terser from "@rollup/plugin-terser";
import ts from "typescript";

/**
 * One module without imports, as minified ES5.
 *
 * @param format - "iife" assigns the exports to a global `name`; "es" is what a bundle takes in
 */
export async function compile(file: string, format: "iife" | "es", name?: string): Promise<string> {
  const bundle = await rollup({
    input: file,
    plugins: [
      {
        name: "transpile",
        transform: (code) =>
          ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES5, module: ts.ModuleKind.ESNext } })
            .outputText,
      },
    ],
  });
  const { output } = await bundle.generate({
    format,
    name,
    strict: false,
    plugins: [
      terser({
        ecma: 5,
        compress: { ecma: 5, passes: 3, hoist_funs: true, hoist_vars: true, inline: 1, reduce_funcs: false },
        format: { ascii_only: true },
        maxWorkers: 1,
      }),
    ],
  });
  await bundle.close();
  return output[0].code.trim();
}

/** Bytes that a module's functions take in a minified bundle. */
export async function minifiedSize(file: string): Promise<number> {
  return (await compile(file, "es")).replace(/export\{.*\};$/, "").length;
}
