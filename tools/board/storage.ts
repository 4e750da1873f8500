import { existsSync, mkdirSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Flash an ESP32 build sets aside for Storage, in bytes. */
export const ESP32_STORAGE_BYTES = 224 * 4096;

/** Longer names are cut off, silently, as the board does. */
const LONGEST_NAME = 28;
const FILE_HEADER_BYTES = 32;

/** A board's flash files: byte strings by name, limited in size, kept in a folder (or in memory when there is none). */
export class FlashStorage {
  private readonly files = new Map<string, string>();

  /** @param capacity bytes in all, each file costing its length rounded up to 4 and 32 more. */
  constructor(
    private readonly directory: string | undefined,
    private readonly capacity: number,
  ) {
    if (directory === undefined) return;
    mkdirSync(directory, { recursive: true });
    for (const file of readdirSync(directory)) {
      this.files.set(fromFileName(file), readFileSync(join(directory, file), "latin1"));
    }
  }

  read(name: string): string | undefined {
    return this.files.get(name.slice(0, LONGEST_NAME));
  }

  /** Creates or replaces a file. Throws when it is empty or does not fit. */
  write(name: string, content: string): void {
    const key = name.slice(0, LONGEST_NAME);
    if (content.length === 0) throw new Error("Can't create zero length file");
    const old = this.files.get(key);
    const spare = this.free() + (old === undefined ? 0 : flashBytes(old));
    if (flashBytes(content) > spare) {
      // As the interpreter does it: the old file is gone before it is known whether there is room.
      this.erase(name);
      throw new Error("Unable to find or create file");
    }
    // A Map keeps the place of a replaced entry; flash writes the new file behind all others.
    this.files.delete(key);
    this.files.set(key, content);
    if (this.directory !== undefined) writeFileSync(join(this.directory, toFileName(key)), content, "latin1");
  }

  erase(name: string): void {
    const key = name.slice(0, LONGEST_NAME);
    if (!this.files.delete(key) || this.directory === undefined) return;
    const path = join(this.directory, toFileName(key));
    if (existsSync(path)) unlinkSync(path);
  }

  eraseAll(): void {
    for (const name of this.list()) this.erase(name);
  }

  list(): string[] {
    return [...this.files.keys()];
  }

  free(): number {
    let used = 0;
    for (const content of this.files.values()) used += flashBytes(content);
    return this.capacity - used;
  }
}

function flashBytes(content: string): number {
  return FILE_HEADER_BYTES + Math.ceil(content.length / 4) * 4;
}

/** Readable where a host's file system allows it; `.` and `..` are names too on a board. */
function toFileName(name: string): string {
  return name === "." || name === ".." ? name.replace(/\./g, "%2E") : encodeURIComponent(name);
}

function fromFileName(file: string): string {
  return decodeURIComponent(file);
}
