/** `npm run provision`: who a board is, from a file, from options, from questions; checked first, secrets out of sight. */
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificate } from "../fixtures/certificate";
import { ConsoleBoard, onEachConsole } from "../fixtures/console-boards";
import { converse } from "../fixtures/conversation";
import { deviceJson, secrets } from "../fixtures/device-json";
import { lineByLine, losing } from "../fixtures/line-faults";
import { hasPseudoTerminals } from "../fixtures/pseudo-terminal";
import { Seeded, seed } from "../fixtures/seeded";
import { runTool } from "../fixtures/tool";

// A question whose letters are lost is asked again after 30 s.
jest.setTimeout(300_000);

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "provision-"))));
afterEach(() => rmSync(directory, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

const config = (change: object = {}) => file("device.json", JSON.stringify({ ...deviceJson("aliyun"), ...change }));

/** So many topics, each nearly as long as the platform takes them. */
const topics = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ topic: `/pk/device/user/${i}${"t".repeat(90)}`, qos: 1 }));

/** The device.json on a board, once it is off. */
async function stored(board: ConsoleBoard): Promise<unknown> {
  await board.powerOff();
  const content = await board.readFile("device.json");
  return content && JSON.parse(Buffer.from(content, "latin1").toString("utf8"));
}

onEachConsole(["tcp", "pty"], (make) => {
  test("writes a file's configuration and reads it back; the board's own output never holds a secret", async () => {
    const board = await make();
    const { code, stdout, stderr } = await runTool("provision", [
      "--port",
      board.port,
      "--config",
      config({ wifi: { ssid: "工厂 2" } }),
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^written +device\.json, \d+ bytes, read back$/m);
    for (const secret of secrets) expect(stdout + stderr + board.output).not.toContain(secret);
    expect(await stored(board)).toEqual({ ...deviceJson("aliyun"), wifi: { ssid: "工厂 2" } });
  });
});

onEachConsole(["tcp"], (make) => {
  test("a configuration that the firmware would refuse: each fault is named, and nothing is written", async () => {
    const board = await make();
    const bad = config({ mqtt: { keepalive: 5 }, telemetry: { topic: "/another/device", qos: 2 } });
    let heard = 0;
    board.fault = (bytes) => {
      heard += bytes.length;
      return bytes;
    };
    const { code, stdout, stderr } = await runTool("provision", ["--port", board.port, "--config", bad]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/nothing was written:\n {2}/);
    for (const field of ["mqtt.keepalive", "telemetry.topic", "telemetry.qos"]) expect(stderr).toContain(field);
    for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
    // The board was not even spoken to.
    expect(heard).toBe(0);
    expect(await stored(board)).toBeUndefined();
  });

  test("a line that breaks half way leaves the old configuration whole", async () => {
    const board = await make();
    const first = await runTool("provision", ["--port", board.port, "--config", config()]);
    expect(first.code).toBe(0);
    // The line takes everything but what would gather the second piece.
    board.fault = lineByLine((line) => (/__p/.test(decode(line)) && !/,0,atob/.test(decode(line)) ? "" : undefined));
    const change = config({ subscribe: topics(10) });
    const { code, stderr } = await runTool("provision", ["--port", board.port, "--config", change, "--timeout", "1s"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^failed: the board .* does not answer/m);
    expect(await stored(board)).toEqual(deviceJson("aliyun"));
  });

  test(`a line that loses letters (SEED=${seed}) writes nothing wrong`, async () => {
    const board = await make();
    board.fault = losing(new Seeded(7200), 2500);
    const { code, stderr } = await runTool("provision", ["--port", board.port, "--config", config()]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(await stored(board)).toEqual(deviceJson("aliyun"));
  });

  test("--show hides every secret, even one whose name is misspelt", async () => {
    const board = await make();
    await board.powerOff();
    const device = {
      ...deviceJson("aliyun"),
      aliyun: { productKey: "pk", deviceSecet: "misspelt-5ecret" },
      url: "ws://user:pa55@host/",
    };
    await board.writeFile("device.json", JSON.stringify(device));
    await board.powerOn();
    const { code, stdout, stderr } = await runTool("provision", ["--port", board.port, "--show"]);
    expect(code).toBe(1);
    expect(stderr).toContain("aliyun.deviceSecet is unknown");
    expect(stdout).toContain('"deviceSecet": "(hidden)"');
    expect(stdout).toContain('"productKey": "pk"');
    for (const secret of [...secrets, "misspelt-5ecret", "pa55"]) expect(stdout + stderr).not.toContain(secret);
  });

  test("--ca stores the certificate as DER, from PEM and from DER", async () => {
    const board = await make();
    const { cert } = await makeCertificate();
    const { raw } = new X509Certificate(cert);
    const pem = file("ca.pem", cert);
    const der = file("ca.der", raw);
    const run = (ca: string) => runTool("provision", ["--port", board.port, "--config", config(), "--ca", ca]);
    const first = await run(pem);
    expect(first.code).toBe(0);
    expect(first.stdout).toContain(`written   ca.der, ${raw.length} bytes`);
    expect((await run(der)).stdout).toMatch(/^same +ca\.der is there already/m);
    await board.powerOff();
    expect(Buffer.from((await board.readFile("ca.der"))!, "latin1").equals(raw)).toBe(true);
  });
});

/** What a question asks, or the line itself. */
function decode(line: string): string {
  const text = /\(atob\("([^"]*)"\),-?\d+\)\)\n$/.exec(line)?.[1];
  return text === undefined ? line : Buffer.from(text, "base64").toString("latin1");
}

describe("on the simulated board", () => {
  let board: ConsoleBoard;
  const start = async (options: ConstructorParameters<typeof ConsoleBoard>[2] = {}) => {
    board = new ConsoleBoard("simulated", "tcp", options);
    return board.start();
  };
  beforeEach(() => start());
  afterEach(() => board.remove());
  const provision = (...args: string[]) => runTool("provision", ["--port", board.port, ...args]);

  test("options and the environment make a configuration", async () => {
    const { code } = await runTool(
      "provision",
      [
        ...[
          "--port",
          board.port,
          "--platform",
          "aliyun",
          "--product-key",
          "pk",
          "--device-name",
          "device",
          "--wifi",
          "plant-2",
        ],
        ...[
          "--set",
          "aliyun.timestamp=789",
          "--set",
          "mqtt.keepalive=60",
          "--set",
          "subscribe.0.topic=/pk/device/user/get",
        ],
      ],
      { env: { DEVICE_SECRET: "from-env", WIFI_PASSWORD: "12345678" } },
    );
    expect(code).toBe(0);
    expect(await stored(board)).toEqual({
      platform: "aliyun",
      wifi: { ssid: "plant-2", password: "12345678" },
      aliyun: { productKey: "pk", deviceName: "device", timestamp: "789", deviceSecret: "from-env" },
      mqtt: { keepalive: 60 },
      subscribe: [{ topic: "/pk/device/user/get" }],
    });
  });

  (hasPseudoTerminals ? test : test.skip)("asks for everything on a terminal and shows no secret", async () => {
    const answers: [RegExp, string][] = [
      [/Whom does/, "\r"],
      [/Product key:/, "pk\r"],
      [/Device name:/, "device\r"],
      [/Device secret:/, "hush-hush\r"],
      [/Wi-Fi network/, "plant-2\r"],
      [/Wi-Fi password/, "quiet-quiet\r"],
    ];
    const { code, shown } = await converse(answers, "--port", board.port);
    expect({ code, left: answers.length }).toEqual({ code: 0, left: 0 });
    expect(shown).not.toMatch(/hush-hush|quiet-quiet/);
    expect(await stored(board)).toEqual({
      platform: "aliyun",
      aliyun: { productKey: "pk", deviceName: "device", deviceSecret: "hush-hush" },
      wifi: { ssid: "plant-2", password: "quiet-quiet" },
    });
  });

  test("telnet in device.json is a door, and provision names who may use it", async () => {
    const { stdout } = await provision("--config", config({ telnet: true }));
    expect(stdout).toMatch(/^telnet +a console for everybody in the network.*--no-ble$/m);
  });

  test("--check ends with a verdict, and with what it cannot know without the board", async () => {
    const { code, stdout, stderr } = await provision("--config", config(), "--check");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ platform: "aliyun" });
    expect(stderr).toMatch(/^sound: the firmware takes it\. Whether the board's image has memory for wss:\/\/ .*$/m);
  });

  test("the same configuration is not written again", async () => {
    expect((await provision("--config", config())).code).toBe(0);
    expect((await provision("--config", config())).stdout).toMatch(/^same +device\.json is there already/m);
  });

  test("a Storage with no room for the new configuration keeps the old one", async () => {
    const full = await new ConsoleBoard("simulated", "tcp", { storageBytes: 1000 }).start();
    try {
      const given = (more: object) => ["--port", full.port, "--config", config(more)];
      expect((await runTool("provision", given({}))).code).toBe(0);
      const long = { subscribe: topics(4) };
      const { code, stderr } = await runTool("provision", given(long));
      expect(code).toBe(1);
      expect(stderr).toMatch(/Storage has room for \d+ bytes, device\.json takes \d+; nothing was written/);
      expect(await stored(full)).toEqual(deviceJson("aliyun"));
    } finally {
      await full.remove();
    }
  });

  test("a signature that this board cannot compute is refused by what the board can do", async () => {
    await board.remove();
    await start({ crypto: false });
    const aliyun = { ...(deviceJson("aliyun").aliyun as object), signMethod: "hmacsha256" };
    const { code, stderr } = await provision("--config", config({ aliyun }));
    expect(code).toBe(1);
    expect(stderr).toContain("aliyun.signMethod hmacsha256 needs a board with a native SHA-256");
    expect(await stored(board)).toBeUndefined();
  });

  test.each([
    [["--config", "none.json"], 2, /cannot read none\.json/],
    [["--ca", "none.pem", "--platform", "broker", "--url", "ws://h/"], 2, /cannot read none\.pem/],
    [["--platform", "azure"], 2, /Allowed choices/],
    [["--row", "1"], 2, /--row is a row of --csv/],
    [["--region", "x"], 2, /name the --platform/],
    [[], 2, /say who the device is/],
    [["--show"], 1, /there is no device\.json on the board/],
  ])("%j is exit code %i", async (args, code, text) => {
    const result = await provision(...args);
    expect(result.code).toBe(code);
    expect(result.stderr).toMatch(text);
  });

  test.each([
    ["is not JSON", "{secret-5ecret"],
    ["must hold an object", '["secret-5ecret"]'],
  ])("a file that %s is not quoted", async (text, content) => {
    const { code, stderr } = await provision("--config", file("bad.json", content));
    expect(code).toBe(2);
    expect(stderr).toContain(text);
    expect(stderr).not.toContain("5ecret");
  });
});
