/** `npm run platform`: a cloud on this computer, for a board or a test to connect to. */
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { createInterface } from "node:readline";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type {
  AliyunDevice,
  BrokerUser,
  PlatformEvent,
  PlatformOptions,
  UcloudDevice,
} from "./platform-simulator/simulator";
import { COMMANDS_HELP } from "./platform-simulator/commands";
import { runScript } from "./platform-simulator/script";
import { DEFAULT_DEVICES, describeEvent, startPlatform } from "./platform-simulator/simulator";

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

interface CommandOptions {
  platform: PlatformOptions["platform"];
  port: number;
  speed: number;
  path?: string;
  device?: string[];
  withholdSecrets?: boolean;
  script?: string;
  tlsKey?: string;
  tlsCert?: string;
  json?: boolean;
}

function toPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new InvalidArgumentError("It must be 0–65535.");
  return port;
}

function toSpeed(text: string): number {
  const speed = Number(text);
  if (!(speed > 0 && speed < Infinity)) throw new InvalidArgumentError("It must be a number above 0.");
  return speed;
}

function toPath(text: string): string {
  if (!text.startsWith("/")) throw new InvalidArgumentError("It must begin with a slash.");
  return text;
}

function collect(text: string, previous: string[] = []): string[] {
  return [...previous, text];
}

/** The devices that are known where none is named, as `--device` has them. */
const DEFAULTS = {
  aliyun: Object.values(DEFAULT_DEVICES.aliyun[0]).join(","),
  ucloud: Object.values(DEFAULT_DEVICES.ucloud[0]).join(","),
};

const program = new Command("npm run platform --")
  .description("Simulate an IoT platform on 127.0.0.1: MQTT over WebSocket with the platform's rules. Ctrl+C ends it.")
  .addOption(new Option("--platform <name>", "whose rules").choices(["aliyun", "ucloud", "broker"]).default("aliyun"))
  .option("--port <number>", "0 takes any free one", toPort, 8080)
  .option("--speed <factor>", "how much faster than real time the platform's timers run", toSpeed, 1)
  .option("--path <path>", 'the only path accepted (default: "/mqtt" and "/")', toPath)
  .option(
    "--device <a,b,c>",
    `aliyun: productKey,deviceName,deviceSecret; ucloud: productSN,deviceSN,deviceSecret; broker: username,password; repeat for more. A cloud's device with ,productSecret behind may register, with aliyun over wss only (--tls-key, --tls-cert). Default: aliyun ${DEFAULTS.aliyun}, ucloud ${DEFAULTS.ucloud}`,
    collect,
  )
  .option("--withhold-secrets", "take dynamic registrations and never answer them")
  .option("--script <file>", "send what its lines say, as at the prompt; then go on")
  .option("--tls-key <file>", "PEM; with --tls-cert it speaks wss")
  .option("--tls-cert <file>", "PEM")
  .option("--json", "one JSON object a line")
  .addHelpText("after", `\nAt its prompt, on standard input:\n${COMMANDS_HELP.replace(/^/gm, "  ")}`)
  .exitOverride();

function usage(message: string): never {
  return program.error(`error: ${message}`, { exitCode: EXIT_USAGE });
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    return usage(`cannot read ${file}: ${(error as Error).message}`);
  }
}

function fields(device: string, names: string[], optional: string[] = []): string[] {
  const values = device.split(",");
  const known = [...names, ...optional];
  if (values.length < names.length || values.length > known.length || values.includes("")) {
    usage(`--device ${device}: must be ${names.join(",")}${optional.map((name) => `[,${name}]`).join("")}`);
  }
  return values;
}

