/** Which image a board runs, and what that cannot do: named, and a device.json that asks for it refused. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConsoleBoard } from "../fixtures/console-boards";
import { deviceJson } from "../fixtures/device-json";
import type { Chip } from "../fixtures/esp32-answers";
import { startEsp32 } from "../fixtures/esp32-answers";
import { runTool, Tool } from "../fixtures/tool";

jest.setTimeout(60_000);

let directory: string;
let board: ConsoleBoard;
let chip: Chip;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "images-"));
  ({ board, chip } = await startEsp32());
});
afterEach(async () => {
  await board.remove();
  rmSync(directory, { recursive: true });
});

const config = (change: object = {}) => {
  const path = join(directory, "device.json");
  writeFileSync(path, JSON.stringify({ ...deviceJson("aliyun"), ...change }));
  return path;
};
const provision = (...more: string[]) => runTool("provision", ["--port", board.port, ...more]);
const stored = async () => {
  await board.powerOff();
  return board.readFile("device.json");
};

test("the image is named by flash", async () => {
  const firmware = join(directory, "firmware.js");
  writeFileSync(firmware, `print('#{"event":"boot"}');print('#{"event":"online"}');`);
  expect((await runTool("flash", ["--port", board.port, "--firmware", firmware])).stdout).toMatch(
    /^board +ESP32, Espruino 2v29, serial 1\nimage +TLS does not fit its heap: wss:\/\/ cannot work\n/m,
  );
});

test("the image is named by provision", async () => {
  Object.assign(chip, { board: "ESP32_IDF4", version: "2v25" });
  const { code, stdout } = await provision("--config", config());
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^image +no TLS[^]*^image +no native hashes[^]*^image +its watchdog[^]*^image +256 kB of Storage/m,
  );
});

test("the image is named by monitor, in its log as well", async () => {
  const log = join(directory, "log.jsonl");
  const tool = new Tool("monitor", ["--port", board.port, "--log", log]);
  await tool.shows(/image +ESP32, Espruino 2v29\n.*image +TLS does not fit/);
  tool.interrupt();
  await tool.result;
  expect(readFileSync(log, "utf8")).toContain('"image":"ESP32","version":"2v29","limits":["TLS does not fit');
});

test("a device.json that connects to wss:// is refused where TLS cannot fit, with what to do; nothing is written", async () => {
  const { code, stderr } = await provision("--config", config({ url: "wss://host/mqtt" }));
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /connects to wss:\/\/; nothing was written: TLS does not fit.*34700 are free.*PSRAM.*ESP_HEAP_SIZE.*--force/s,
  );
  expect(await stored()).toBeUndefined();
});

test("UCloud's default is wss", async () => {
  const ucloud = { platform: "ucloud", ucloud: { productSN: "product", deviceSN: "lamp-1", deviceSecret: "s" } };
  const path = join(directory, "u.json");
  writeFileSync(path, JSON.stringify(ucloud));
  expect((await provision("--config", path)).stderr).toMatch(
    /nothing was written: TLS does not fit.*--set ucloud\.secure=false: anybody on the way/,
  );
  writeFileSync(path, JSON.stringify({ ...ucloud, ucloud: { ...ucloud.ucloud, secure: false } }));
  expect((await provision("--config", path)).code).toBe(0);
});

test("a device of Alibaba Cloud that is to register there: the computer can do that", async () => {
  const aliyun = { productKey: "pk", deviceName: "device", productSecret: "s" };
  const path = join(directory, "r.json");
  writeFileSync(path, JSON.stringify({ platform: "aliyun", aliyun }));
  expect((await provision("--config", path)).stderr).toMatch(/registers over wss:\/\/ alone .*--register/);
});

test("--force writes it all the same, and an image with room for TLS needs none", async () => {
  const device = config({ url: "wss://host/mqtt" });
  expect((await provision("--config", device, "--force")).code).toBe(0);
  chip.heap = 62_000;
  const { code, stdout } = await provision("--config", device);
  expect(code).toBe(0);
  expect(stdout).not.toMatch(/TLS/);
});
