import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";

/** Debian's Chromium: CHROMIUM_BIN, from the PATH, or where Debian puts it; undefined where it is not installed. */
export function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const names = [...folders, "/usr/bin"].map((folder) => join(folder, "chromium"));
  return [process.env.CHROMIUM_BIN ?? "", ...names].find((file) => file !== "" && existsSync(file));
}
