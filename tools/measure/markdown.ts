/** Tables, and the places in a file that a command writes them to: between two comments that name the command. */
import { Failure } from "../command-line/exit";

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
