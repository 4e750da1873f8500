/** The report as one HTML file: no script, no other file, nothing from the network. */
import { describeDuration } from "../command-line/duration";
import type { BoardStatistics } from "./board-statistics";
import { memoryChart, percentileChart, roundTripChart, timelineChart } from "./charts";
import type { DurationFigures } from "./durations";
import type { BoardFigures, Report, ReportFigures } from "./figures";

/** Text as HTML: what a board says is never markup. */
export function escapeHtml(text: unknown): string {
  const names: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return String(text ?? "").replace(/[&<>"']/g, (letter) => names[letter]);
}

const STYLE = `
:root { color-scheme: light; font: 15px/1.45 system-ui, sans-serif; color: #1b1f24; background: #fff; }
body { max-width: 1040px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0 0 .3rem; } h2 { margin: 2.4rem 0 .4rem; border-top: 2px solid #d0d7de; padding-top: 1rem; }
h3 { margin: 1.2rem 0 .3rem; font-size: 1rem; } p { margin: .3rem 0; }
table { border-collapse: collapse; margin: .4rem 0; } th, td { padding: .2rem .7rem .2rem 0; text-align: left; vertical-align: top; }
thead th { border-bottom: 1px solid #8c959f; } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
svg { width: 100%; height: auto; } .bad { color: #a40e26; font-weight: 600; } .good { color: #1a6b33; font-weight: 600; }
.wide { overflow-x: auto; } .note { color: #59636e; } ul { margin: .3rem 0; padding-left: 1.2rem; }
@media print { h2 { break-before: page; } }`;

type Cell = string | number | undefined;

/** Cells that are numbers, or end in a unit, stand to the right. */
function table(head: string[], rows: Cell[][]): string {
  if (rows.length === 0) return "";
  const cell = (tag: string, value: Cell) => {
    const right =
      typeof value === "number" || /^-?[\d.,]+( (ms|s|min|h|d|%)( \d+ (s|min|h))?)?$/.test(String(value ?? ""));
    return `<${tag}${right ? ' class="n"' : ""}>${escapeHtml(value)}</${tag}>`;
  };
  const line = (tag: string, cells: Cell[]) => `<tr>${cells.map((value) => cell(tag, value)).join("")}</tr>`;
  const body = rows.map((cells) => line("td", cells)).join("\n");
  const headed = head.map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join("");
  return `<div class="wide"><table><thead><tr>${headed}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

const section = (title: string, content: string | undefined) =>
  content ? `<h3>${escapeHtml(title)}</h3>\n${content}\n` : "";
const figure = (svg: string | undefined, label: string) =>
  svg && `<div role="img" aria-label="${escapeHtml(label)}">${svg}</div>`;
const percent = (share: number | null) => (share === null ? "unknown" : `${(share * 100).toFixed(3)} %`);
const when = (iso: string) => iso.replace("T", " ").replace(/\.\d+Z$/, "");

/** Longer than a minute in the units that people use. */
export function describeLong(ms: number): string {
  if (ms < 60_000) return describeDuration(Math.round(ms));
  const seconds = Math.round(ms / 1000);
  const parts = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  const named = parts.map((value, i) => `${value} ${"dhms"[i]}`.replace(" m", " min"));
  const first = parts.findIndex((value) => value > 0);
  return named.slice(first, first + 2).join(" ");
}

function overview({ boards }: ReportFigures): string {
  const head = [
    "board",
    "availability",
    "online",
    "offline",
    "unknown",
    "outages",
    "longest",
    "reboots",
    "p50",
    "p99",
    "slope/h",
  ];
  const rows = boards.map(({ board, availability, seconds, offline, reboots, rtt, memory }): Cell[] => [
    board,
    percent(availability),
    describeLong(seconds.online * 1000),
    describeLong(seconds.offline * 1000),
    describeLong(seconds.unknown * 1000),
    offline.count,
    describeLong(offline.longest),
    reboots.count,
    rtt && `${rtt.p50} ms`,
    rtt && `${rtt.p99} ms`,
    memory?.slope?.perHour.toFixed(2),
  ]);
  return table(head, rows);
}

function durations(figures: BoardFigures): string {
  const rows: [string, DurationFigures | undefined][] = [
    ["ping round trips", figures.rtt],
    ["from offline to online", figures.reconnects],
    ["from an attempt to online", figures.connects],
    ["from publish to its acknowledgement", figures.publishes],
  ];
  const told = rows.filter((row): row is [string, DurationFigures] => row[1] !== undefined);
  return table(
    ["", "count", "least", "50 %", "90 %", "99 %", "99.9 %", "most"],
    told.map(([name, { count, minimum, p50, p90, p99, p999, maximum }]) => [
      name,
      count,
      ...[minimum, p50, p90, p99, p999, maximum].map(describeLong),
    ]),
  );
}

const sumOf = ({ count, planned, opened }: BoardFigures["reboots"]) =>
  count + opened + Object.values(planned).reduce((total, one) => total + one, 0);

const more = (shown: number, count: number) =>
  count > shown ? `<p class="note">${shown} of ${count} are listed.</p>` : "";

function boardSection(figures: BoardFigures, statistics: BoardStatistics): string {
  const { board, name, version, speed, offline, unknown, reboots, memory, messages, codes, log } = figures;
  const facts = [name, version && `firmware ${version}`, speed && `simulated, ${speed} times as fast as real time`];
  const about = `${facts.filter(Boolean).join(", ")}; ${when(figures.from)} to ${when(figures.to)} UTC`;
  const outages = offline.list.map((outage): Cell[] => [
    when(outage.from),
    describeLong(outage.ms),
    outage.then ? `${outage.cause}, then ${outage.then}` : outage.cause,
    codes[outage.cause]?.reason,
    outage.whole ? "" : "may have been longer",
  ]);
  const causes = Object.entries(offline.causes).map(([cause, { count, ms, longest }]): Cell[] => [
    cause,
    count,
    describeLong(ms),
    describeLong(longest),
  ]);
  const gaps = unknown.list.filter(({ ms }) => ms >= 1000);
  const { slope } = memory ?? {};
  const sloping = slope
    ? `, slope ${slope.perHour.toFixed(2)} an hour (95 %: ${slope.low.toFixed(2)} to ${slope.high.toFixed(2)}, over ${slope.hours.toFixed(1)} h)${slope.leak ? ": a leak" : ""}`
    : ", too few pings for a slope";
  return [
    `<h2 id="${escapeHtml(board)}">${escapeHtml(board)}</h2>`,
    `<p>${escapeHtml(about)}</p>`,
    figures.findings.length > 0
      ? `<ul>${figures.findings.map((finding) => `<li>${escapeHtml(finding)}</li>`).join("")}</ul>`
      : '<p class="good">Nothing out of the ordinary.</p>',
    section("Online, offline, unknown", figure(timelineChart(statistics), `timeline of ${board}`)),
    section("Times offline, by cause", table(["cause", "count", "in all", "longest"], causes)),
    section(
      "Times offline",
      table(["from (UTC)", "for", "cause", "what the board said last", ""], outages) +
        more(outages.length, offline.count),
    ),
    section(
      "Reboots",
      table(
        ["at (UTC)", "cause, as it seems", "fault"],
        reboots.list.map(({ at, cause, fault }) => [when(at), cause, fault]),
      ) + more(reboots.list.length, sumOf(reboots)),
    ),
    section(
      "Unknown",
      table(
        ["from (UTC)", "for", "why"],
        gaps.map(({ from, ms, cause }) => [when(from), describeLong(ms), cause]),
      ),
    ),
    section("Durations", durations(figures)),
    section("Ping round trips over time", figure(roundTripChart(statistics), `round trips of ${board} over time`)),
    section(
      "Ping round trips by percentile",
      figure(percentileChart(statistics), `percentiles of ${board}'s round trips`),
    ),
    section(
      "Free memory",
      memory &&
        `<p>${memory.first} variables at first, ${memory.last} at last, ${memory.least} at least${sloping}</p>\n${figure(memoryChart(statistics), `free memory of ${board}`)}`,
    ),
    section(
      "Messages",
      table(
        ["", "count", "bytes"],
        [
          ["published", messages.out.count, messages.out.bytes],
          ["received", messages.in.count, messages.in.bytes],
        ],
      ),
    ),
    section(
      "Codes",
      table(
        ["code", "lines", "last (UTC)", "reason"],
        Object.entries(codes).map(([code, { count, last, reason }]) => [code, count, when(last), reason]),
      ),
    ),
    section(
      "The log",
      table(
        ["status lines", "damaged lines", "not whole", "missing", "clock set back", "starts of the tool"],
        [[log.lines, log.damaged, log.garbled, log.missing, log.clockSteps, log.starts]],
      ),
    ),
  ].join("\n");
}

function verdictList({ verdicts, within }: ReportFigures): string {
  if (verdicts.length === 0) return "";
  const rows = verdicts.map(
    ({ board, within, text }) =>
      `<li><span class="${within ? "good" : "bad"}">${within ? "within" : "beyond"}</span> ${escapeHtml(board)}: ${escapeHtml(text)}</li>`,
  );
  const verdict = within
    ? '<span class="good">All limits are kept.</span>'
    : '<span class="bad">Beyond the limits.</span>';
  return `<p>${verdict}</p><ul>${rows.join("\n")}</ul>`;
}

/** The whole file. */
export function renderHtml({ figures, statistics }: Report): string {
  const title = `Field run ${figures.folder}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
<p class="note">Made ${when(figures.made)} UTC. Availability is the time online of the time that is known: when nobody was watching, or the port was gone, is neither.</p>
${verdictList(figures)}
${overview(figures)}
${figures.boards.map((board, i) => boardSection(board, statistics[i])).join("\n")}
</body>
</html>
`;
}
