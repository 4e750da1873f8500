/** Writes what a bundle was made of beside it: `dist/firmware.js.modules.json`, bytes before minifying by module. */
import { relative } from "node:path";
import type { Plugin } from "rollup";

export function modulesPlugin(root: string): Plugin {
  return {
    name: "modules",
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        const modules = Object.entries(chunk.modules)
          .filter(([, { renderedLength }]) => renderedLength > 0)
          .map(([id, { renderedLength }]) => [relative(root, id).replace(/\\/g, "/"), renderedLength]);
        const source = `${JSON.stringify(Object.fromEntries(modules), null, 2)}\n`;
        this.emitFile({ type: "asset", fileName: `${chunk.fileName}.modules.json`, source });
      }
    },
  };
}
