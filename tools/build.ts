/** `npm run build`: dist/firmware.js with the features that are wanted, and dist/mqtt-ws.js. */
import { Command } from "commander";
import { buildBundle } from "./build/bundle";
import { DEFAULT_FEATURES, FEATURES, parseFeatures, UnknownFeature } from "./build/features";
import { runCommand, UsageError } from "./command-line/exit";

const program = new Command("npm run build --")
  .description(
    "Builds dist/firmware.js and dist/mqtt-ws.js with its typings, both through the gate. The firmware has the features that\n" +
      "are named; what is left out leaves nothing behind. The library has none of them in any case.\n" +
      "Exit code 0 when all went well, 1 when not, 2 for wrong usage.",
  )
  .option("--features <names>", `between commas, or all, or none (default: ${DEFAULT_FEATURES.join(",")})`)
  .option("--dist <folder>", "where to build (default: dist)")
  .option("--silent", "say nothing but what goes wrong")
  .addHelpText(
    "after",
    `\nFeatures:\n${Object.entries(FEATURES)
      .map(([name, what]) => `  ${name.padEnd(14)}${what}`)
      .join("\n")}`,
  )
  .showHelpAfterError("(--help shows the options)")
  .exitOverride();

async function main(): Promise<void> {
  program.parse();
  const { features, dist, silent } = program.opts<{ features?: string; dist?: string; silent?: boolean }>();
  if (program.args.length > 0) throw new UsageError(`there is nothing to do with ${program.args.join(" ")}`);
  try {
    buildBundle({ features: parseFeatures(features), dist, silent });
  } catch (error) {
    throw error instanceof UnknownFeature ? new UsageError(error.message) : error;
  }
}

runCommand(main);
