/** Runs one pass of the build over a text, as rollup would. */
import type { Plugin } from "rollup";
import { Realm } from "../../tools/board/realm";

/** What a pass makes of `code`. */
export function pass(plugin: Plugin, code: string): string {
  const chunk = { fileName: "bundle.js" };
  const context = {
    error(message: string): never {
      throw new Error(message);
    },
  };
  const made = (plugin.renderChunk as (code: string, chunk: object) => { code: string } | null).call(
    context,
    code,
    chunk,
  );
  return made?.code ?? code;
}

/** What a script leaves in `out` when it runs, in the language as the board has it. */
export function outcome(code: string): unknown {
  const realm = new Realm();
  Object.assign(realm.own.global, {
    out: realm.array([]),
    setTimeout: (fn: (...given: unknown[]) => void, _ms: number, ...given: unknown[]) => fn(...given),
  });
  realm.run(code, "bundle.js");
  return JSON.parse(JSON.stringify(realm.own.global.out));
}
