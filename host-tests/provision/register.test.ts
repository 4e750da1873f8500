/** `npm run provision -- --register`: the device's secret from either cloud by way of the computer, and never lost behind that. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Platform, PlatformOptions } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { KeptSecret } from "../../tools/provision/kept-secret";
import { identityOf, registerDevice } from "../../tools/provision/register";
import { makeCertificate, makeSigned } from "../fixtures/certificate";
import { ConsoleBoard } from "../fixtures/console-boards";
import { lineByLine } from "../fixtures/line-faults";
import type { Result } from "../fixtures/tool";
import { runTool } from "../fixtures/tool";

jest.setTimeout(60_000);

const SECRETS = ["0wn-s3cret", "pr0duct-s3cret"];
const [deviceSecret, productSecret] = SECRETS;
const ALIYUN = { productKey: "pk", deviceName: "device" };
const UCLOUD = { productSN: "prod", deviceSN: "device-1" };
const DEVICE = { aliyun: { platform: "aliyun", aliyun: ALIYUN }, ucloud: { platform: "ucloud", ucloud: UCLOUD } };

let directory: string;
let platform: Platform | undefined;
let board: ConsoleBoard;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "register-"));
  board = await new ConsoleBoard("simulated", "tcp").start();
});
afterEach(async () => {
  await platform?.close();
  platform = undefined;
  await board.remove();
  rmSync(directory, { recursive: true });
});

async function open(name: "aliyun" | "ucloud", options: Partial<PlatformOptions> = {}): Promise<Platform> {
  const known = { ...(name === "aliyun" ? ALIYUN : UCLOUD), deviceSecret, productSecret };
  platform = await startPlatform({ platform: name, devices: [known], ...options } as PlatformOptions);
  return platform;
}

function file(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

const kept = () => join(directory, "kept");
const keptFiles = () => (existsSync(kept()) ? readdirSync(kept()) : []);
const asked = () => platform!.events.filter(({ event }) => event === "websocket").length;

async function register(device: object, ...more: string[]): Promise<Result> {
  const args = ["--port", board.port, "--config", file("device.json", JSON.stringify(device)), "--register"];
  const result = await runTool("provision", [...args, "--kept", kept(), ...more], {
    env: { PRODUCT_SECRET: productSecret },
  });
  for (const secret of SECRETS) expect(result.stdout + result.stderr + board.output).not.toContain(secret);
  return result;
}

async function stored(): Promise<unknown> {
  await board.powerOff();
  const content = await board.readFile("device.json");
  return content && JSON.parse(content);
}

describe("the device's secret goes to the board, the product's does not", () => {
  test("aliyun, over wss with a certificate that is verified; the device itself connects over ws", async () => {
    const { server, ca } = await makeSigned();
    const { url } = await open("aliyun", { tls: server });
    const certificate = join(directory, "ca.der");
    writeFileSync(certificate, Buffer.from(ca, "latin1"));
    const { code, stdout, stderr } = await register(DEVICE.aliyun, "--register-url", url, "--ca", certificate);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^registered +the device has its secret from the cloud$/m);
    expect(stdout).not.toMatch(/tls-unverified|#\{/);
    expect(await stored()).toEqual({ ...DEVICE.aliyun, aliyun: { ...ALIYUN, deviceSecret } });
    // Of no use to a device that connects over ws.
    expect(await board.readFile("ca.der")).toBeUndefined();
    expect(stdout).toMatch(/^ca +is for the registration only/m);
    expect(keptFiles()).toEqual([]);
  });

  test("ucloud, over the device's own ws", async () => {
    const { url } = await open("ucloud");
    expect((await register({ ...DEVICE.ucloud, url })).code).toBe(0);
    expect(await stored()).toEqual({ platform: "ucloud", ucloud: { ...UCLOUD, deviceSecret }, url });
  });

  test("rows of a CSV: each device its own; one with a secret is only written", async () => {
    await open("ucloud", { devices: [{ ...UCLOUD, deviceSecret, productSecret }] } as Partial<PlatformOptions>);
    const other = await new ConsoleBoard("simulated", "tcp").start();
    try {
      const csv = file(
        "boards.csv",
        [
          "ucloud.deviceSN,ucloud.deviceSecret,port",
          `device-1,,${board.port}`,
          `device-2,its-own,${other.port}`,
          "",
        ].join("\n"),
      );
      const base = file(
        "base.json",
        JSON.stringify({ platform: "ucloud", ucloud: { productSN: "prod" }, url: platform!.url }),
      );
      const args = ["--config", base, "--csv", csv, "--register", "--kept", kept()];
      const { code, stderr } = await runTool("provision", args, { env: { PRODUCT_SECRET: productSecret } });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(asked()).toBe(1);
      expect(await stored()).toMatchObject({ ucloud: { deviceSN: "device-1", deviceSecret } });
      await other.powerOff();
      const second = JSON.parse((await other.readFile("device.json"))!) as Record<string, unknown>;
      expect(second.ucloud).toEqual({ productSN: "prod", deviceSN: "device-2", deviceSecret: "its-own" });
    } finally {
      await other.remove();
    }
  });
});

describe("nothing is written where it fails, with the firmware's code as the reason", () => {
  afterEach(async () => {
    expect(await stored()).toBeUndefined();
    expect(keptFiles()).toEqual([]);
  });

  test.each([
    ["registration-refused", { ...DEVICE.ucloud, ucloud: { ...UCLOUD, deviceSN: "nobody" } }],
    ["registration-secret", { ...DEVICE.ucloud, ucloud: { ...UCLOUD, productSecret: "wrong" } }],
  ])("%s", async (code, device) => {
    const { url } = await open("ucloud");
    const args = ["--port", board.port, "--kept", kept(), "--register"];
    const given = { ...device, ucloud: { productSecret, ...device.ucloud }, url };
    const config = file("given.json", JSON.stringify(given));
    const result = await runTool("provision", [...args, "--config", config]);
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(
      new RegExp(`^failed: not registered, nothing was written: ${code}: .*UCloud's console`),
    );
  });

  test("connect-failed: a server that is not there is not tried for ever", async () => {
    const { url } = await open("ucloud");
    await platform!.close();
    const { code, stderr } = await register({ ...DEVICE.ucloud, url });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^failed: not registered, nothing was written: connect-failed: nothing listens at 127\.0\.0\.1:\d+ \(ECONNREFUSED\)\. Is the server reachable.*Then run the same command again$/m,
    );
    // No board takes part that could go on by itself.
    expect(stderr).not.toMatch(/board keeps trying|restart the board/);
  });

  test("tls-failed: a certificate that this computer cannot verify, though a board would go on", async () => {
    const { url } = await open("aliyun", { tls: await makeCertificate() });
    const { code, stderr } = await register(DEVICE.aliyun, "--register-url", url);
    expect(code).toBe(1);
    expect(stderr).toMatch(/tls-failed: .*certificate.*--ca.*--unverified/);
  });

  test("a host that nobody knows is called that", async () => {
    const url = "wss://no-such-host.invalid/mqtt";
    const { code, stderr } = await register(DEVICE.aliyun, "--register-url", url);
    expect(code).toBe(1);
    expect(stderr).toMatch(/connect-failed: (unknown host|no name server answers for) no-such-host\.invalid \(/);
  });

  test.each([
    ["verified", []],
    ["unverified", ["--unverified"]],
  ])(
    "wss to a port that speaks ws is named so, in one line, and nobody is sent round verification: %s",
    async (_, more) => {
      const { url } = await open("aliyun");
      const args = ["--register-url", url.replace("ws:", "wss:"), ...more];
      const { code, stderr } = await register(DEVICE.aliyun, ...args);
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /: what listens at 127\.0\.0\.1:\d+ does not speak TLS: is it ws:\/\/ instead of wss:\/\/\?\n$/,
      );
      expect(stderr.trimEnd()).not.toMatch(/\n|--ca|--unverified|OpenSSL|SSL routines/i);
    },
  );

  test("a folder that cannot hold the secret: the cloud, which issues it once, is not asked", async () => {
    const { url } = await open("ucloud");
    const blocked = file("blocked", "");
    const args = ["--port", board.port, "--config", file("d.json", JSON.stringify({ ...DEVICE.ucloud, url }))];
    const env = { PRODUCT_SECRET: productSecret };
    const { code, stderr } = await runTool("provision", [...args, "--register", "--kept", blocked], { env });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^failed: cannot write .*blocked.*the cloud was not asked/);
    expect(asked()).toBe(0);
  });

  test("a board that is not there: the cloud is not asked", async () => {
    const { url } = await open("ucloud");
    await board.stop();
    expect((await register({ ...DEVICE.ucloud, url })).code).toBe(1);
    expect(asked()).toBe(0);
  });

  test.each([
    [{ platform: "broker", url: "ws://h/" }, [], /--register is for a device of aliyun or ucloud/],
    [{ ...DEVICE.aliyun, aliyun: { ...ALIYUN, deviceSecret } }, [], /leave the deviceSecret out/],
    [{ ...DEVICE.aliyun, url: "ws://127.0.0.1:1/mqtt" }, [], /over wss:\/\/ alone.*--register-url/],
    [DEVICE.aliyun, ["--register-url", "ws://127.0.0.1:1/"], /--register-url must begin with wss:\/\//],
  ])("%j with %j is wrong usage", async (device, more, text) => {
    const { code, stderr } = await register(device, ...more);
    expect(code).toBe(2);
    expect(stderr).toMatch(text);
  });

  test("--unverified without --register is wrong usage", async () => {
    const config = file("d.json", JSON.stringify(DEVICE.aliyun));
    const { code, stderr } = await runTool("provision", ["--port", board.port, "--config", config, "--unverified"]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/go with --register/)]);
  });
});

test("--unverified goes on as a board does, with the firmware's warning", async () => {
  const { url } = await open("aliyun", { tls: await makeCertificate() });
  const { code, stdout } = await register(DEVICE.aliyun, "--register-url", url, "--unverified");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^warning +tls-unverified: .*impostor/m);
});

test("registered, but the board could not be written: the secret is kept for the next run, which asks nobody", async () => {
  const { url } = await open("ucloud");
  board.fault = lineByLine((line) => (decode(line).includes("__p") ? "" : undefined));
  const first = await register({ ...DEVICE.ucloud, url }, "--timeout", "1s");
  expect(first.code).toBe(1);
  const [name] = keptFiles();
  const path = join(kept(), name);
  expect(first.stderr).toContain(`is kept in ${path}`);
  if (process.platform !== "win32") expect((statSync(path).mode & 0o777).toString(8)).toBe("600");
  expect(readFileSync(path, "utf8")).toContain(deviceSecret);
  board.fault = (bytes) => bytes;
  const second = await register({ ...DEVICE.ucloud, url });
  expect(second).toMatchObject({ code: 0, stderr: "" });
  expect(second.stdout).toMatch(/^kept +.*the cloud is not asked again$/m);
  expect(asked()).toBe(1);
  expect(await stored()).toMatchObject({ ucloud: { deviceSecret } });
  expect(keptFiles()).toEqual([]);
});

describe("without a board", () => {
  const ask = (device: object, keep: (secret: string) => void, speed = 1) =>
    registerDevice(device as never, keep, {
      warn: () => undefined,
      runtime: { setTimeout: (fn, ms, owner) => setTimeout(fn, ms / speed, owner as never).unref() },
    });
  const ucloud = () => ({ ...DEVICE.ucloud, ucloud: { ...UCLOUD, productSecret }, url: platform!.url });

  test("registration-timeout: a cloud that does not answer", async () => {
    await open("ucloud", { withholdSecrets: true });
    await expect(ask(ucloud(), () => undefined, 100)).rejects.toThrow(
      /registration-timeout: no secret came within 14 s.*if not, run the same command again$/,
    );
  });

  test("a secret that could not be kept is not lost: it goes to the board", async () => {
    await open("ucloud");
    const full = () => {
      throw new Error("ENOSPC");
    };
    await expect(ask(ucloud(), full)).resolves.toBe(deviceSecret);
  });

  test("the firmware's status lines do not come out of the computer's console, and what else is printed does", async () => {
    await open("ucloud");
    const log = jest.spyOn(console, "log").mockImplementation(() => undefined);
    const registering = ask(ucloud(), () => undefined);
    console.log("row");
    await registering;
    await delay(0);
    console.log('#{"event":"later"}');
    expect(log.mock.calls).toEqual([["row"], ['#{"event":"later"}']]);
    log.mockRestore();
  });

  test("a kept secret is its device's alone", () => {
    const mine = new KeptSecret(kept(), identityOf(DEVICE.aliyun));
    mine.prepare();
    mine.keep("s");
    expect(mine.read()).toBe("s");
    expect(new KeptSecret(kept(), identityOf(DEVICE.ucloud)).read()).toBeUndefined();
    writeFileSync(mine.path, '{"whose":"another","deviceSecret":"hush"}');
    expect(() => mine.read()).toThrow(/does not hold this device's secret/);
    expect(() => mine.read()).not.toThrow(/hush/);
  });
});

/** What a question asks, or the line itself. */
function decode(line: string): string {
  const text = /\(atob\("([^"]*)"\),-?\d+\)\)\n$/.exec(line)?.[1];
  return text === undefined ? line : Buffer.from(text, "base64").toString("latin1");
}
