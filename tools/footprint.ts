/** `npm run footprint`: what the bundles cost on a board, in bytes and in the interpreter's variables. */
import process from "node:process";
import { Command, CommanderError } from "commander";
import { findEspruino } from "./board/espruino";
import { explain } from "./footprint/explain";
import { snapshotConnected } from "./footprint/variables";
import { readBundle } from "./measure/bundle";

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

interface CommandOptions {
  board?: string;
  explain?: boolean | string;
}

const program = new Command("npm run footprint --")
  .description(
    "What dist/firmware.js and dist/mqtt-ws.js cost: bytes by module, and the interpreter's variables.\n" +
      "Exit code 0 when all went well, 1 when not, 2 for wrong usage.",
  )
  .option(
    "--board <file>",
    "the interpreter to count variables on (default: ESPRUINO_BIN, or espruino-linux on the PATH)",
  )
  .option("--explain", "tell where the variables of the connected firmware are: functions, prototypes, objects")
  .showHelpAfterError("(--help shows the options)")
  .exitOverride();

function usage(message: string): never {
  return program.error(`error: ${message}`, { exitCode: EXIT_USAGE });
}

async function main(): Promise<void> {
  program.parse();
  const given = program.opts<CommandOptions>();
  const binary = given.board ?? findEspruino();
  if (given.explain) {
    if (!binary) usage("--explain wants an interpreter: set ESPRUINO_BIN or give --board");
    const bundle = readBundle("firmware.js");
    console.log(explain(await snapshotConnected(bundle.code, binary), bundle.names));
  }
}

main().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
    return;
  }
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = EXIT_FAILED;
});
