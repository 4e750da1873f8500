import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { adviceFor, describeConnack, knownCodes } from "../../tools/advice/advice";
import { en } from "../../tools/advice/en";
import { zh } from "../../tools/advice/zh";
import { ROOT } from "../fixtures/tool";

const PLATFORMS = ["aliyun", "ucloud", "broker"] as const;

/** Every code that stands as a literal where the firmware makes an error or a status line. */
function firmwareCodes(): string[] {
  const files = readdirSync(join(ROOT, "firmware"), { recursive: true, encoding: "utf8" });
  const sources = files
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(ROOT, "firmware", name), "utf8"));
  const literal =
    /(?:\bfail\(|\bfault\(|\btell\(undefined, |_drop\(|\bcode: (?:\w+ \? )?|\bdead\()\s*"([a-z]+(?:-[a-z]+)*)"/g;
  return [...new Set(sources.flatMap((source) => [...source.matchAll(literal)].map(([, code]) => code)))].sort();
}

/** The codes of the README's table, the first of a row's two columns. */
function readmeCodes(): string[] {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const table = readme.slice(readme.search(/^\| code +\| what to do/m)).split("\n\n")[0];
  return table
    .split("\n")
    .slice(2)
    .flatMap((row) => [...row.split("|")[1].matchAll(/`([^`]+)`/g)].map(([, code]) => code));
}

test("what ends a connection has both of its causes: a server never reached, a second device with the same identity", () => {
  expect(adviceFor("socket-error")).toMatch(/unsent data.*host name and port/);
  expect(adviceFor("websocket-closed")).toMatch(/second device with the same identity/);
});

test("the firmware's codes are found", () => {
  expect(firmwareCodes()).toEqual(
    expect.arrayContaining(["socket-closed", "ping-timeout", "tls-failed", "config-missing"]),
  );
});

test.each(firmwareCodes())("the firmware's code %s has advice", (code) => {
  expect(knownCodes()).toContain(code);
});

test.each(["offline", "memory", "sockets", "tls-memory", "ca-invalid"])(
  "%s, of a planned reboot or of TLS on a chip, has advice in both languages",
  (code) => {
    expect(adviceFor(code)).not.toBe(en.unknown);
    expect(adviceFor(code, "zh")).toMatch(/\p{Script=Han}/u);
    expect(adviceFor(code, "zh")).not.toBe(zh.unknown);
  },
);

test("every code of the README's table has advice", () => {
  expect(readmeCodes().length).toBeGreaterThan(30);
  expect(readmeCodes().filter((code) => !knownCodes().includes(code))).toEqual([]);
});

test("both languages have the same codes, and each its own words", () => {
  expect(knownCodes("zh")).toEqual(knownCodes("en"));
  for (const code of Object.keys(en.codes)) expect(zh.codes[code]).toMatch(/\p{Script=Han}/u);
  for (const platform of ["names", ...PLATFORMS] as const) {
    expect(zh.connack[platform]).toHaveLength(6);
    expect(en.connack[platform]).toHaveLength(6);
  }
});

test("a refusal's advice is the platform's own", () => {
  expect(adviceFor("bad-username-or-password", "en", "aliyun")).toMatch(/signature/);
  expect(adviceFor("bad-username-or-password", "en", "ucloud")).toMatch(/productSN\|deviceSN\|1/);
  expect(adviceFor("bad-username-or-password", "zh", "aliyun")).toMatch(/签名/);
  expect(describeConnack("aliyun")[4]).toEqual([
    4,
    `bad user name or password: ${adviceFor("bad-username-or-password", "en", "aliyun")}`,
  ]);
});

test.each(["connack-99", "constructor", "__proto__", "toString", ""])(
  "a code that nobody knows, %j, is said to be so",
  (code) => {
    expect(adviceFor(code)).toBe(en.unknown);
  },
);
