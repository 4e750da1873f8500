/** Where secrets come from, and how they stay out of sight. */
import { readFileSync } from "node:fs";
import { UsageError } from "../command-line/exit";
import type { Json } from "./json";
import { getField, isObject, setField } from "./json";

interface Secret {
  path: string;
  /** The environment variable that may hold it. */
  variable: string;
}

const SECRETS: readonly Secret[] = [
  { path: "aliyun.deviceSecret", variable: "DEVICE_SECRET" },
  { path: "ucloud.deviceSecret", variable: "DEVICE_SECRET" },
  { path: "aliyun.productSecret", variable: "PRODUCT_SECRET" },
  { path: "ucloud.productSecret", variable: "PRODUCT_SECRET" },
  { path: "broker.password", variable: "BROKER_PASSWORD" },
  { path: "wifi.password", variable: "WIFI_PASSWORD" },
];

/** Fields that may be shown. What is not among them is hidden: a misspelt secret is a secret. */
const PUBLIC = new Set(
  (
    "platform url ssid productKey deviceName clientId region instanceId path signMethod timestamp productSN deviceSN host " +
    "username topic subprotocol outgoingStore payload"
  ).split(" "),
);

export const HIDDEN = "(hidden)";

export function secretFor(path: string): Secret | undefined {
  return SECRETS.find((secret) => secret.path === path);
}

/** The secret of the platform that is configured. */
export function platformSecret(json: Json): Secret | undefined {
  return SECRETS.find(({ path }) => path.startsWith(`${String(json.platform)}.`));
}

const LOOKS_SECRET = /(secret|password|passwd|pass|token)$/i;

/** The path of a secret field anywhere in a value that `--set` would read as JSON. */
function secretInside(path: string, text: string): string | undefined {
  const search = (value: unknown, at: string): string | undefined => {
    if (!isObject(value)) return undefined;
    for (const [key, entry] of Object.entries(value)) {
      const found = LOOKS_SECRET.test(key) ? `${at}.${key}` : search(entry, `${at}.${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  try {
    return search(JSON.parse(text), path);
  } catch {
    return undefined;
  }
}

/**
 * Throws a UsageError where a secret stands on the command line. The message does not repeat it.
 */
export function refuseVisibleSecrets(args: readonly string[]): void {
  args.forEach((arg, at) => {
    const flag = /^--?([^=]+)/.exec(arg)?.[1];
    const [, set, value = ""] =
      (args[at - 1] === "--set" ? /^([^=]*)=([^]*)/ : /^--set=([^=]*)=([^]*)/).exec(arg) ?? [];
    const inside = set === undefined ? undefined : secretInside(set, value);
    // `--set wifi.password=` is the absence of one.
    const said = value === "" ? undefined : set;
    const name = [flag, said, inside].find((name) => name !== undefined && LOOKS_SECRET.test(name));
    if (name === undefined) return;
    throw new UsageError(
      `${name}: a secret on the command line stays in the shell's history, and every user of this computer sees it in the list of ` +
        "processes. Give it in the environment (DEVICE_SECRET, PRODUCT_SECRET, BROKER_PASSWORD, WIFI_PASSWORD), in a file (--secret-file, " +
        "--config), or leave it out and be asked",
    );
  });
}

/** Puts in the secrets that the environment holds, for the blocks that are there. */
export function addSecretsFromEnvironment(json: Json, environment: NodeJS.ProcessEnv): void {
  for (const { path, variable } of SECRETS) {
    const block = path.split(".")[0];
    const value = environment[variable];
    if (!value || (block === "wifi" ? !isObject(json.wifi) : json.platform !== block)) continue;
    setField(json, path, value);
  }
}

/** Puts in the platform's secret from a file that holds it alone; `-` is standard input. Throws a UsageError. */
export function addSecretFromFile(json: Json, file: string): void {
  const secret = platformSecret(json);
  if (!secret) throw new UsageError("--secret-file: whose secret is it? Name the platform as well");
  let text: string;
  try {
    text = readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${(error as Error).message}`);
  }
  setField(json, secret.path, text.replace(/\r?\n$/, ""));
}

/** A copy in which every text that is not known to be harmless is hidden. */
export function hideSecrets(value: unknown, name = ""): unknown {
  if (Array.isArray(value)) return value.map((entry) => hideSecrets(entry, name));
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, hideSecrets(entry, key)]));
  }
  if (typeof value === "number" || typeof value === "boolean" || value === null)
    return LOOKS_SECRET.test(name) ? HIDDEN : value;
  if (!PUBLIC.has(name)) return HIDDEN;
  // A query may hold a token; what stands before an @ in a URL may be a name and a password.
  const text = name === "url" ? String(value).replace(/\?[^]*/, `?${HIDDEN}`) : String(value);
  return text.replace(/\/\/[^/@]*@/, `//${HIDDEN}@`);
}

/** Whether the board is to get its secret from the cloud. */
export function registers(json: Json): boolean {
  return getField(json, `${String(json.platform)}.productSecret`) != null;
}

/** Whether a block's secret is there. */
export function hasSecret(json: Json): boolean {
  const secret = platformSecret(json);
  return secret !== undefined && getField(json, secret.path) != null;
}

/** The name of a Wi-Fi network that is given without a password; an empty one confirms that the network is open. */
export function openNetwork(json: Json): string | undefined {
  const ssid = getField(json, "wifi.ssid");
  return typeof ssid === "string" && getField(json, "wifi.password") == null ? ssid : undefined;
}
