/** Runs one pass of the build over a text, as rollup would. */
import { runInNewContext } from "node:vm";
import type { Plugin } from "rollup";

/** What a pass makes of `code`. */
export function pass(plugin: Plugin, code: string): string {
  const { code: made } = (plugin.renderChunk as (code: string) => { code: string })(code);
  return made;
}

/** What a script leaves in `out` when it runs. */
export function outcome(code: string): unknown {
  const context = {
    out: [] as unknown[],
    setTimeout: (fn: (...given: unknown[]) => void, _ms: number, ...given: unknown[]) => fn(...given),
  };
  runInNewContext(code, context);
  return JSON.parse(JSON.stringify(context.out));
}
