/** Dynamic registration from the computer, by the firmware's own code: for boards whose image has no memory for TLS. */
import { register } from "../../firmware/features/registration";
import type { Bytes, Runtime } from "../../firmware/seams";
import { adviceFor } from "../advice/advice";
import { Failure, UsageError } from "../command-line/exit";
import { checkDevice } from "../device-json/check";
import type { Json } from "../device-json/json";
import { getField, setField } from "../device-json/json";
import { hasSecret, registers } from "../device-json/secrets";
import type { Trust } from "../host/runtime";
import { connectSocket, hostRuntime } from "../host/runtime";
import { hearStatus } from "../host/status-lines";
import { refuseFaults } from "./fitness";

export interface RegisterOptions {
  /** Whom to believe; undefined verifies nobody, as a board does. */
  trust?: Trust;
  /** Where to register, instead of the platform's own server or the device's. */
  url?: string;
  /** Called with a warning, which is no failure. */
  warn(text: string): void;
  /** Parts of the runtime that a test replaces. */
  runtime?: Partial<Runtime>;
}

/** Throws a UsageError where there is nothing to register with, or nothing left to register. `where` begins its message. */
export function checkRegistrable(device: Json, where = ""): void {
  const refuse = (text: string) => {
    throw new UsageError(`${where}${text}`);
  };
  if (device.platform !== "aliyun" && device.platform !== "ucloud")
    refuse("--register is for a device of aliyun or ucloud: name the --platform");
  if (hasSecret(device)) refuse("--register gets the device's secret from the cloud: leave the deviceSecret out");
  if (!registers(device))
    refuse("--register needs the product's secret: give it in PRODUCT_SECRET, in a --config file, or at the question");
}

/** The device as the board gets it: with its own secret instead of its product's. */
export function withSecret(device: Json, deviceSecret: unknown): Json {
  const whole = structuredClone(device);
  const platform = String(device.platform);
  setField(whole, `${platform}.deviceSecret`, deviceSecret);
  delete (whole[platform] as Json).productSecret;
  return whole;
}

/** The device as it registers: always over TLS, unless its url is ws:// and the cloud allows that. */
function registrant(device: Json, url: string | undefined): Json {
  const copy = structuredClone(device);
  const platform = String(device.platform);
  if (url !== undefined) copy.url = url;
  if (copy.url === undefined) setField(copy, `${platform}.secure`, true);
  else if (platform === "aliyun" && !String(copy.url).startsWith("wss:"))
    throw new UsageError(
      url === undefined
        ? "Alibaba Cloud registers over wss:// alone, and the url is not that: name a --register-url"
        : "--register-url must begin with wss://: Alibaba Cloud registers over TLS alone",
    );
  return copy;
}

/**
 * Asks the cloud for the device's secret, once. `keep` is called with it as soon as it has come, before the connection ends. Rejects with a
 * Failure that has the firmware's code.
 */
export function registerDevice(
  device: Json,
  keep: (deviceSecret: string) => void,
  { trust, url, warn, runtime: change = {} }: RegisterOptions,
): Promise<string> {
  checkRegistrable(device);
  const { settings, faults } = checkDevice(registrant(device, url));
  refuseFaults(faults);
  const { platform, limits } = settings!;
  let secret: string | undefined;
  const store = {
    read: () => undefined,
    write(_name: string, record: Bytes) {
      // Whose it is, a space, the secret.
      secret = record.slice(limits.own!.length + 1);
      try {
        keep(secret);
      } catch (error) {
        // The cloud does not issue it again: it goes to the board all the same.
        warn(`the secret could not be kept in a file: ${(error as Error).message}`);
      }
    },
  };
  const runtime = hostRuntime({
    store,
    connect: (options, sink) => connectSocket(options, sink, trust),
    // Those that outlast the registration hold nobody up.
    setTimeout: (fn, ms, owner) => setTimeout(fn, ms, owner as never).unref(),
    ...change,
  });
  return new Promise<string>((resolve, reject) => {
    let failure: Failure | undefined;
    let settled = false;
    const stop = hearStatus((status) => {
      if (settled) return;
      const code = String(status.code);
      const reason = String(status.reason);
      // What this computer verifies needs no warning that a board does not.
      if (status.event === "warning") return trust ? undefined : warn(`${code}: ${reason}`);
      if (status.event !== "error") return;
      // The firmware's advice is for a board that asks by itself.
      failure = new Failure(
        `not registered, nothing was written: ${code}: ${reason.replace("restart the board to try again", AGAIN)}${hint(code, reason)}`,
      );
      // A server that was not reached would be tried for ever.
      if ("retry" in status) {
        settle();
        client.end();
      }
    });
    const settle = () => {
      settled = true;
      // The client's last status lines are of no interest.
      setImmediate(stop);
      if (secret !== undefined) resolve(secret);
      else reject(failure ?? new Failure("not registered, nothing was written: the connection ended"));
    };
    const client = register(platform, limits, runtime, settle);
    client.connect();
  });
}

/** What to do after a failure: a command, unlike a board, does not go on by itself. */
const AGAIN = "run the same command again";

/** What to check, for a code whose reason does not name it. */
function hint(code: string, reason: string): string {
  if (code.startsWith("registration-") || code === "socket-error") return "";
  if (code === "tls-failed") {
    return /certificate/.test(reason)
      ? ". This computer verifies the server, which a board does not: give a private CA with --ca, or do without with --unverified"
      : "";
  }
  const advice = adviceFor(code).replace(/ ?(The board keeps trying|It is (tried|connected) again)\./, "");
  return `. ${advice} Then ${AGAIN}`;
}

/** Platform and device, in words that no other device has. */
export function identityOf(device: Json): string {
  const names =
    { aliyun: ["productKey", "deviceName"], ucloud: ["productSN", "deviceSN"] }[String(device.platform)] ?? [];
  return [device.platform, ...names.map((name) => getField(device, `${String(device.platform)}.${name}`))].join(" ");
}
