/** Tables that commands write into README.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import prettier from "prettier";
import { withSection } from "./markdown";

export const README = join(__dirname, "../../README.md");

/** Markdown as the project formats it: its tables in columns. */
export async function formatted(markdown: string): Promise<string> {
  const options = await prettier.resolveConfig(README);
  return prettier.format(markdown, { ...options, parser: "markdown" });
}

/** True where the README says what the command would write. */
export async function readmeSays(command: string, section: string, file: string): Promise<boolean> {
  const text = readFileSync(file, "utf8");
  return text === (await formatted(withSection(text, command, section)));
}

export async function writeReadme(command: string, section: string, file: string): Promise<void> {
  writeFileSync(file, await formatted(withSection(readFileSync(file, "utf8"), command, section)));
}
