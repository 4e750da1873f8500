/**
 * Functions that run rarely (at boot, once for each connect) and would cost variables all the time: on the board each
 * function that exists costs about ten, its code none, for that stays in flash. A module named cold is bundled into the
 * body of one function; what it exports becomes stubs that run that body, call what they want and let everything go.
 * The TypeScript knows nothing of it.
 */
import { dirname, resolve } from "node:path";
import { existsSync } from "node:fs";
import type { Plugin } from "rollup";
import { rollup } from "rollup";
import ts from "typescript";

/** TypeScript without type checks: the main build makes those. */
const transpile: Plugin = {
  name: "transpile",
  resolveId(source, importer) {
    if (!importer || !source.startsWith(".")) return null;
    const path = resolve(dirname(importer), source);
    return [`${path}.ts`, `${path}/index.ts`].find((file) => existsSync(file)) ?? null;
  },
  transform(code) {
    const compilerOptions: ts.CompilerOptions = {
      target: ts.ScriptTarget.ES5,
      module: ts.ModuleKind.ESNext,
      ignoreDeprecations: "5.0",
    };
    return { code: unwrapClasses(ts.transpileModule(code, { compilerOptions }).outputText), map: null };
  },
};

/**
 * `cold`: paths from the project's root; such a module may keep no state and hand out no closures. `hot`: modules that
 * cold ones use and that exist all the time anyway; what is in neither list becomes part of the cold module that wants it.
 * `loaders`: plugins of the main build that answer for modules in cold ones too.
 */
export function coldPlugin(cold: readonly string[], hot: readonly string[], loaders: readonly Plugin[] = []): Plugin {
  const entries = new Set(cold.map((path) => resolve(path)));
  const outside = new Set([...entries, ...hot.map((path) => resolve(path))]);
  return {
    name: "cold",
    async load(id) {
      if (!entries.has(id)) return null;
      const external: Plugin = {
        name: "external",
        async resolveId(source, importer) {
          const found = importer && (await this.resolve(source, importer, { skipSelf: true }));
          return found && outside.has(found.id) ? { id: found.id, external: "absolute" } : null;
        },
      };
      const build = await rollup({ input: id, plugins: [external, ...loaders, transpile] });
      for (const file of build.watchFiles) this.addWatchFile(file);
      const { output } = await build.generate({ format: "es" });
      const { code, exports } = output[0];
      const imports = code.match(/^import .*$/gm) ?? [];
      const body = code.replace(/^(import|export) .*$/gm, "");
      return {
        code: [
          ...imports,
          `function run() {\n${body}\nreturn { ${exports.map((name) => `${name}: ${name}`).join(", ")} };\n}`,
          ...exports.map((name) => `export function ${name}() { return run().${name}.apply(this, arguments); }`),
        ].join("\n"),
        map: null,
      };
    },
  };
}

/** TypeScript wraps each class in a function of its own, whose scope would stay for ever; the class does not need it. */
export function unwrapClasses(code: string): string {
  return code.replace(
    /^var (\w+) = \/\*\* @class \*\/ \(function \(\) \{\n([^]*?)\n {4}return \1;\n\}\(\)\);$/gm,
    (_, _name: string, body: string) => body,
  );
}

export function unwrapPlugin(): Plugin {
  return {
    name: "unwrap-classes",
    transform: (code) => ({ code: unwrapClasses(code), map: null }),
  };
}
