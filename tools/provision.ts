/** `npm run provision`: tells a board who it is. */
import process from "node:process";
import { Command, InvalidArgumentError } from "commander";
import { toDuration } from "./command-line/duration";
import { Failure, runCommand, UsageError } from "./command-line/exit";
import type { BoardConsole } from "./console/board-console";
import type { BoardFacts } from "./console/board-facts";
import { meet, showFacts } from "./console/board-facts";
import { forgetBoots } from "./console/opening";
import type { PortOptions } from "./console/port-option";
import { addPortOptions, FIRST, openBoard, printCandidates } from "./console/port-option";
import { restart } from "./console/restart";
import { checkDevice } from "./device-json/check";
import type { Json } from "./device-json/json";
import type { DeviceOptions } from "./device-json/options";
import { addDeviceOptions, deviceFromOptions, saysAnything } from "./device-json/options";
import { askForMissing, askForWifiPassword, canAsk } from "./device-json/questions";
import {
  addSecretsFromEnvironment,
  hasSecret,
  hideSecrets,
  openNetwork,
  refuseVisibleSecrets,
} from "./device-json/secrets";
import { readCertificate } from "./provision/certificate";
import { connectsOverTls, refuseFaults, refuseUnfit } from "./provision/fitness";
import { provisionBoard, showBoard } from "./provision/provision";
import { checkRegistrable } from "./provision/register";
import { Registrar } from "./provision/registrar";
import { checkRows, chooseRows, readRows, rowOfSerial } from "./provision/rows";
import { describeStatus } from "./status-line";

interface CommandOptions extends PortOptions, DeviceOptions {
  ca?: string;
  csv?: string;
  row?: number;
  show?: boolean;
  check?: boolean;
  restart?: boolean;
  wait?: number;
  register?: boolean;
  registerUrl?: string;
  unverified?: boolean;
  kept: string;
  force?: boolean;
}

function toRow(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("It must be 1 or more: 1 is the row below the header.");
  return Number(text);
}

const program = addDeviceOptions(addPortOptions(new Command("npm run provision --")))
  .description(
    "Tell a board who it is: device.json from a file, from options, or from questions, checked by the firmware's own code before " +
      "anything is written, then written to the board's Storage and read back. " +
      "Exit code 0 when it is there, 1 when something did not go well, 2 for wrong usage.",
  )
  .option(
    "--ca <file>",
    "a private CA's certificate, PEM or DER, for wss, stored on the board as ca.der; the board encrypts with it and still verifies nobody. With --register this computer verifies the server with it",
  )
  .option("--csv <file>", "many boards: a row each, columns named by the fields of device.json, and port or serial")
  .option("--row <number>", "the one row of the CSV for the board at --port", toRow)
  .option("--show", "show what is on the board, secrets hidden")
  .option("--check", "check only; no board is needed")
  .option("--restart", "start the board anew and wait until it is online")
  .option("--wait <time>", "with --restart: how long the board may take from boot to online (default: 90s)", toDuration)
  .option(
    "--register",
    "get the device's secret from Alibaba Cloud or UCloud with the product's, from this computer, and write it instead: a plain ESP32 has no memory for the TLS that this takes",
  )
  .option("--register-url <url>", "with --register: where, instead of the platform's own server")
  .option("--unverified", "with --register: go on where the server's certificate cannot be verified, as a board does")
  .option("--kept <folder>", "with --register: where a secret lies until a board has it", "registered")
  .option("--force", "write a device.json that needs TLS to a board whose image has no memory for it")
  .addHelpText(
    "after",
    "\nRows and boards: --row N goes to the board at --port. Without it, rows with a port\n" +
      "go there, one after the other, and a row with a serial is refused by any other board.\n" +
      "Without ports, the board at --port gets the row with its own serial number, which is\n" +
      "what getSerial() says on it.",
  )
  .showHelpAfterError("(--help shows the options)")
  .exitOverride();

const show = (what: string, text: string) => console.log(`${what.padEnd(9)} ${text}`);

/** Opens a board, lets `work` at it and closes it, whatever happens. */
async function withBoard(
  given: PortOptions,
  work: (board: BoardConsole, facts: BoardFacts) => Promise<void>,
): Promise<void> {
  const board = await openBoard(given);
  try {
    show("port", board.port.name);
    const facts = await meet(board, given.timeout ?? FIRST, false);
    showFacts(facts, show);
    await work(board, facts);
  } finally {
    await board.close();
  }
}

async function finish(board: BoardConsole, given: CommandOptions): Promise<void> {
  if (!given.restart)
    return show("next", "the board reads it when it starts: npm run flash, --restart, or its power switch");
  // Who mends a device.json starts the board often, which is no sign of trouble.
  await forgetBoots(board);
  await restart(board, {
    online: true,
    onlineLimit: given.wait ?? 90_000,
    show: (status) => show("status", describeStatus(status)),
  });
}

