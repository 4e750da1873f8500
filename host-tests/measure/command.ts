/** A command as a person runs it. */
import { spawn } from "node:child_process";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `tools/${name}.ts` to its end; `env` replaces variables of the environment. */
export function runTool(name: string, args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", "tsx", join(ROOT, `tools/${name}.ts`), ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data) => (stdout += data));
    child.stderr.on("data", (data) => (stderr += data));
    child.on("error", reject).on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** An environment in which no interpreter is found. */
export const NO_INTERPRETER = { PATH: "", ESPRUINO_BIN: "" };
