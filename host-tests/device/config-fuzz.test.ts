import { hostRuntime } from "../../tools/host/runtime";
import { makeEndpoint } from "../../firmware/platforms/endpoint";
import { check, deviceJson, secrets, set } from "../fixtures/device-json";
import { Seeded, seed } from "../fixtures/seeded";

const runtime = hostRuntime();

const CASES = 3000;
const CODES =
  /^(config-missing|config-invalid|option-missing|option-out-of-range|will-forbidden|qos-unsupported|topic-invalid|topic-forbidden|url-invalid) \S+$/;

type Json = { [field: string]: unknown };

/** Every path through a value. */
function paths(value: unknown, at = ""): string[] {
  if (typeof value !== "object" || value === null) return [at];
  const below = Object.entries(value).flatMap(([field, each]) => paths(each, at ? `${at}.${field}` : field));
  return at ? [at, ...below] : below;
}

/** Any JSON there is. */
function anyJson(random: Seeded, depth = 0): unknown {
  switch (random.below(depth > 2 ? 6 : 9)) {
    case 0:
      return null;
    case 1:
      return random.chance(2);
    case 2:
      return random.pick([0, 1, 2, 3, 4, 30, 1200, -1, 0.5, 1e21, 65536]);
    case 3:
      return random.bytes(random.pick([0, 1, 10, 70, 200]));
    case 4:
      return random.pick(["", "aliyun", "ws://h/", "/pk/device/x", "灯", "\ud800", "\r\n", "#", "__proto__", "4"]);
    case 5:
      return undefined;
    case 6:
      return Array.from({ length: random.below(4) }, () => anyJson(random, depth + 1));
    case 7:
      return { topic: anyJson(random, depth + 1), qos: anyJson(random, depth + 1) };
    default:
      return Object.fromEntries(
        Array.from({ length: random.below(4) }, () => [
          random.pick(["ssid", "topic", "qos", "length", "clientId", "keepalive", "will", "deviceSecret", "toString"]),
          anyJson(random, depth + 1),
        ]),
      );
  }
}

/** Checks a configuration, and that the answer is one of two: settings that work, or faults that say where. */
function answer(json: unknown): boolean {
  const { settings, faults, messages } = check(json);
  if (!settings !== faults.length > 0) throw new Error(`settings with ${faults.length} faults`);
  for (const fault of faults) if (!CODES.test(fault)) throw new Error(`an unknown fault: ${fault}`);
  for (const message of messages) {
    if (!message || secrets.some((secret) => message.includes(secret))) throw new Error(`a message: ${message}`);
  }
  if (!settings) return false;
  const { url, clientId, username = "", password = "" } = makeEndpoint(settings.platform, runtime);
  if (!/^wss?:\/\/./.test(url)) throw new Error(`a url: ${url}`);
  for (const bytes of [clientId, username, password]) {
    if (typeof bytes !== "string" || [...bytes].some((char) => char > "\xff")) throw new Error("no row of bytes");
  }
  return true;
}

describe(`device.json with random changes (SEED=${seed})`, () => {
  test.each(["aliyun", "ucloud", "broker"] as const)("%s: settings or faults, never an exception", (platform) => {
    let accepted = 0;
    for (let i = 0; i < CASES; i++) {
      const random = new Seeded(i);
      let json: Json = deviceJson(platform);
      for (let turns = 1 + random.below(3); turns > 0; turns--) {
        set(json, random.pick(paths(json)), anyJson(random));
        // What is on the board was text once: undefined and the like do not survive it.
        json = JSON.parse(JSON.stringify(json));
      }
      try {
        if (answer(json)) accepted++;
      } catch (error) {
        throw new Error(`SEED=${seed}, case ${i}: ${(error as Error).message} for ${JSON.stringify(json)}`, {
          cause: error,
        });
      }
    }
    // Changes that are all fatal, or all harmless, would test little.
    expect(accepted).toBeGreaterThan(CASES / 20);
    expect(accepted).toBeLessThan((CASES * 19) / 20);
  });

  test("any JSON at all has faults, never an exception", () => {
    for (let i = 0; i < CASES; i++) {
      const json = anyJson(new Seeded(100_000 + i));
      expect({ i, seed, accepted: answer(json) }).toEqual({ i, seed, accepted: false });
    }
  });
});
