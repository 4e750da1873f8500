/** Speed as Markdown: what the command prints and what the README shows. */
import type { Build } from "../measure/board-run";
import { describeBuild } from "../measure/board-run";
import { markdownTable } from "../measure/markdown";
import type { Endurance } from "./messages";
import type { Result } from "./statistics";
import { against } from "./targets";

export interface Speed {
  build: Build;
  runs: number;
  results: Result[];
  /** Receivers from the least code to ours. */
  ladder: Result[];
  /** Variables that SHA-1 takes while it runs. */
  hashVariables?: number;
  endurance?: Endurance;
}

export function describeSpeed({ build, runs, results, ladder, hashVariables, endurance }: Speed): string {
  const parts = [`On ${describeBuild(build)}; code in RAM, medians of ${runs} runs:`];
  if (results.length > 0) {
    const rows = results.flatMap((result) => {
      const beside = Object.entries(result.beside);
      const first = [result.what, figure(result.ours, result.unit)];
      if (beside.length === 0) return [[...first, "", "", against(result)]];
      return beside.map(([name, { value, ratio }], i) => [
        ...(i === 0 ? first : ["", ""]),
        `${name}: ${figure(value, result.unit)}`,
        shortest(ratio),
        i === 0 ? against(result) : "",
      ]);
    });
    parts.push(markdownTable(["", "ours", "beside it", "ours is so many times as fast", "target"], rows));
  }
  if (ladder.length > 0) parts.push(describeLadder(ladder));
  if (hashVariables !== undefined) parts.push(`SHA-1 takes ${hashVariables} variables while it runs.`);
  if (endurance) parts.push(describeEndurance(endurance));
  return parts.join("\n\n");
}

function describeLadder(ladder: Result[]): string {
  const rows = ladder.map(({ what, ours, unit }, i) => {
    const added = 1e6 / ours - 1e6 / (ladder[i - 1] ?? { ours: Infinity }).ours;
    return [
      i ? `+ ${what}` : what,
      figure(ours, unit),
      shortest(1e6 / ours),
      i ? `${added < 0 ? "" : "+"}${shortest(added)}` : "",
    ];
  });
  const head = "Receivers of 64 bytes with QoS 0 over WebSocket, each doing what the one above does and more:";
  return `${head}\n\n${markdownTable(["", "", "µs a message", "added"], rows)}`;
}

function describeEndurance({ count, before, after }: Endurance): string {
  const times = count.toLocaleString("en-US");
  const flags = after.flags.length > 0 ? `; the interpreter reports ${after.flags.join(", ")}` : "";
  return (
    `After ${times} messages of 64 bytes out and ${times} in, QoS 1, ${after.now} variables are in use, before them ` +
    `${before.now}; the most seen in between were ${after.most}${flags}. Target: flat.`
  );
}

function figure(value: number, unit: Result["unit"]): string {
  return `${unit === "messages/s" ? Math.round(value).toLocaleString("en-US") : shortest(value)} ${unit}`;
}

/** Three digits that count. */
function shortest(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en-US") : String(Number(value.toPrecision(3)));
}