/** The certificate for wss, and who registers, where that is to be done. */
function preparations(given: CommandOptions): { certificate?: string; registrar?: Registrar } {
  const { register, registerUrl, unverified, ca, kept } = given;
  const certificate = ca === undefined ? undefined : readCertificate(ca);
  if (!register) {
    if (registerUrl !== undefined || unverified)
      throw new UsageError("--register-url and --unverified go with --register");
    return { certificate };
  }
  const trust = unverified ? undefined : { ca: certificate };
  return {
    certificate,
    registrar: new Registrar({ trust, url: registerUrl, warn: (text) => show("warning", text) }, kept, show),
  };
}

/** What a device.json leaves open to others, which may not be meant. */
function showOpenDoors(device: Json): void {
  const network = openNetwork(device);
  if (network !== undefined) {
    show(
      "wifi",
      `${network} without a password: an open network is meant. Otherwise give WIFI_PASSWORD; --set wifi.password="" confirms an open one`,
    );
  }
  if (device.telnet === true) {
    show(
      "telnet",
      "a console for everybody in the network, without a password: whoever connects reads the secrets. Flash with --no-ble",
    );
  }
}

/** Checks a device against this board, registers it where that is to be done, and writes it. */
async function provision(
  board: BoardConsole,
  facts: BoardFacts,
  device: Json,
  given: CommandOptions,
  { certificate, registrar }: ReturnType<typeof preparations>,
): Promise<void> {
  await refuseUnfit(board, facts, registrar ? registrar.planned(device) : device, given.force ?? false);
  showOpenDoors(device);
  const unused = registrar !== undefined && certificate !== undefined && !connectsOverTls(device);
  if (unused) show("ca", "is for the registration only: the device itself does not connect to wss://");
  const write = (whole: Json) => provisionBoard(board, whole, unused ? undefined : certificate, show);
  await (registrar ? registrar.register(device, write) : write(device));
  await finish(board, given);
}

async function provisionOne(given: CommandOptions): Promise<void> {
  const device = deviceFromOptions(given, process.env);
  // A file is taken as it is; who gave none, or not enough, is asked.
  if (given.config === undefined && canAsk()) await askForMissing(device, !saysAnything(given), given.register);
  if ((given.config === undefined || given.wifi !== undefined) && canAsk()) await askForWifiPassword(device);
  if (Object.keys(device).length === 0) throw new UsageError("say who the device is: --config device.json, or options");
  const prepared = preparations(given);
  if (prepared.registrar) checkRegistrable(device);
  refuseFaults(checkDevice(prepared.registrar?.planned(device) ?? device).faults);
  if (given.check) {
    console.log(JSON.stringify(hideSecrets(device), null, 2));
    // Standard output is the JSON alone.
    return console.error(
      "sound: the firmware takes it. Whether the board's image has memory for wss:// shows with the board only",
    );
  }
  await withBoard(given, (board, facts) => provision(board, facts, device, given, prepared));
}

async function provisionMany(given: CommandOptions, file: string): Promise<void> {
  const { WIFI_PASSWORD, PRODUCT_SECRET } = process.env;
  // The boards of a site share its Wi-Fi, those of a product its secret; a device's secret is its own, and stands in its row.
  const base: Json = deviceFromOptions(given, { WIFI_PASSWORD });
  const rows = readRows(file, base);
  const prepared = preparations(given);
  if (prepared.registrar) {
    for (const { number, device } of rows) {
      addSecretsFromEnvironment(device, { PRODUCT_SECRET });
      // A row with a secret of its own is only written.
      if (!hasSecret(device)) checkRegistrable(device, `row ${number}: `);
    }
  }
  const { registrar } = prepared;
  checkRows(registrar ? rows.map((row) => ({ ...row, device: registrar.planned(row.device) })) : rows);
  const chosen = chooseRows(rows, given);
  if (given.check) return console.log(`${rows.length} rows, no fault`);
  if ("bySerial" in chosen) {
    return withBoard(given, async (board, facts) => {
      const row = rowOfSerial(rows, facts.serial);
      show("row", String(row.number));
      await provision(board, facts, row.device, given, prepared);
    });
  }
  const failed: number[] = [];
  for (const row of chosen.rows) {
    show("row", String(row.number));
    try {
      await withBoard({ ...given, port: row.port }, async (board, facts) => {
        if (row.serial !== undefined) rowOfSerial([row], facts.serial);
        await provision(board, facts, row.device, given, prepared);
      });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      show("failed", error.message);
      failed.push(row.number);
    }
  }
  const done = chosen.rows.length - failed.length;
  if (failed.length > 0)
    throw new Failure(`${done} of ${chosen.rows.length} rows done; not done: ${failed.join(", ")}`);
}

runCommand(async () => {
  refuseVisibleSecrets(process.argv.slice(2));
  program.parse();
  const given = program.opts<CommandOptions>();
  if (given.list) return printCandidates();
  if (given.row !== undefined && given.csv === undefined) throw new UsageError("--row is a row of --csv");
  if (given.show) return withBoard(given, (board) => showBoard(board, show));
  if (given.csv !== undefined) return provisionMany(given, given.csv);
  return provisionOne(given);
});
