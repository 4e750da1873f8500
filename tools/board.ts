/** `npm run board`: a board on this computer, its console on a TCP port, for the other commands to try. */
import process from "node:process";
import { Command, InvalidArgumentError, Option } from "commander";
import { serveConsole } from "./board/byte-console";
import { findEspruino } from "./board/espruino";
import { EspruinoConsole } from "./board/espruino-console";
import type { ImageOptions } from "./board/image-options";
import { addImageOptions, describeImage } from "./board/image-options";
import type { WifiOptions } from "./board/wifi-air";
import { SimulatedConsole } from "./board/simulated-console";
import { Failure, runCommand, UsageError } from "./command-line/exit";

interface CommandOptions extends ImageOptions {
  port: number;
  board: "simulated" | "espruino";
  directory: string;
  wifiNetwork?: WifiOptions;
  serial?: string;
  speed?: number;
}

function toPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new InvalidArgumentError("It must be 0–65535.");
  return port;
}

function toSpeed(text: string): number {
  const speed = Number(text);
  if (!(speed >= 0.1 && speed <= 1000)) throw new InvalidArgumentError("It must be a number from 0.1 to 1000.");
  return speed;
}

function toNetwork(text: string): WifiOptions {
  const [, ssid, password] = /^([^:]+)(?::([^]*))?$/.exec(text) ?? [];
  if (ssid === undefined) throw new InvalidArgumentError("It must be NAME, or NAME:PASSWORD.");
  return { ssid, password };
}

const program = addImageOptions(new Command("npm run board --"))
  .description(
    "Switch on a bare board on this computer and serve its console on 127.0.0.1, to try flash, provision and monitor without one in " +
      "hand. Ctrl+C cuts its power.",
  )
  .option("--port <number>", "0 takes any free one", toPort, 2323)
  .addOption(
    new Option("--board <kind>", "espruino is the real interpreter (ESPRUINO_BIN, or espruino-linux on the PATH)")
      .choices(["simulated", "espruino"])
      .default("simulated"),
  )
  .option("--directory <folder>", "where its Storage stays when its power is cut", "runs/board")
  .option(
    "--wifi-network <name[:password]>",
    "the one Wi-Fi network around a simulated board; with another name or password it does not join (default: it joins any)",
    toNetwork,
  )
  .option("--serial <number>", "a simulated board's serial number, as getSerial() gives it (default: 240ac400-0001)")
  .option("--speed <factor>", "how much faster than real time a simulated board lives (default: 1)", toSpeed)
  .showHelpAfterError("(--help shows the options)")
  .exitOverride();

runCommand(async () => {
  program.parse();
  const given = program.opts<CommandOptions>();
  const { wifiNetwork, serial, speed } = given;
  if (given.board === "espruino" && (wifiNetwork ?? serial ?? speed) !== undefined) {
    throw new UsageError("--wifi-network, --serial and --speed are for a simulated board");
  }
  const binary = findEspruino();
  if (given.board === "espruino" && !binary) {
    throw new UsageError(
      "no Espruino found: put espruino-linux on the PATH or its path in ESPRUINO_BIN, or use --board simulated",
    );
  }
  const board =
    given.board === "espruino"
      ? new EspruinoConsole(binary!, given.directory)
      : new SimulatedConsole({
          directory: given.directory,
          image: given.image,
          release: given.release,
          traits: given.trait,
          wifi: wifiNetwork,
          serial,
          speed,
        });
  const resets = board instanceof SimulatedConsole && board.board.traits["reset-on-open"];
  const server = await serveConsole(board, given.port, resets ? () => board.reset() : undefined).catch(
    (error: NodeJS.ErrnoException) => {
      throw new Failure(
        error.code === "EADDRINUSE" ? `port ${given.port} is in use: choose another with --port` : error.message,
      );
    },
  );
  await board.powerOn();
  if (board instanceof SimulatedConsole) {
    console.log(describeImage(board.board));
    if (given.image !== "LINUX") console.log(`Wi-Fi ${wifiNetwork?.ssid ?? "of any name and password"} around it`);
  }
  console.log(`${given.board} board, its console at tcp://127.0.0.1:${server.port}, its Storage in ${given.directory}`);
  await new Promise<void>((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
  await board.powerOff();
  await server.close();
});
