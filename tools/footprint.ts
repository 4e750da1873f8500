/** `npm run footprint`: what the bundles cost on a board, in bytes and in the interpreter's variables. */
import process from "node:process";
import { Command } from "commander";
import { buildBundle } from "./build/bundle";
import { Failure, runCommand, UsageError } from "./command-line/exit";
import { countBytes, gzip } from "./footprint/bytes";
import { growth } from "./footprint/check";
import { explain } from "./footprint/explain";
import { above, buildFeatures } from "./footprint/features";
import type { ByFeature, Counted, Footprint } from "./footprint/figures";
import { merged, readFootprint, RECORD, sameKind, writeFootprint } from "./footprint/figures";
import { describeFootprint } from "./footprint/tables";
import { TARGETS } from "./footprint/targets";
import { VariableCounter } from "./footprint/variables";
import { describeBuild, identify } from "./measure/board-run";
import { readBundle } from "./measure/bundle";
import { interpreters } from "./measure/interpreters";
import type { Peers } from "./measure/peers";
import { readPeers } from "./measure/peers";
import { formatted, README, readmeSays, writeReadme } from "./measure/readme";

const COMMAND = "footprint";

interface CommandOptions {
  board?: string[];
  peers?: string;
  explain?: boolean;
  write?: boolean;
  check?: boolean;
  json?: boolean;
  build: boolean;
  dist?: string;
  record?: string;
  readme?: string;
}

const program = new Command("npm run footprint --")
  .description(
    "What dist/firmware.js and dist/mqtt-ws.js cost: bytes by module, and the interpreter's variables in use, above those of\n" +
      "an empty board and after garbage collection: at rest loaded and connected, and at the peaks of connecting and of a\n" +
      "burst, where they are counted whenever a function begins or returns. Without an interpreter, bytes only.\n" +
      "Exit code 0 when all went well, 1 when not (--check: something has grown), 2 for wrong usage.",
  )
  .option(
    "--board <file...>",
    "interpreters to count variables on (default: ESPRUINO_BIN, or espruino-linux on the PATH)",
  )
  .option("--peers <folder>", "count the stock modules MQTT.js, ws.js, hmac.js and crypto.js found there as well")
  .option("--explain", "tell where the variables of the connected firmware are: functions, prototypes, objects")
  .option("--write", "record the figures, and write the README's tables")
  .option("--check", "compare with the record and the README instead of printing")
  .option("--json", "print one JSON object")
  .option("--no-build", "take the bundles as they are")
  .option("--dist <folder>", "where the bundles are, as they are (default: dist, built anew)")
  .option("--record <file>", "the record (default: tools/footprint/footprint.json)")
  .option("--readme <file>", "where the tables are (default: README.md)")
  .showHelpAfterError("(--help shows the options)")
  .exitOverride();

const progress = (what: string) => process.stderr.write(`${what} …\n`);

async function main(): Promise<void> {
  program.parse();
  const given = program.opts<CommandOptions>();
  if (program.args.length > 0) throw new UsageError(`there is nothing to do with ${program.args.join(" ")}`);
  if ([given.write, given.check, given.explain].filter(Boolean).length > 1) {
    throw new UsageError("--write, --check and --explain exclude each other");
  }
  const binaries = interpreters(given.board);
  if (given.explain && binaries.length === 0) {
    throw new UsageError("--explain wants an interpreter: set ESPRUINO_BIN, or give --board");
  }
  const peers = given.peers === undefined ? undefined : await readPeers(given.peers);
  if (given.build && !given.dist) buildBundle();
  if (given.explain) return explainEach(binaries, given.dist);
  const footprint = await measure(binaries, given, peers);
  if (given.check) return check(footprint, given);
  if (given.write) {
    const record = merged(footprint, existing(given.record ?? RECORD));
    writeFootprint(record, given.record ?? RECORD);
    await writeReadme(COMMAND, describeFootprint(record), given.readme ?? README);
  }
  if (given.json) console.log(JSON.stringify({ ...footprint, targets: TARGETS }));
  else console.log(await formatted(describeFootprint(footprint)));
}

