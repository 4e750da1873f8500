/** The options by which a command is told who a device is, and what they make of device.json. */
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { Option } from "commander";
import { UsageError } from "../command-line/exit";
import type { Json } from "./json";
import { setField, typedValue } from "./json";
import { addSecretFromFile, addSecretsFromEnvironment } from "./secrets";

/** Options by the field they set; `*` is the block of the platform. */
const FIELDS: readonly (readonly [flag: string, key: keyof DeviceOptions, path: string, help: string])[] = [
  [
    "--wifi <ssid>",
    "wifi",
    "wifi.ssid",
    "the Wi-Fi network to join, its password from WIFI_PASSWORD or a question; without one the network is already up",
  ],
  ["--url <url>", "url", "url", "ws://… or wss://…, instead of the platform's own; a broker needs it"],
  ["--product-key <key>", "productKey", "aliyun.productKey", "aliyun: the product's key"],
  ["--device-name <name>", "deviceName", "aliyun.deviceName", "aliyun: the device's name"],
  ["--product-sn <number>", "productSn", "ucloud.productSN", "ucloud: the product's serial number"],
  ["--device-sn <number>", "deviceSn", "ucloud.deviceSN", "ucloud: the device's serial number"],
  ["--username <name>", "username", "broker.username", "broker: the user's name"],
  ["--client-id <id>", "clientId", "*.clientId", "aliyun, broker: the client's id"],
  ["--region <region>", "region", "*.region", "aliyun, ucloud: such as cn-shanghai, cn-sh2"],
];

export interface DeviceOptions {
  config?: string;
  platform?: string;
  wifi?: string;
  url?: string;
  productKey?: string;
  deviceName?: string;
  productSn?: string;
  deviceSn?: string;
  username?: string;
  clientId?: string;
  region?: string;
  set?: string[];
  secretFile?: string;
}

export function addDeviceOptions(command: Command): Command {
  command
    .option("--config <file>", "a device.json to start from; - is standard input")
    .addOption(new Option("--platform <name>", "whom to connect to").choices(["aliyun", "ucloud", "broker"]));
  for (const [flag, , , help] of FIELDS) command.option(flag, help);
  return command
    .option(
      "--set <field=value>",
      "any other field of device.json, such as mqtt.keepalive=60 or subscribe.0.topic=/pk/device/user/get; repeat for more",
      (text: string, all: string[] = []) => [...all, text],
    )
    .option(
      "--secret-file <file>",
      "a file that holds the device's secret alone; - is standard input. A product's comes from PRODUCT_SECRET or --config",
    )
    .addHelpText(
      "after",
      "\nSecrets come from DEVICE_SECRET, PRODUCT_SECRET, BROKER_PASSWORD and WIFI_PASSWORD in the environment, from a file, or from a\n" +
        "question that does not show what is typed; never from an option.",
    );
}

/** A file of JSON; what it holds is never quoted. Throws a UsageError. */
export function readJsonFile(file: string): Json {
  let text: string;
  try {
    text = readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${(error as Error).message}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    throw new UsageError(`${file} is not JSON`);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw new UsageError(`${file} must hold an object`);
  return json as Json;
}

/** Whether anything was said about the device at all. */
export function saysAnything(given: DeviceOptions): boolean {
  return (
    given.config !== undefined ||
    given.platform !== undefined ||
    given.set !== undefined ||
    FIELDS.some(([, key]) => given[key] !== undefined)
  );
}

/** The device.json that file, options and environment make, unchecked. Throws a UsageError. */
export function deviceFromOptions(given: DeviceOptions, environment: NodeJS.ProcessEnv): Json {
  const json = given.config === undefined ? {} : readJsonFile(given.config);
  if (given.platform !== undefined) json.platform = given.platform;
  for (const [flag, key, path] of FIELDS) {
    const value = given[key];
    if (typeof value !== "string") continue;
    if (path.startsWith("*") && typeof json.platform !== "string")
      throw new UsageError(`${flag}: name the --platform as well`);
    setField(json, path.replace("*", String(json.platform)), value);
  }
  for (const assignment of given.set ?? []) {
    const match = /^([^=]+)=(.*)$/s.exec(assignment);
    if (!match) throw new UsageError("--set must be followed by field=value");
    setField(json, match[1], typedValue(match[1], match[2]));
  }
  addSecretsFromEnvironment(json, environment);
  if (given.secretFile !== undefined) addSecretFromFile(json, given.secretFile);
  return json;
}
