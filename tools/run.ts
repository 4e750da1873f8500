/** `npm start`: the compiled firmware on a board, connected to a platform, from power on to summary. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { BoardOptions } from "./board/board";
import { EspruinoBoard, findEspruino } from "./board/espruino";
import type { ImageOptions } from "./board/image-options";
import { addImageOptions, describeImage } from "./board/image-options";
import { SimulatedBoard } from "./board/simulated";
import { BUNDLE, buildBundle } from "./build/bundle";
import { toDuration } from "./command-line/duration";
import { EXIT_FAILED, EXIT_USAGE, Failure } from "./command-line/exit";
import type { PlatformName } from "./platform-simulator/simulator";
import { startPlatform } from "./platform-simulator/simulator";
import type { DeviceFile } from "./run/device-file";
import { EXAMPLES, platformFor } from "./run/device-file";
import { runScenario } from "./run/scenario";
import { describeSummary } from "./run/tally";

interface CommandOptions extends ImageOptions {
  platform?: PlatformName;
  url?: string;
  board: "simulated" | "espruino";
  config?: string;
  for?: number;
  speed?: number;
  json?: boolean;
  build: boolean;
}

function toSpeed(text: string): number {
  const speed = Number(text);
  if (!(speed >= 0.1 && speed <= 1000)) throw new InvalidArgumentError("It must be a number from 0.1 to 1000.");
  return speed;
}

const program = addImageOptions(new Command("npm start --"))
  .description(
    "Run the compiled firmware on a board against a platform: connect, subscribe, publish, receive, ping, lose the link\n" +
      "once and come back. Ends with a summary; exit code 0 when all went well, 1 when not, 2 for wrong usage.",
  )
  .addOption(
    new Option("--platform <name>", "the platform to simulate (default: aliyun, or what --config says)").choices([
      "aliyun",
      "ucloud",
      "broker",
    ]),
  )
  .option(
    "--url <url>",
    "a broker or platform of your own, ws://… or wss://…; it is neither asked for downlinks nor cut",
  )
  .addOption(
    new Option("--board <kind>", "espruino is the real interpreter (ESPRUINO_BIN, or espruino-linux on the PATH)")
      .choices(["simulated", "espruino"])
      .default("simulated"),
  )
  .option("--config <file>", "a device.json of your own instead of the example device")
  .option(
    "--for <time>",
    "how long to run at least, in real time: 90s, 10m, 2h; every step is waited for (default: 20s)",
    toDuration,
  )
  .option(
    "--speed <factor>",
    "how much faster than real time the timers of board and platform run (default: 30, with a url 1)",
    toSpeed,
  )
  .option("--no-build", "run dist/firmware.js as it is")
  .option("--json", "one JSON object a line")
  .showHelpAfterError("(--help shows the options)")
  .exitOverride();

function usage(message: string): never {
  return program.error(`error: ${message}`, { exitCode: EXIT_USAGE });
}

/** The device to run as: a file's, or an example. */
function readDevice(given: CommandOptions): DeviceFile {
  if (!given.config) return { ...EXAMPLES[given.platform ?? (given.url ? "broker" : "aliyun")] };
  let device: DeviceFile;
  try {
    device = Object(JSON.parse(readFileSync(given.config, "utf8"))) as DeviceFile;
  } catch (error) {
    // What JSON.parse quotes of the file may be a secret.
    const what = error instanceof SyntaxError ? "it is not JSON" : (error as Error).message;
    return usage(`cannot read ${given.config}: ${what}`);
  }
  if (given.platform && given.platform !== device.platform) {
    usage(`${given.config} says platform ${String(device.platform)}, --platform says ${given.platform}`);
  }
  if (!Object.hasOwn(EXAMPLES, device.platform)) {
    usage(`${given.config}: platform must be aliyun, ucloud or broker`);
  }
  // Its network is this computer's.
  delete device.wifi;
  return device;
}

async function main(): Promise<void> {
  program.parse();
  const given = program.opts<CommandOptions>();
  const device = readDevice(given);
  if (given.url) device.url = given.url;
  if (given.board === "espruino" && !findEspruino()) {
    usage("no Espruino found: put espruino-linux on the PATH or its path in ESPRUINO_BIN, or use --board simulated");
  }
  const speed = given.speed ?? (device.url ? 1 : 30);
  if (given.build) buildBundle();
  const bundle = readFileSync(BUNDLE, "latin1");
  const platform = device.url ? undefined : await startPlatform(platformFor(device, { speed }));
  if (platform) device.url = platform.url;
  const directory = mkdtempSync(join(tmpdir(), "board-"));
  const { image, release, trait: traits } = given;
  const simulated = (options: BoardOptions) => new SimulatedBoard({ ...options, image, release, traits });
  // The simulated air has a network for whatever name a board asks for.
  if (given.board === "simulated" && image !== "LINUX") device.wifi = { ssid: "simulated", password: "simulated" };
  const interrupted = new Promise<void>((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
  try {
    if (!given.json) {
      const where = platform ? `the simulated ${device.platform} platform` : "your own server";
      if (given.board === "simulated") console.log(describeImage(simulated({ directory, onLine: () => undefined })));
      console.log(`${given.board} board, ${where} at ${device.url}, timers ${speed} times as fast`);
    }
    const summary = await runScenario(
      {
        bundle,
        device,
        platform,
        board: (onLine, onExit) => {
          const options = { directory, speed, onLine };
          return given.board === "espruino" ? new EspruinoBoard({ ...options, onExit }) : simulated(options);
        },
        duration: given.for ?? 20_000,
        speed,
        // The simulated board's clock runs as fast as its timers, the interpreter's does not.
        rttScale: given.board === "simulated" ? 1 / speed : 1,
        show: (ms, source, event, text) =>
          console.log(
            given.json
              ? JSON.stringify({ at: Math.round(ms), source, ...event })
              : `${(ms / 1000).toFixed(3).padStart(9)}  ${source.padEnd(8)}  ${text}`,
          ),
      },
      interrupted,
    );
    console.log(given.json ? JSON.stringify({ event: "summary", ...summary }) : `\n${describeSummary(summary)}`);
  } finally {
    await platform?.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    // The parser has already said what is wrong, or has shown the help that was asked for.
    if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : EXIT_USAGE);
    if (process.argv.includes("--json")) console.log(JSON.stringify({ event: "failed", reason: error.message }));
    process.stderr.write(error instanceof Failure ? `failed: ${error.message}\n` : `${error.stack}\n`);
    process.exit(EXIT_FAILED);
  },
);
