/** `npm run sign`: the vendors' known answers, and secrets that stay out of sight. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTerminal, hasPseudoTerminals } from "../fixtures/pseudo-terminal";
import { runTool, toolCommand } from "../fixtures/tool";

jest.setTimeout(60_000);

const ALIYUN = ["--platform", "aliyun", "--product-key", "pk", "--device-name", "device", "--client-id", "12345"];
const STAMPED = [...ALIYUN, "--set", "aliyun.timestamp=789"];
const SIGNATURE = "fafd82a3d602b37fb0fa8b7892f24a477f851a14";

/** What stands before the explanation of the codes, which speaks of secrets in general. */
const credentials = (stdout: string) => stdout.split(/What the server answers|"connack"/)[0];

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "sign-"))));
afterEach(() => rmSync(directory, { recursive: true }));

test("prints what the vendor's document computes, the secret from the environment", async () => {
  const { code, stdout } = await runTool("sign", STAMPED, { env: { DEVICE_SECRET: "secret" } });
  expect(code).toBe(0);
  expect(stdout.split("\n").slice(0, 4)).toEqual([
    "ClientId  12345|securemode=3,signmethod=hmacsha1,timestamp=789|",
    "UserName  device&pk",
    `Password  ${SIGNATURE}`,
    "URL       ws://pk.iot-as-mqtt.cn-shanghai.aliyuncs.com:443/mqtt",
  ]);
});

test.each(["aliyun", "ucloud", "broker"])("explains CONNACK 0 to 5 for %s", async (platform) => {
  const ids = {
    aliyun: ["--product-key", "pk", "--device-name", "device"],
    ucloud: ["--product-sn", "product", "--device-sn", "device-1"],
    broker: ["--url", "ws://127.0.0.1/mqtt"],
  }[platform as "aliyun"];
  const { code, stdout } = await runTool("sign", ["--platform", platform, ...ids], { env: { DEVICE_SECRET: "s" } });
  expect(code).toBe(0);
  const codes = stdout.match(/^ {2}(\d) {2}(accepted|unacceptable|identifier|server|bad user|not auth).{15,}$/gm);
  expect(codes?.map((line) => line.trim()[0])).toEqual(["0", "1", "2", "3", "4", "5"]);
});

test("the secret from a file, from standard input, and in a device.json on standard input", async () => {
  const file = join(directory, "secret");
  writeFileSync(file, "secret\n");
  const device = {
    platform: "aliyun",
    aliyun: { productKey: "pk", deviceName: "device", deviceSecret: "secret", clientId: "12345", timestamp: "789" },
  };
  const results = await Promise.all([
    runTool("sign", [...STAMPED, "--secret-file", file]),
    runTool("sign", [...STAMPED, "--secret-file", "-"], { input: "secret\n" }),
    runTool("sign", ["--config", "-", "--json"], { input: JSON.stringify(device) }),
  ]);
  for (const { code, stdout } of results) {
    expect(code).toBe(0);
    expect(stdout).toContain(SIGNATURE);
    expect(credentials(stdout)).not.toContain("secret");
  }
});

test.each([["--device-secret"], ["--secret"], ["--password"], ["--wifi-password"], ["-password"]])(
  "%s on the command line is refused and not repeated",
  async (flag) => {
    for (const args of [[`${flag}=hush-hush`], [flag, "hush-hush"]]) {
      const { code, stdout, stderr } = await runTool("sign", [...ALIYUN, ...args]);
      expect(code).toBe(2);
      expect(stderr).toContain("shell's history");
      expect(stdout + stderr).not.toContain("hush-hush");
    }
  },
);

test("a secret in --set is refused and not repeated", async () => {
  const { code, stderr } = await runTool("sign", [...ALIYUN, "--set", "aliyun.deviceSecret=hush-hush"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/aliyun\.deviceSecret: .*shell's history/);
  expect(stderr).not.toContain("hush-hush");
});

test("what the firmware would refuse is exit code 1, with the field and where the secret may come from", async () => {
  const { code, stderr } = await runTool("sign", [...ALIYUN, "--region", "cn shanghai"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/aliyun\.deviceSecret is missing: give it in DEVICE_SECRET/);
  expect(stderr).toMatch(/aliyun\.region must be letters/);
});

(hasPseudoTerminals ? test : test.skip)("asks for the secret on a terminal and does not show it", async () => {
  const child = onTerminal(toolCommand("sign", ...STAMPED));
  let shown = "";
  const code = await new Promise<number | null>((resolve) => {
    child.stdout.on("data", (bytes: Buffer) => {
      const before = shown;
      shown += bytes.toString();
      if (!/Device secret:/.test(before) && /Device secret:/.test(shown)) child.stdin.write("secret\r");
    });
    child.on("close", resolve);
  });
  expect(code).toBe(0);
  expect(shown).toContain(SIGNATURE);
  expect(credentials(shown).replace(/Device secret/g, "")).not.toContain("secret");
});
