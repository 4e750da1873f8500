/** Whether a board can do what a device.json asks of it. */
import { Failure } from "../command-line/exit";
import type { BoardConsole } from "../console/board-console";
import type { BoardFacts } from "../console/board-facts";
import { checkVersion } from "../console/board-facts";
import { tlsFault } from "../console/images";
import { checkDevice } from "../device-json/check";
import type { Json } from "../device-json/json";
import { hasSecret, registers } from "../device-json/secrets";

/** Throws a Failure that lists the faults. */
export function refuseFaults(faults: readonly string[]): void {
  if (faults.length > 0)
    throw new Failure(`the firmware would refuse this; nothing was written:\n  ${faults.join("\n  ")}`);
}

/** Whether the device connects to wss:// once it has its secret. */
export function connectsOverTls(device: Json): boolean {
  if (typeof device.url === "string") return device.url.startsWith("wss:");
  const { secure } = (device[String(device.platform)] ?? {}) as Json;
  return device.platform === "ucloud" ? secure !== false : secure === true;
}

/** Alibaba Cloud registers over wss alone, however the device connects later. */
function registersOverTls(device: Json): boolean {
  return device.platform === "aliyun" && registers(device) && !hasSecret(device);
}

/** Rejects with a Failure where the board cannot run this. `force`: TLS that its image has no memory for is not refused. */
export async function refuseUnfit(board: BoardConsole, facts: BoardFacts, device: Json, force: boolean): Promise<void> {
  checkVersion(facts.version);
  const able = await board.ask<{ sha256: boolean; tls: boolean }>(
    '(function(){function f(m){try{return require(m)}catch(e){return {}}}return {sha256:!!f("crypto").SHA256,tls:!!f("tls").connect}})()',
  );
  refuseFaults(checkDevice(device, able.sha256).faults);
  const registering = registersOverTls(device);
  if (!registering && !connectsOverTls(device)) return;
  const what = registering
    ? "Alibaba Cloud registers over wss:// alone (npm run provision -- --register does it from this computer)"
    : "this device.json connects to wss://";
  const none = able.tls ? undefined : "this board's Espruino has no TLS: use ws, or another build";
  const fault = tlsFault(facts) ?? none;
  if (fault === undefined || (force && able.tls)) return;
  const ucloud =
    device.platform === "ucloud" && device.url === undefined
      ? ". For UCloud ws is --set ucloud.secure=false: anybody on the way then reads the device's secret, which is its password"
      : "";
  const anyway = able.tls ? "; --force writes it all the same" : "";
  throw new Failure(`${what}; nothing was written: ${fault}${ucloud}${anyway}`);
}
