/** The live page itself. What boards say is put in as text, never as markup. */

export const SCRIPT = `
"use strict";
const rows = document.getElementById("rows"), log = document.getElementById("log"), link = document.getElementById("link");
const columns = ["board", "state", "since", "cause", "availability", "rtt", "free", "outages", "reboots", "lines"];
const shown = (name, value) => {
  if (value === undefined || value === null) return "";
  if (name === "availability") return (value * 100).toFixed(3) + " %";
  if (name === "since") return value.replace("T", " ").replace(/\\.\\d+Z$/, "");
  return String(value);
};
const feed = new EventSource("/events");
feed.addEventListener("boards", (event) => {
  link.textContent = "live";
  rows.replaceChildren(...JSON.parse(event.data).map((board) => {
    const row = document.createElement("tr");
    for (const name of columns) {
      const cell = row.appendChild(document.createElement(name === "board" ? "th" : "td"));
      cell.textContent = shown(name, board[name]);
      if (name === "board") cell.scope = "row";
      if (name === "state") cell.className = board.state;
    }
    return row;
  }));
});
feed.addEventListener("entry", (event) => {
  const { board, at, ...rest } = JSON.parse(event.data);
  if (rest.event === undefined && rest.run === "alive") return;
  const line = document.createElement("li");
  line.textContent = at.slice(11, 19) + "  " + board + "  " + Object.entries(rest).map(([k, v]) => k + " " + (typeof v === "object" ? JSON.stringify(v) : v)).join(", ");
  log.prepend(line);
  while (log.childElementCount > 200) log.lastElementChild.remove();
});
feed.addEventListener("error", () => { link.textContent = "the run has ended, or is being restarted; waiting for it"; });
`;

export const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Field run</title>
<style>
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
body { margin: 1rem; } h1 { font-size: 1.3rem; } .wide { overflow-x: auto; }
table { border-collapse: collapse; } th, td { text-align: left; padding: .25rem .8rem .25rem 0; white-space: nowrap; }
thead th { border-bottom: 1px solid; } ol { list-style: none; padding: 0; font: 13px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
.online { color: light-dark(#1a6b33, #5bd17c); } .offline { color: light-dark(#a40e26, #ff8a8a); font-weight: 700; }
</style>
</head>
<body>
<h1>Field run</h1>
<p><span id="link" role="status">connecting</span>. <a href="/report.html">The report as of now</a>. Times are UTC.</p>
<div class="wide" tabindex="0" role="region" aria-label="Boards"><table>
<thead><tr><th scope="col">board</th><th scope="col">state</th><th scope="col">since</th><th scope="col">why</th><th scope="col">available</th><th scope="col">rtt, ms</th><th scope="col">free</th><th scope="col">outages</th><th scope="col">reboots</th><th scope="col">lines</th></tr></thead>
<tbody id="rows"></tbody></table></div>
<h2>What they say</h2>
<ol id="log"></ol>
<script>${SCRIPT}</script>
</body>
</html>
`;
