/** `npm run flash` and an ESP32's Bluetooth, and networks that somebody has saved. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConsoleBoard } from "../fixtures/console-boards";
import { deviceJson } from "../fixtures/device-json";
import type { Chip } from "../fixtures/esp32-answers";
import { startEsp32 } from "../fixtures/esp32-answers";
import { runTool } from "../fixtures/tool";

jest.setTimeout(60_000);

const FIRMWARE = `print('#{"event":"boot","version":"0"}');print('#{"event":"online"}');`;

let directory: string;
let file: string;
let board: ConsoleBoard;
let chip: Chip;
let asked: string[];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "ble-"));
  file = join(directory, "firmware.js");
  writeFileSync(file, FIRMWARE);
  ({ board, chip, asked } = await startEsp32());
});
afterEach(async () => {
  await board.remove();
  rmSync(directory, { recursive: true });
});

const flash = (...more: string[]) => runTool("flash", ["--port", board.port, "--firmware", file, ...more]);
const switched = () => asked.findIndex((text) => text.includes("enableBLE(false)"));

test("--no-ble switches Bluetooth off for good before anything is read or written, and names the gain", async () => {
  const { code, stdout, stderr } = await flash("--no-ble");
  expect({ code, stderr: stderr.replace(/^writing .*\n/gm, "") }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^ble +off for good: 4600 variables instead of 2600, and no console by Bluetooth$/m);
  expect(switched()).toBeGreaterThan(0);
  expect(asked.findIndex((text) => text.includes(Buffer.from(".bootcde").toString("base64")))).toBeGreaterThan(
    switched(),
  );
  await board.powerOff();
  expect(await board.readFile(".bootcde")).toBe(FIRMWARE);
});

test("--no-ble names the variables from behind the restart, which comes in the middle of a round of questions", async () => {
  chip.late = true;
  expect((await flash("--no-ble")).stdout).toMatch(/^ble +off for good: 4600 variables instead of 2600,/m);
});

test("without the option Bluetooth stays on, with what it costs", async () => {
  const { code, stdout } = await flash();
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ble +is on: .*2,000 variables.*anybody in radio range; --no-ble .*telnet/m);
  expect(switched()).toBe(-1);
});

test("Wi-Fi and Bluetooth are never both off: such a board restarts for ever", async () => {
  chip.wifi = false;
  const { code, stderr } = await flash("--no-ble");
  expect(code).toBe(1);
  expect(stderr).toMatch(/^failed: Wi-Fi is switched off.*restart for ever.*ESP32\.enableWifi\(true\) first$/m);
  expect(switched()).toBe(-1);
});

test.each([
  [{ ble: false }, /^ble +is off already$/m],
  [{ bleSwitch: false }, /^ble +is on, and this build has no switch for it$/m],
])("nothing to switch: %j", async (state, text) => {
  Object.assign(chip, state);
  const { code, stdout } = await flash("--no-ble");
  expect(code).toBe(0);
  expect(stdout).toMatch(text);
  expect(switched()).toBe(-1);
});

test("a board that does not switch it off is no success", async () => {
  chip.obeys = false;
  const { code, stderr } = await flash("--no-ble", "--timeout", "1s");
  expect(code).toBe(1);
  expect(stderr).toContain("did not switch BLE off");
});

describe("a network that Wi-Fi.save() has left wins over device.json", () => {
  beforeEach(async () => {
    await board.powerOff();
    await board.writeFile(".wificfg", '{"ssid":"elsewhere"}');
    await board.powerOn();
  });
  const left = async () => {
    await board.powerOff();
    return board.readFile(".wificfg");
  };

  test("flash removes it and names it", async () => {
    expect((await flash()).stdout).toMatch(/^removed +\.wificfg/m);
    expect(await left()).toBeUndefined();
  });

  test("provision removes it and names it", async () => {
    const config = join(directory, "device.json");
    writeFileSync(config, JSON.stringify(deviceJson("aliyun")));
    const { code, stdout } = await runTool("provision", ["--port", board.port, "--config", config]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^removed +\.wificfg/m);
    expect(await left()).toBeUndefined();
  });
});
