/** `npm run field`: boards followed for days, every line on disk at once, and a report at the end. */
import { readFileSync } from "node:fs";
import process from "node:process";
import { Command, InvalidArgumentError } from "commander";
import { BUNDLE, buildBundle } from "./build/bundle";
import { toDuration } from "./command-line/duration";
import { EXIT_FAILED, runCommand, UsageError } from "./command-line/exit";
import { choosePort } from "./console/candidates";
import { printCandidates } from "./console/port-option";
import { runField } from "./field/field-run";
import { boardName } from "./field/log";
import { lastTime } from "./field/resume";
import { Fleet } from "./field/simulated";
import { portSource, realClock } from "./field/sources";
import { makeTrouble } from "./field/trouble";
import type { Limits } from "./report/limits";
import { addLimitOptions } from "./report/limits";
import { describeReport, writeReport } from "./report/write-report";

interface CommandOptions extends Limits {
  port?: string[];
  list?: boolean;
  simulated?: number;
  speed?: number;
  trouble?: boolean;
  for?: number;
  out: string;
  page: number | false;
  silence?: number;
  build: boolean;
}

function toNumber(least: number, most: number, whole: boolean): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !(value >= least && value <= most) || (whole && !Number.isInteger(value))) {
      throw new InvalidArgumentError(`It must be a ${whole ? "whole " : ""}number from ${least} to ${most}.`);
    }
    return value;
  };
}

const program = addLimitOptions(
  new Command("npm run field --")
    .description(
      "Follow boards for hours or weeks: each status line goes to a log with its time at once, a port that goes away is waited for, and " +
        "the end is a report. Started again with the same --out it goes on, and the time in between counts as unknown. Ctrl+C ends it, " +
        "with the report so far. It only listens, but takes a boot that its opening of the port has caused out of the board's count. Exit code 0, 1 beyond a limit or when a board cannot be reached at first, 2 for wrong usage.",
    )
    .option(
      "--port <port>",
      "/dev/ttyUSB0, COM3 or tcp://host:port; repeat for more (default: the only serial port there is)",
      (text, all: string[] = []) => [...all, text],
    )
    .option("--list", "list the serial ports that may be a board, and end")
    .option(
      "--simulated <number>",
      "so many simulated boards against the platform simulator instead",
      toNumber(1, 100, true),
    )
    .option(
      "--speed <factor>",
      "how much faster than real time simulated boards live (default: 1)",
      toNumber(0.1, 1000, false),
    )
    .option(
      "--trouble",
      "let cuts, a double identity, a leak, a reboot and a pulled cable befall the simulated boards: the first within minutes, cuts every half hour, the leak to the end",
    )
    .option(
      "--for <time>",
      "how long, from the first line in the log, in the boards' time: 90m, 72h, 14d (default: until Ctrl+C)",
      toDuration,
    )
    .option("--out <folder>", "where log and report go", "runs/field")
    .option("--page <port>", "port of the live page on 127.0.0.1; 0 takes any free one", toNumber(0, 65535, true), 0)
    .option("--no-page", "no live page")
    .option("--silence <time>", "an open port that tells nothing for longer is offline (default: 15m)", toDuration)
    .option("--no-build", "simulated boards run dist/firmware.js as it is"),
)
  .showHelpAfterError("(--help shows the options)")
  .exitOverride();

function checkUsage({ port = [], simulated, speed, trouble }: CommandOptions): void {
  if (simulated !== undefined && port.length > 0) throw new UsageError("--simulated and --port exclude each other");
  if (simulated === undefined && (speed !== undefined || trouble)) {
    throw new UsageError("--speed and --trouble are for --simulated boards");
  }
  const names = port.map(boardName);
  const twice = port.find((_, i) => names.indexOf(names[i]) < i);
  if (twice) throw new UsageError(`--port ${twice} is named twice, or its log would have another's name`);
}

runCommand(async () => {
  program.parse();
  if (program.opts<CommandOptions>().list) return printCandidates();
  const {
    port = [],
    simulated,
    speed = 1,
    trouble,
    for: duration,
    out: folder,
    page,
    silence,
    build,
    ...limits
  } = program.opts<CommandOptions>();
  checkUsage(program.opts<CommandOptions>());
  const over = new AbortController();
  const stop = () => over.abort();
  process.once("SIGINT", stop).once("SIGTERM", stop).once("SIGHUP", stop);
  const common = {
    folder,
    duration,
    silence,
    limits,
    pagePort: page === false ? undefined : page,
    out: process.stdout,
    complain: (reason: string) => void process.stderr.write(`${reason}\n`),
  };
  let report;
  if (simulated === undefined) {
    const names = port.length > 0 ? port : [await choosePort(undefined)];
    report = await runField(
      { ...common, sources: names.map((name) => portSource(name)), clock: realClock },
      over.signal,
    );
  } else {
    if (build) buildBundle();
    const bundle = readFileSync(BUNDLE, "latin1");
    // Simulated time never goes back, though it may be ahead of the computer's.
    const begin = Math.max(Date.now(), await lastTime(folder));
    const fleet = await Fleet.start({ count: simulated, speed, bundle, begin });
    const stopTrouble = trouble ? makeTrouble(fleet) : async () => undefined;
    const { boards: sources, clock } = fleet;
    report = await runField({ ...common, sources, clock, speed }, over.signal).finally(async () => {
      await stopTrouble();
      await fleet.close();
    });
  }
  const files = writeReport(report, folder);
  console.log(`${describeReport(report.figures)}\nreport: ${files.html}`);
  if (!report.figures.within) process.exitCode = EXIT_FAILED;
});
