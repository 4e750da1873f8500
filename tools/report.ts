/** `npm run report`: a field run's report, made again from its log. */
import process from "node:process";
import { Command } from "commander";
import { toDuration } from "./command-line/duration";
import { EXIT_FAILED, runCommand } from "./command-line/exit";
import { readReport } from "./report/figures";
import type { Limits } from "./report/limits";
import { addLimitOptions } from "./report/limits";
import { describeReport, writeReport } from "./report/write-report";

interface CommandOptions extends Limits {
  out?: string;
  silence?: number;
  json?: boolean;
}

const program = addLimitOptions(
  new Command("npm run report --")
    .description(
      "Make the report of a field run from its log: report.html and report.json. Damaged lines of the log are counted and left out. " +
        "Exit code 0, 1 beyond a limit or when it could not be written, 2 for wrong usage.",
    )
    .argument("<folder>", "what --out of npm run field was")
    .option("--out <folder>", "where to write it; it is made where it is not there (default: the same folder)")
    .option("--silence <time>", "an open port that tells nothing for longer is offline (default: 15m)", toDuration)
    .option("--json", "print the figures as JSON as well"),
)
  .showHelpAfterError("(--help shows the options)")
  .exitOverride();

runCommand(async () => {
  program.parse();
  const { out, silence, json, ...limits } = program.opts<CommandOptions>();
  const [folder] = program.args;
  const report = await readReport(folder, limits, silence);
  const files = writeReport(report, out ?? folder);
  console.log(json ? JSON.stringify(report.figures) : `${describeReport(report.figures)}\nreport: ${files.html}`);
  if (!report.figures.within) process.exitCode = EXIT_FAILED;
});
