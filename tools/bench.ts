/** `npm run bench`: how fast the firmware is on the real interpreter, and beside the stock modules. */
import process from "node:process";
import { Command, InvalidArgumentError, Option } from "commander";
import { measureComputing } from "./bench/computing";
import { measureConnecting } from "./bench/connecting";
import { measureEndurance, measureLadder, measureMessages } from "./bench/messages";
import type { Series } from "./bench/statistics";
import { summarize } from "./bench/statistics";
import type { Speed } from "./bench/tables";
import { describeSpeed } from "./bench/tables";
import { TARGETS } from "./bench/targets";
import { buildBundle } from "./build/bundle";
import { runCommand, UsageError } from "./command-line/exit";
import { identify } from "./measure/board-run";
import { readBundle } from "./measure/bundle";
import { interpreters } from "./measure/interpreters";
import type { Peers } from "./measure/peers";
import { readPeers } from "./measure/peers";
import { formatted, README, writeReadme } from "./measure/readme";

const COMMAND = "bench";
const PARTS = ["computing", "connect", "messages", "ladder", "memory"] as const;

interface CommandOptions {
  board?: string;
  peers?: string;
  runs: number;
  messages: number;
  endurance: number;
  only?: (typeof PARTS)[number][];
  write?: boolean;
  json?: boolean;
  build: boolean;
  dist?: string;
  readme?: string;
}

/** What takes a few milliseconds has so many turns in each run. */
const QUICK = 4;

/** Whole numbers from `least` to `most`. */
const toCount = (least: number, most: number) => (text: string) => {
  const count = Number(text);
  if (!Number.isInteger(count) || count < least || count > most) {
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  }
  return count;
};

const program = new Command("npm run bench --")
  .description(
    "How fast the firmware is on the interpreter: SHA-1, HMAC, encoding, parsing and masking, connecting, messages a second out and\n" +
      "in, and the memory after thousands of them. Everything takes turns with what it is held against, and figures are medians of\n" +
      "all turns: where others use the computer as well, the ratios count. Code runs out of RAM, for the Linux build reads its\n" +
      "Storage slowly. Exit code 0 when all could be measured, 1 when not, 2 for wrong usage.",
  )
  .option("--board <file>", "the interpreter (default: ESPRUINO_BIN, or espruino-linux on the PATH)")
  .option("--peers <folder>", "measure the stock modules MQTT.js, ws.js, hmac.js and crypto.js found there as well")
  .option("--runs <count>", "turns of everything, 1 to 100", toCount(1, 100), 5)
  .option("--messages <count>", "messages of each load, 10 to 60000", toCount(10, 60_000), 500)
  .option("--endurance <count>", "messages each way of the memory's load, 10 to 60000", toCount(10, 60_000), 10_000)
  .addOption(new Option("--only <part...>", "measure these parts alone").choices(PARTS))
  .option("--write", "write the README's tables")
  .option("--json", "print one JSON object")
  .option("--no-build", "take the bundles as they are")
  .option("--dist <folder>", "where the bundles are, as they are (default: dist, built anew)")
  .option("--readme <file>", "where the tables are (default: README.md)")
  .showHelpAfterError("(--help shows the options)")
  .exitOverride();

const progress = (what: string) => process.stderr.write(`${what} …\n`);

async function main(): Promise<void> {
  program.parse();
  const given = program.opts<CommandOptions>();
  if (program.args.length > 0) throw new UsageError(`there is nothing to do with ${program.args.join(" ")}`);
  if (given.write && given.only) throw new UsageError("--write wants all parts, so it excludes --only");
  const [binary] = interpreters(given.board === undefined ? undefined : [given.board]);
  if (!binary) throw new UsageError("there is no interpreter: set ESPRUINO_BIN, or give --board");
  const peers = given.peers === undefined ? {} : await readPeers(given.peers);
  if (given.peers === undefined) progress("without --peers the stock modules are not measured beside ours");
  if (given.build && !given.dist) buildBundle();
  const speed = await measure(binary, given, peers);
  const text = describeSpeed(speed);
  if (given.write) await writeReadme(COMMAND, text, given.readme ?? README);
  if (given.json) console.log(JSON.stringify({ ...speed, targets: TARGETS }));
  else console.log(await formatted(text));
}

async function measure(binary: string, given: CommandOptions, peers: Peers): Promise<Speed> {
  const { runs, messages } = given;
  const library = readBundle("mqtt-ws.js", given.dist);
  const firmware = readBundle("firmware.js", given.dist);
  const wanted = (part: (typeof PARTS)[number]) => !given.only || given.only.includes(part);
  const build = await identify(binary);
  const series: Series[] = [];
  let hashVariables: number | undefined;
  if (wanted("computing")) {
    progress("hashes, packets, frames");
    const computing = await measureComputing(binary, runs * QUICK, peers);
    series.push(...computing.series);
    hashVariables = computing.hashVariables;
  }
  const common = { binary, library, firmware, peers, runs, progress };
  if (wanted("connect")) series.push(...(await measureConnecting(common)));
  if (wanted("messages")) series.push(...(await measureMessages({ ...common, count: messages })));
  const ladder = wanted("ladder") ? await measureLadder({ ...common, count: messages }) : [];
  const endurance = wanted("memory") ? await measureEndurance({ ...common, count: given.endurance }) : undefined;
  return { build, runs, results: series.map(summarize), ladder: ladder.map(summarize), hashVariables, endurance };
}

runCommand(main);
