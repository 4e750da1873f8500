/**
 * `npm run bench:report -- [status lines]`: how long a report takes and what memory, on a log made for it: by default a million status lines of
 * one board, then a tenth of them, so that growth would show. The log goes to the system's folder for temporary files, and away again.
 */
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { readReport } from "./figures";
import { writeReport } from "./write-report";

const BEGIN = Date.UTC(2025, 0);

/** A board that pings every 30 s, is cut off now and then and slowly loses memory. */
function writeLog(path: string, lines: number): void {
  const file = openSync(path, "w");
  let time = BEGIN;
  let text = "";
  const add = (seconds: number, fields: object) => {
    time += seconds * 1000;
    text += JSON.stringify({ at: new Date(time).toISOString(), ...fields }) + "\n";
  };
  add(0, { run: "start", name: "/dev/ttyUSB0", alive: 60 });
  for (let i = 0; i < lines; i++) {
    if (i % 997 === 500)
      add(10, { event: "offline", code: "socket-closed", reason: "the connection was closed", retry: 2 });
    else if (i % 997 === 501) add(4, { event: "online", session: false, ms: 412 });
    else add(30, { event: "ping", rtt: 20 + ((i * 7919) % 61), free: 2400 - Math.floor(i / 20_000) });
    if (text.length > 1_000_000 || i === lines - 1) {
      writeSync(file, text);
      text = "";
    }
  }
  closeSync(file);
}

async function measure(folder: string): Promise<void> {
  const begun = performance.now();
  const report = await readReport(folder);
  writeReport(report, folder);
  const seconds = (performance.now() - begun) / 1000;
  const { lines } = report.figures.boards[0].log;
  const megabytes = statSync(join(folder, "board.jsonl")).size / 1e6;
  const { maxRSS } = process.resourceUsage();
  const { heapUsed } = process.memoryUsage();
  console.log(
    `${lines} status lines, ${megabytes.toFixed(1)} MB: ${seconds.toFixed(2)} s, ${Math.round(maxRSS / 1024)} MB resident at most, ` +
      `${Math.round(heapUsed / 1e6)} MB of heap at the end`,
  );
}

function compare(lines: number): void {
  for (const count of [lines, Math.ceil(lines / 10)]) {
    const folder = mkdtempSync(join(tmpdir(), "report-"));
    try {
      writeLog(join(folder, "board.jsonl"), count);
      // A process of its own: memory that the last one has used is not counted.
      execFileSync(process.execPath, ["--import", "tsx", __filename, "--measure", folder], { stdio: "inherit" });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}

const [first = "1000000", folder] = process.argv.slice(2);
if (first === "--measure") void measure(folder).then(() => process.exit(0));
else if (/^[1-9]\d{0,8}$/.test(first)) compare(Number(first));
else {
  process.stderr.write("error: the number of status lines is a whole number above 0\n");
  process.exitCode = 2;
}