function toPlatformOptions(options: CommandOptions): PlatformOptions {
  const { platform, port, speed, path, device = [], withholdSecrets, tlsKey, tlsCert } = options;
  if ((tlsKey === undefined) !== (tlsCert === undefined)) usage("--tls-key and --tls-cert go together");
  const tls = tlsKey && tlsCert ? { key: read(tlsKey), cert: read(tlsCert) } : undefined;
  const common = { port, speed, path, tls, withholdSecrets };
  if (platform === "aliyun") {
    const devices = device.map((text): AliyunDevice => {
      const names = ["productKey", "deviceName", "deviceSecret"];
      const [productKey, deviceName, deviceSecret, productSecret] = fields(text, names, ["productSecret"]);
      return { productKey, deviceName, deviceSecret, productSecret };
    });
    return { ...common, platform, devices: devices.length > 0 ? devices : DEFAULT_DEVICES.aliyun };
  }
  if (platform === "ucloud") {
    const devices = device.map((text): UcloudDevice => {
      const names = ["productSN", "deviceSN", "deviceSecret"];
      const [productSN, deviceSN, deviceSecret, productSecret] = fields(text, names, ["productSecret"]);
      return { productSN, deviceSN, deviceSecret, productSecret };
    });
    return { ...common, platform, devices: devices.length > 0 ? devices : DEFAULT_DEVICES.ucloud };
  }
  const devices = device.map((text): BrokerUser => {
    const [username, password] = fields(text, ["username", "password"]);
    return { username, password };
  });
  return { ...common, platform, devices };
}

/** A device.json for each device that may connect to this platform; undefined for one that cannot register without TLS. */
function deviceFiles({ platform, devices = [], tls }: PlatformOptions, url: string): (object | undefined)[] {
  if (platform === "broker") {
    const users = devices.length > 0 ? devices : [{}];
    return users.map((user, i) => ({ platform, broker: { clientId: `device-${i + 1}`, ...user }, url }));
  }
  return devices.map((device) => {
    const { productSecret, deviceSecret, ...who } = device as AliyunDevice | UcloudDevice;
    if (productSecret !== undefined && platform === "aliyun" && !tls) return undefined;
    // One that registers does not know its own secret.
    const secret = productSecret === undefined ? { deviceSecret } : { productSecret };
    return { platform, [platform]: { ...who, ...secret }, url };
  });
}

async function main(): Promise<void> {
  program.parse();
  const given = program.opts<CommandOptions>();
  const options = toPlatformOptions(given);
  const begun = performance.now();
  const show = (event: PlatformEvent) => {
    const ms = Math.round(performance.now() - begun);
    console.log(
      given.json ? JSON.stringify({ ms, ...event }) : `${(ms / 1000).toFixed(3).padStart(9)}  ${describeEvent(event)}`,
    );
  };
  const script = given.script === undefined ? undefined : read(given.script);
  const platform = await startPlatform({ ...options, log: show });
  const prompt = createInterface({ input: process.stdin });
  const stop = () => {
    prompt.close();
    void platform.close();
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  const tell = (text: string) => console.log(given.json ? JSON.stringify({ event: "prompt", reason: text }) : text);
  for (const device of deviceFiles(options, platform.url)) {
    if (device === undefined) {
      tell(
        "no device.json to register with: Alibaba Cloud registers over wss:// alone, so give --tls-key and --tls-cert",
      );
      continue;
    }
    console.log(
      given.json ? JSON.stringify({ event: "device", device }) : `device.json to use: ${JSON.stringify(device)}`,
    );
  }
  prompt.on("line", (line) => {
    platform.command(line).then(
      (answer) => answer !== undefined && tell(answer),
      (error: Error) => tell(`error: ${error.message}`),
    );
  });
  if (script !== undefined) {
    runScript(script, platform).catch((error: Error) => {
      process.stderr.write(`error: ${given.script}, ${error.message}\n`);
      process.exitCode = EXIT_FAILED;
      stop();
    });
  }
}

main().catch((error: NodeJS.ErrnoException) => {
  // The parser has already said what is wrong, or has shown the help that was asked for.
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
    return;
  }
  const port = program.opts<CommandOptions>().port;
  const busy = `port ${port} is in use: choose another with --port, or --port 0 for any free one`;
  process.stderr.write(`error: ${error.code === "EADDRINUSE" ? busy : error.message}\n`);
  process.exitCode = EXIT_FAILED;
});
