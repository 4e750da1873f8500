/**
 * A device's secret between the cloud that gave it and the board that gets it. The cloud issues it once: it lies in a file that only its owner
 * may read until the board has it.
 */
import { createHash } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../command-line/exit";

export class KeptSecret {
  readonly path: string;
  private readonly unfinished: string;

  /** `whose`: platform and device, in words that no other device has. */
  constructor(
    private readonly folder: string,
    private readonly whose: string,
  ) {
    const readable = whose.replace(/[^A-Za-z0-9._-]+/g, "-").slice(0, 80);
    this.path = join(folder, `${readable}-${createHash("sha256").update(whose).digest("hex").slice(0, 8)}.json`);
    this.unfinished = `${this.path}.new`;
  }

  /** The secret of an earlier run; undefined where there is none. Throws a Failure where the file is no such file. */
  read(): string | undefined {
    let text: string;
    try {
      text = readFileSync(this.path, "utf8");
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT" || code === "ENOTDIR") return undefined;
      throw new Failure(`cannot read ${this.path}: ${code}`);
    }
    try {
      const { whose, deviceSecret } = JSON.parse(text) as Record<string, unknown>;
      if (whose === this.whose && typeof deviceSecret === "string" && deviceSecret !== "") return deviceSecret;
    } catch {
      // As below: what it holds may be a secret, and is not quoted.
    }
    throw new Failure(`${this.path} does not hold this device's secret: move it away to register again`);
  }

  /** Makes sure that there is room for it, before the cloud is asked. Throws a Failure. */
  prepare(): void {
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      rmSync(this.unfinished, { force: true });
      closeSync(openSync(this.unfinished, "wx", 0o600));
    } catch (error) {
      throw new Failure(
        `cannot write ${this.unfinished}: ${(error as Error).message}; the cloud was not asked, for it issues a secret once`,
      );
    }
  }

  /** Throws the file system's error. */
  keep(deviceSecret: string): void {
    const file = openSync(this.unfinished, "w", 0o600);
    try {
      writeSync(file, JSON.stringify({ whose: this.whose, deviceSecret }) + "\n");
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(this.unfinished, this.path);
  }

  /** The board has it, or there is none. */
  forget(): void {
    rmSync(this.unfinished, { force: true });
    rmSync(this.path, { force: true });
  }

  /** No secret came. */
  abandon(): void {
    rmSync(this.unfinished, { force: true });
  }
}
