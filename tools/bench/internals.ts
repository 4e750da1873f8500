/** Functions of the firmware as the build makes them, where a program for the board can call them one by one. */
import { join } from "node:path";
import type { Plugin, RollupOptions } from "rollup";
import { rollup } from "rollup";

const ROOT = join(__dirname, "../..");

const file = (path: string) => JSON.stringify(join(ROOT, "firmware", path));

/** A method is called by the name that the build gives it (see tools/build/unique-methods.ts). */
const PROGRAM = `
import { Parser } from ${file("mqtt/parser.ts")};
export { boardRuntime } from ${file("board/runtime.ts")};
export { publishPacket } from ${file("mqtt/packets.ts")};
export { clientFrame } from ${file("websocket/frames.ts")};
export function makeParser(max, sink) { return new Parser(max, sink); }
export function parse(parser, bytes) { return parser.Parser$push(bytes); }
`;

const ENTRY = "\0internals";

/** Those of the build's plugins that belong to the bundles as they are delivered. */
const LEFT_OUT = new Set(["gate", "modules", "declarations"]);

/** A program that makes them properties of a global `internals`. */
export async function compileInternals(): Promise<string> {
  const [{ plugins, output }] = require(join(ROOT, "rollup.config.js")) as RollupOptions[];
  const entry: Plugin = {
    name: "internals",
    resolveId: (id) => (id === ENTRY ? id : null),
    load: (id) => (id === ENTRY ? PROGRAM : null),
  };
  const kept = (plugins as Plugin[]).filter(({ name }) => !LEFT_OUT.has(name));
  const bundle = await rollup({ input: ENTRY, plugins: [entry, ...kept] });
  const made = await bundle.generate({ ...output, file: undefined, format: "cjs", exports: "named" });
  await bundle.close();
  return `var internals=(function(exports){${made.output[0].code};return exports})({});`;
}
