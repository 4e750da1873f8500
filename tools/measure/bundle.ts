/** The build's output, with what it was made of. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { EncodedSourceMap } from "@jridgewell/trace-mapping";
import { Failure } from "../command-line/exit";
import { SourceNames } from "../footprint/source-names";

const ROOT = resolve(__dirname, "../..");
const DIST = join(ROOT, "dist");

export interface Bundle {
  /** `firmware.js` or `mqtt-ws.js`. */
  file: string;
  code: string;
  names: SourceNames;
  /** Bytes before minifying, by module. */
  modules: Record<string, number>;
}

/** Reads a bundle and what the build tells about it; throws where the build has not run. */
export function readBundle(file: string, folder = DIST): Bundle {
  const [code, map, modules] = ["", ".map", ".modules.json"].map((ending) => {
    const path = join(folder, file + ending);
    if (!existsSync(path)) {
      throw new Failure(`${path} is missing: run npm run build${folder === DIST ? "" : ` -- --dist ${folder}`} first`);
    }
    return readFileSync(path, "latin1");
  });
  const parsed = JSON.parse(map) as EncodedSourceMap;
  // Wherever the bundle is, its modules are those of this project.
  const sources = parsed.sources.map((path) => {
    const file = resolve(folder, path ?? "");
    return (
      path &&
      relative(file.startsWith(ROOT + sep) ? ROOT : dirname(folder), file)
        .split(sep)
        .join("/")
    );
  });
  return { file, code, names: new SourceNames(code, { ...parsed, sources }, ""), modules: JSON.parse(modules) };
}
