/** `npm run flash`: builds the firmware, puts it onto a board so that it runs at power-on, and sees it go online. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { BUNDLE, buildBundle } from "./build/bundle";
import { toDuration } from "./command-line/duration";
import { Failure, runCommand, UsageError } from "./command-line/exit";
import { showProgress } from "./command-line/progress";
import type { PortOptions } from "./console/port-option";
import { addPortOptions, FIRST, openBoard, printCandidates } from "./console/port-option";
import { flashBoard } from "./flash/flash";

interface CommandOptions extends PortOptions {
  firmware?: string;
  build: boolean;
  online: boolean;
  ble: boolean;
  wait?: number;
}

const program = addPortOptions(new Command("npm run flash --"))
  .description(
    "Put the firmware onto a board: build it, check the board, write .bootcde to its Storage, read back length and hash, " +
      "restart, and wait for the boot and online lines. What is there already is not written again. " +
      "Exit code 0 when the board is online, 1 when something did not go well, 2 for wrong usage.",
  )
  .option("--firmware <file>", "a bundle that is there already, instead of building one")
  .option("--no-build", "write dist/firmware.js as it is")
  .option("--no-online", "end at the boot line: a board that has no device.json yet cannot go online")
  .option("--no-ble", "first switch Bluetooth off for good: some 2,000 more variables, and no console open by radio")
  .option("--wait <time>", "how long the board may take from boot to online (default: 90s)", toDuration)
  .showHelpAfterError("(--help shows the options)")
  .exitOverride();

/** The bundle as a byte string. */
function readBundle(file: string): string {
  let code: string;
  try {
    code = readFileSync(file, "latin1");
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${(error as Error).message}`);
  }
  if (code === "") throw new Failure(`${file} is empty`);
  // eslint-disable-next-line no-control-regex
  if (/[^\x00-\x7f]/.test(code))
    throw new Failure(`${file} is not ASCII: a board reads other letters as something else`);
  return code;
}

runCommand(async () => {
  program.parse();
  const given = program.opts<CommandOptions>();
  if (given.list) return printCandidates();
  if (given.build && !given.firmware) buildBundle();
  const firmware = readBundle(given.firmware ?? BUNDLE);
  const board = await openBoard(given);
  const show = (what: string, text: string) => console.log(`${what.padEnd(9)} ${text}`);
  show("port", board.port.name);
  try {
    await flashBoard(board, firmware, {
      patience: given.timeout ?? FIRST,
      bleOff: !given.ble,
      online: given.online,
      onlineLimit: given.wait ?? 90_000,
      show,
      progress: showProgress("writing"),
    });
  } finally {
    await board.close();
  }
});
