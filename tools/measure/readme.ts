/** Tables that commands write into README.md, between two comments that name the command. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import prettier from "prettier";
import { Failure } from "../command-line/exit";

const README = join(__dirname, "../../README.md");

export type Cell = string | number;

export function markdownTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]) => `| ${cells.map(shown).join(" | ")} |`;
  // Numbers stand right of their column.
  const rule = head.map((_, i) => (i > 0 && rows.every((row) => isNumber(row[i])) ? "---:" : "---"));
  return [line(head), `| ${rule.join(" | ")} |`, ...rows.map(line)].join("\n");
}

function isNumber(cell: Cell): boolean {
  return typeof cell === "number" || /^[\d.,]*$/.test(cell);
}

function shown(cell: Cell): string {
  return typeof cell === "number" ? cell.toLocaleString("en-US") : cell;
}

/** Markdown as the project formats it: its tables in columns. */
export async function formatted(markdown: string): Promise<string> {
  const options = await prettier.resolveConfig(README);
  return prettier.format(markdown, { ...options, parser: "markdown" });
}

const marks = (command: string): [begin: string, end: string] => [
  `<!-- written by npm run ${command} -- --write -->`,
  `<!-- end of npm run ${command} -->`,
];

/** `text` with what stands between the comments replaced. Throws where they are missing. */
export function withSection(text: string, command: string, section: string): string {
  const [begin, end] = marks(command);
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Failure(`the README lacks the comments ${begin} and ${end}`);
  return `${text.slice(0, from + begin.length)}\n\n${section.trim()}\n\n${text.slice(to)}`;
}

/** True where the README says what the command would write. */
export async function readmeSays(command: string, section: string, file = README): Promise<boolean> {
  const text = readFileSync(file, "utf8");
  return text === (await formatted(withSection(text, command, section)));
}

export async function writeReadme(command: string, section: string, file = README): Promise<void> {
  writeFileSync(file, await formatted(withSection(readFileSync(file, "utf8"), command, section)));
}
