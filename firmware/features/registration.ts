/**
 * Dynamic registration: a board that knows its product's secret asks the cloud for its own, once. What it gets is kept
 * in Storage before the connection ends, so before the cloud can count the device as active; a power cut on the way
 * leaves a board that asks again.
 */
import type { CodedError, Endpoint, Limits, Platform, Runtime } from "../seams";
import { isPlain } from "../bytes";
import { SECRET } from "../device/records";
import { say } from "../device/status";
import { Client } from "../mqtt/client";
import type { AliyunConfig } from "../platforms/aliyun";
import type { PlatformConfig } from "../platforms/endpoint";
import { makeEndpoint } from "../platforms/endpoint";
import type { Block } from "../platforms/fields";
import type { UCloudConfig } from "../platforms/ucloud";
import { hex, hmac } from "../vendor/tiny-hmac-sha1";
import { openWebSocket } from "../websocket/client";

/** Milliseconds from CONNACK to the secret. Alibaba's server closes 15 s after it has sent that, which would say less. */
const ANSWER = 14000;

/** Either cloud's block, as far as both are the same. */
type CloudConfig = AliyunConfig | UCloudConfig;

/**
 * Whether there is a device secret, in device.json or in the record of an earlier registration of the same device, which
 * is then put into `platform`.
 */
export function isRegistered(platform: PlatformConfig, limits: Limits, runtime: Runtime): boolean {
  const config = platform.config as CloudConfig;
  if (platform.name === "broker" || config.deviceSecret) return true;
  const whose = limits.own + " ";
  const record = runtime.store && runtime.store.read(SECRET);
  if (!record || record.substr(0, whose.length) !== whose) return false;
  // Put together afresh: a part of a record would point into flash that a later write may move.
  config.deviceSecret = record.charAt(whose.length) + record.substr(whose.length + 1);
  return true;
}

/** Where to register and as whom. */
function registrar(platform: PlatformConfig, runtime: Runtime): Endpoint {
  const config: Block = {};
  for (const name in platform.config) config[name] = (platform.config as Block)[name];
  const secret = config.productSecret as string;
  config.deviceSecret = secret;
  const aliyun = platform.name === "aliyun";
  // Alibaba Cloud registers over wss alone, however the device connects later.
  if (aliyun) config.secure = true;
  const endpoint = makeEndpoint({ name: platform.name, config: config as CloudConfig, url: platform.url }, runtime);
  if (aliyun) {
    const random = "" + (runtime.random() >>> 0);
    const method = (config.signMethod as string) || "hmacsha1";
    endpoint.clientId =
      endpoint.clientId.split("|")[0] +
      ("|securemode=2,authType=register,random=" + random + ",signmethod=" + method + "|");
    endpoint.password = hex(
      hmac(
        (bytes) => (method === "hmacsha256" ? runtime.sha256(bytes)! : runtime.sha1(bytes)),
        secret,
        "deviceName" + config.deviceName + "productKey" + config.productKey + "random" + random,
      ),
    );
  } else endpoint.username = endpoint.username!.substr(0, endpoint.username!.length - 1) + "2";
  return endpoint;
}

/** What to do about a code, in the console of that cloud. */
function advice(code: string, aliyun: boolean): string {
  return (
    (aliyun ? "In Alibaba Cloud's" : "In UCloud's") +
    " console: " +
    (code === "registration-secret"
      ? "compare " + (aliyun ? "productKey" : "productSN") + " and productSecret with the product's page"
      : code === "registration-refused"
        ? "add the device, switch dynamic registration on; a device that is active already needs its own deviceSecret"
        : "look whether the device is active; if not, restart the board to try again")
  );
}

/**
 * Makes the client that registers, for its `connect` and `end`. `done` is called once: true when the secret is kept and
 * in `platform`, false when there is none, which a status line has told: `registration-secret`, `registration-refused`,
 * `registration-timeout`, `registration-failed`, `registration-storage`. Until CONNECT has been sent a connection that
 * fails is tried again with the client's backoff; afterwards nothing is, until the board is started again.
 */
export function register(
  platform: PlatformConfig,
  limits: Limits,
  runtime: Runtime,
  done: (registered: boolean) => void,
): Client {
  const own = limits.own;
  const aliyun = platform.name === "aliyun";
  const topic = aliyun ? "/ext/register" : "/$system" + own + "/password";
  let over = false;
  let timer: unknown;
  let client: Client | undefined;

  const finish = (code: string | undefined, reason?: string) => {
    if (over) return;
    over = true;
    if (timer) runtime.clearTimeout(timer);
    if (code) say({ event: "error", code: code, reason: reason + ". " + advice(code, aliyun) });
    client!.end();
    // It holds this scope: without this one the other is let go.
    client = undefined;
    done(!code);
  };

  const keep = (answer: Block) => {
    const secret = aliyun ? answer.deviceSecret : answer.Password;
    if (!aliyun && "" + answer.RetCode !== "0") {
      return finish("registration-refused", "RetCode " + answer.RetCode);
    }
    const strange = aliyun ? "/" + answer.productKey + "/" + answer.deviceName !== own : "" + answer.RequestID !== "1";
    if (strange || !secret || !isPlain(secret, "")) return finish("registration-failed", "the answer does not fit");
    try {
      runtime.store!.write(SECRET, own + " " + secret);
    } catch (e) {
      return finish("registration-storage", "the secret cannot be kept (" + (e as Error).message + ")");
    }
    (platform.config as CloudConfig).deviceSecret = secret as string;
    say({ event: "registered" });
    finish(undefined);
  };

  const from: Platform = {
    limits: limits,
    endpoint: () => {
      const endpoint = registrar(platform, runtime);
      client!.asked = false;
      if (endpoint.exposure) {
        const reason = "the certificate is not verified: an impostor could read the deviceSecret";
        say({ event: "warning", code: "tls-unverified", reason: reason + (aliyun ? "" : ", and the productSecret") });
      }
      return endpoint;
    },
  };
  client = new Client(
    runtime,
    openWebSocket,
    from,
    // No ping before the time is up: nothing else may be sent.
    { keepalive: 300, outgoingStore: "" },
  );
  client.on("connect", () => {
    timer = runtime.setTimeout(() => {
      timer = undefined;
      finish("registration-timeout", "no secret came within " + ANSWER / 1000 + " s");
    }, ANSWER);
    if (aliyun) return;
    client!.subscribe(topic + "_reply", { qos: 1 }, (error) => {
      if (error) finish("registration-failed", error.message);
      else if (client) client.publish(topic, '{"RequestID":"1"}', { qos: 1 });
    });
  });
  client.on("message", (name, payload) => {
    if (over || name !== (aliyun ? topic : topic + "_reply")) return;
    let answer: Block | undefined;
    try {
      answer = JSON.parse(payload);
    } catch {
      // Told by what follows.
    }
    keep(answer && typeof answer === "object" ? answer : { RetCode: 0 });
  });
  client.on("close", (error: CodedError, retry) => {
    if (over) return;
    const reason = error.message;
    // The network has gone, or the server was not reached: it knows nothing of us yet.
    if (!client!.asked) {
      const wait = retry == null ? undefined : Math.ceil(retry / 1000);
      return say({ event: "error", code: error.code, reason: reason, retry: wait });
    }
    finish(
      error.code === "bad-username-or-password"
        ? "registration-secret"
        : error.code === "not-authorized"
          ? "registration-refused"
          : error.code === "connect-timeout"
            ? "registration-timeout"
            : "registration-failed",
      reason,
    );
  });
  return client;
}
