import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../command-line/exit";
import { escapeControls } from "../status-line";
import type { Report, ReportFigures } from "./figures";
import { describeLong, renderHtml } from "./html";

/** Writes `report.html` and `report.json` into a folder, which is made where it is not there, each whole or not at all. Throws a Failure. */
export function writeReport(report: Report, folder: string): { html: string; json: string } {
  const html = join(folder, "report.html");
  const json = join(folder, "report.json");
  try {
    mkdirSync(folder, { recursive: true });
    for (const [path, text] of [
      [json, JSON.stringify(report.figures, null, 2) + "\n"],
      [html, renderHtml(report)],
    ]) {
      writeFileSync(`${path}.new`, text);
      renameSync(`${path}.new`, path);
    }
  } catch (error) {
    throw new Failure(`cannot write the report: ${(error as Error).message}`);
  }
  return { html, json };
}

/** The report for a terminal: a line for each board, what is out of the ordinary, and the limits that are not kept. No control characters: what boards say is in it. */
export function describeReport({ boards, verdicts }: ReportFigures): string {
  const width = Math.max(...boards.map(({ board }) => board.length));
  const lines = boards.flatMap(({ board, availability, seconds, findings }) => {
    const share = availability === null ? "unknown" : `${(availability * 100).toFixed(3)} %`;
    const time = `online of ${describeLong((seconds.online + seconds.offline) * 1000)}`;
    return [
      `${board.padEnd(width)}  ${share} ${time}`,
      ...findings.map((finding) => `${"".padEnd(width)}    ${finding}`),
    ];
  });
  const broken = verdicts.filter(({ within }) => !within);
  return [...lines, ...broken.map(({ board, text }) => `beyond the limit: ${board}: ${text}`)]
    .map(escapeControls)
    .join("\n");
}