async function measure(binaries: readonly string[], given: CommandOptions, peers?: Peers): Promise<Footprint> {
  const bundles = {
    "mqtt-ws.js": readBundle("mqtt-ws.js", given.dist),
    "firmware.js": readBundle("firmware.js", given.dist),
  };
  const features = given.build && !given.dist && !given.check ? buildFeatures() : undefined;
  const variables: Counted[] = [];
  if (binaries.length === 0) progress("no interpreter (ESPRUINO_BIN, --board): variables are not counted");
  for (const binary of binaries) {
    const build = await identify(binary);
    if (given.check && !existing(given.record ?? RECORD)?.variables.some((counted) => sameKind(counted.build, build))) {
      progress(`${binary} is not compared: nothing is recorded for ${describeBuild(build)}`);
      continue;
    }
    progress(describeBuild(build));
    variables.push(
      await counting(binary, async (counter) => ({
        build,
        bundles: {
          "mqtt-ws.js": await counter.bundle("mqtt-ws.js", bundles["mqtt-ws.js"].code),
          "firmware.js": await counter.bundle("firmware.js", bundles["firmware.js"].code),
        },
        ...(features && { features: await countFeatures(counter, features) }),
        ...(peers && { peers: await countPeers(counter, peers) }),
      })),
    );
  }
  return {
    bytes: { "mqtt-ws.js": countBytes(bundles["mqtt-ws.js"]), "firmware.js": countBytes(bundles["firmware.js"]) },
    ...(features && { features: bytesOf(features) }),
    variables,
    ...(peers && {
      peers: Object.fromEntries(
        Object.entries(peers).map(([name, { source, code }]) => [
          name,
          { raw: source.length, minified: code.length, gzip: gzip(code) },
        ]),
      ),
    }),
  };
}

const bytesOf = (features: ByFeature<string>): ByFeature<number> => {
  const figures = Object.entries(features).map(([name, code]) => [name, { minified: code.length }] as const);
  const added = above(Object.fromEntries(figures));
  return Object.fromEntries(Object.entries(added).map(([name, { minified }]) => [name, minified]));
};

async function countFeatures(counter: VariableCounter, features: ByFeature<string>): Promise<Counted["features"]> {
  const counts: ByFeature<{ loaded: number; connected: number }> = {};
  for (const [name, code] of Object.entries(features)) counts[name] = await counter.firmware(`with ${name}`, code);
  return above(counts);
}

async function countPeers(counter: VariableCounter, peers: Peers): Promise<Counted["peers"]> {
  const counts: Counted["peers"] = {};
  for (const [name, { code }] of Object.entries(peers)) counts[name] = await counter.peer(name, code);
  return counts;
}

async function counting<T>(binary: string, use: (counter: VariableCounter) => Promise<T>): Promise<T> {
  const counter = new VariableCounter(binary, progress);
  await counter.open();
  try {
    return await use(counter);
  } finally {
    await counter.close();
  }
}

async function explainEach(binaries: readonly string[], dist?: string): Promise<void> {
  const { code, names } = readBundle("firmware.js", dist);
  for (const binary of binaries) {
    console.log(describeBuild(await identify(binary)));
    console.log(explain(await counting(binary, (counter) => counter.snapshot(code)), names));
  }
}

function existing(file: string): Footprint | undefined {
  try {
    return readFootprint(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function check(footprint: Footprint, given: CommandOptions): Promise<void> {
  const record = existing(given.record ?? RECORD);
  if (!record) throw new Failure("no footprint is recorded: npm run footprint -- --write");
  const faults = growth(footprint, record);
  if (!(await readmeSays(COMMAND, describeFootprint(record), given.readme ?? README))) {
    faults.push("the README's tables are not those of the record");
  }
  if (faults.length > 0) {
    throw new Failure(`${faults.join("\n")}\nWhere this is wanted: npm run footprint -- --write`);
  }
}

runCommand(main);
