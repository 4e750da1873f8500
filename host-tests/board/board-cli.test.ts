/** `npm run board`: a board on this computer for the other commands. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeTraits } from "../../tools/board/traits";
import { runTool, Tool } from "../fixtures/tool";

jest.setTimeout(30_000);

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "board-cli-"))));
afterEach(() => rmSync(directory, { recursive: true }));

test("serves a board whose Storage survives its power cut", async () => {
  const use = async (command: string) => {
    const board = new Tool("board", ["--port", "0", "--directory", directory]);
    const [, port] = await board.shows(/(tcp:\/\/127\.0\.0\.1:\d+)/);
    const { stdout } = await runTool("monitor", ["--port", port, "--send", command]);
    board.interrupt();
    expect((await board.result).code).toBe(0);
    return stdout;
  };
  expect(await use('require("Storage").write("kept","yes")')).toBe("= true\n");
  expect(await use('require("Storage").read("kept")')).toBe('= "yes"\n');
});

test.each([
  [["--port", "70000"], 2, /0–65535/],
  [["--board", "toy"], 2, /Allowed choices/],
  [["--image", "ESP8266"], 2, /Allowed choices are ESP32, ESP32_IDF4/],
  [["--trait", "telnett"], 2, /no trait "telnett": lookup, driver/],
  [["--trait", "tls=on"], 2, /tls must be fits or tight or too-large or absent/],
])("%j is exit code %i", async (args, code, text) => {
  const result = await runTool("board", [...args, "--directory", directory]);
  expect(result.code).toBe(code);
  expect(result.stderr).toMatch(text);
});

test("says which image it simulates, and the board says the same", async () => {
  const args = ["--image", "ESP32C3_IDF4", "--release", "later", "--trait", "variables=2300"];
  const board = new Tool("board", ["--port", "0", "--directory", directory, ...args]);
  await board.shows(/simulating ESP32C3_IDF4 image later: 2,300 variables, TLS fits/);
  const [, port] = await board.shows(/(tcp:\/\/127\.0\.0\.1:\d+)/);
  const { stdout } = await runTool("monitor", ["--port", port, "--send", "process.env.BOARD+process.memory().total"]);
  expect(stdout).toBe('= "ESP32C3_IDF42300"\n');
  board.interrupt();
  expect((await board.result).code).toBe(0);
});

test("--serial: each of several boards has its own", async () => {
  const board = new Tool("board", ["--port", "0", "--directory", directory, "--serial", "240ac400-0002"]);
  const [, port] = await board.shows(/(tcp:\/\/127\.0\.0\.1:\d+)/);
  expect((await runTool("monitor", ["--port", port, "--send", "getSerial()"])).stdout).toBe('= "240ac400-0002"\n');
  board.interrupt();
  await board.result;
});

test.each([
  ["plant-2", "quiet-quiet", "connected"],
  ["plant-2", "wrong-wrong", "AUTH_FAIL"],
  ["plant-3", "quiet-quiet", "NO_AP_FOUND"],
])("--wifi-network, --speed: %s with %s is %s", async (ssid, password, state) => {
  const args = ["--wifi-network", "plant-2:quiet-quiet", "--speed", "100"];
  const board = new Tool("board", ["--port", "0", "--directory", directory, ...args]);
  await board.shows(/^Wi-Fi plant-2 around it$/m);
  const [, port] = await board.shows(/(tcp:\/\/127\.0\.0\.1:\d+)/);
  const monitor = new Tool("monitor", ["--port", port]);
  await monitor.shows(/image/);
  const join = `var w=require("Wifi");w.connect("${ssid}",{password:"${password}"});setInterval(function(){print("Wi-Fi is "+w.getStatus().station)},9000);1`;
  await runTool("monitor", ["--port", port, "--send", join]);
  await monitor.shows(new RegExp(`Wi-Fi is ${state}`));
  monitor.interrupt();
  await monitor.result;
  board.interrupt();
  await board.result;
});

test("the options of a simulated board are none of the real interpreter's", async () => {
  const result = await runTool("board", ["--board", "espruino", "--speed", "2", "--directory", directory]);
  expect([result.code, result.stderr]).toEqual([2, expect.stringMatching(/are for a simulated board/)]);
});

test("--help lists every trait", async () => {
  const { stdout } = await runTool("board", ["--help"]);
  expect(stdout).not.toContain("[object");
  expect(stdout).not.toContain("(default: {})");
  expect(stdout).toMatch(/--trait telnet=off/);
  expect(stdout).toContain(describeTraits());
});
