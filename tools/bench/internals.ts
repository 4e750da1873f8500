/** Functions of the firmware as the build makes them, where a program for the board can call them one by one. */
import { join } from "node:path";
import type { Plugin, RollupOptions } from "rollup";
import { rollup } from "rollup";

const ROOT = join(__dirname, "../..");

/** What is wanted of which module. */
const WANTED: Record<string, string[]> = {
  "firmware/board/runtime.ts": ["boardRuntime"],
  "firmware/mqtt/packets.ts": ["publishPacket"],
  "firmware/mqtt/parser.ts": ["Parser"],
  "firmware/websocket/frames.ts": ["clientFrame"],
};

const ENTRY = "\0internals";

/** Those of the build's plugins that belong to the bundles as they are delivered. */
const LEFT_OUT = new Set(["gate", "modules", "declarations"]);

/** A program that makes them properties of a global `internals`. */
export async function compileInternals(): Promise<string> {
  const [{ plugins, output }] = require(join(ROOT, "rollup.config.js")) as RollupOptions[];
  const entry: Plugin = {
    name: "internals",
    resolveId: (id) => (id === ENTRY ? id : null),
    load(id) {
      if (id !== ENTRY) return null;
      return Object.entries(WANTED)
        .map(([file, names]) => `export { ${names.join(", ")} } from ${JSON.stringify(join(ROOT, file))};`)
        .join("\n");
    },
  };
  const kept = (plugins as Plugin[]).filter(({ name }) => !LEFT_OUT.has(name));
  const bundle = await rollup({ input: ENTRY, plugins: [entry, ...kept] });
  const made = await bundle.generate({ ...output, file: undefined, format: "cjs", exports: "named" });
  await bundle.close();
  return `var internals=(function(exports){${made.output[0].code};return exports})({});`;
}
