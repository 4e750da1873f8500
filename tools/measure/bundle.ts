/** The build's output, with what it was made of. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../command-line/exit";
import { SourceNames } from "../footprint/source-names";

const DIST = join(__dirname, "../../dist");

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
    if (!existsSync(path)) throw new Failure(`${path} is missing: run npm run build first`);
    return readFileSync(path, "latin1");
  });
  return { file, code, names: new SourceNames(code, JSON.parse(map)), modules: JSON.parse(modules) };
}
