/** Asks a person for what is missing. What is typed as a secret is not shown. */
import process from "node:process";
import input from "@inquirer/input";
import password from "@inquirer/password";
import select from "@inquirer/select";
import type { Json } from "./json";
import { getField, isObject, setField } from "./json";
import { openNetwork, platformSecret, registers } from "./secrets";

/** Whether there is somebody to ask. */
export function canAsk(): boolean {
  return Boolean(process.stdin.isTTY && process.stdout.isTTY);
}

const REQUIRED: Record<string, readonly (readonly [path: string, question: string])[]> = {
  aliyun: [
    ["aliyun.productKey", "Product key:"],
    ["aliyun.deviceName", "Device name:"],
  ],
  ucloud: [
    ["ucloud.productSN", "Product serial number:"],
    ["ucloud.deviceSN", "Device serial number:"],
  ],
  broker: [["url", "URL of the broker (ws:// or wss://):"]],
};

async function askText(message: string, optional = false): Promise<string> {
  return input({ message, validate: (text) => optional || text.trim() !== "" || "It cannot be empty." });
}

/**
 * Fills in, in place, what a platform cannot do without; the network as well where `network` says so. `register`: the product's secret
 * instead of the device's.
 */
export async function askForMissing(json: Json, network: boolean, register = false): Promise<void> {
  if (json.platform === undefined) {
    json.platform = await select({
      message: "Whom does the device connect to?",
      choices: [
        { value: "aliyun", name: "Alibaba Cloud IoT Platform" },
        { value: "ucloud", name: "UCloud UIoT-Core" },
        { value: "broker", name: "an MQTT broker" },
      ],
    });
  }
  for (const [path, question] of REQUIRED[String(json.platform)] ?? []) {
    if (getField(json, path) === undefined) setField(json, path, (await askText(question)).trim());
  }
  if (network && json.platform === "broker" && getField(json, "broker.username") === undefined) {
    const username = await askText("User name (empty: none):", true);
    if (username) setField(json, "broker.username", username);
  }
  const secret = platformSecret(json);
  const wanted = json.platform !== "broker" || getField(json, "broker.username") !== undefined;
  if (register && !registers(json)) {
    const text = await password({ message: "Product secret:", mask: false });
    if (text) setField(json, `${String(json.platform)}.productSecret`, text);
  } else if (secret && wanted && !registers(json) && getField(json, secret.path) === undefined) {
    const text = await password({ message: json.platform === "broker" ? "Password:" : "Device secret:", mask: false });
    if (text) setField(json, secret.path, text);
  }
  if (!network || isObject(json.wifi)) return;
  const ssid = await askText("Wi-Fi network (empty: the network is already up):", true);
  if (ssid) setField(json, "wifi.ssid", ssid);
}

/** Asks, in place, for the password of a Wi-Fi network that has none from anywhere. */
export async function askForWifiPassword(json: Json): Promise<void> {
  if (openNetwork(json) === undefined) return;
  const key = await password({ message: "Wi-Fi password (empty: an open network):", mask: false });
  if (key) setField(json, "wifi.password", key);
}
