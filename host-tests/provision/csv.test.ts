/** Many boards from a CSV: which row goes to which board, and what stops it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConsoleBoard } from "../fixtures/console-boards";
import { runTool } from "../fixtures/tool";

jest.setTimeout(60_000);

const BASE = ["--platform", "aliyun", "--product-key", "pk", "--set", "mqtt.keepalive=60"];
const SERIALS = ["240ac400-000a", "240ac400-000b"];

let directory: string;
let boards: ConsoleBoard[];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "csv-"));
  boards = await Promise.all(SERIALS.map((serial) => new ConsoleBoard("simulated", "tcp", { serial }).start()));
});
afterEach(async () => {
  await Promise.all(boards.map((board) => board.remove()));
  rmSync(directory, { recursive: true });
});

function csv(...lines: string[]): string {
  const path = join(directory, "boards.csv");
  writeFileSync(path, lines.join("\n"));
  return path;
}

async function nameOf(board: ConsoleBoard): Promise<string | undefined> {
  const content = await board.readFile("device.json");
  return content && (JSON.parse(content) as { aliyun: { deviceName: string } }).aliyun.deviceName;
}
const names = () => Promise.all(boards.map(nameOf));
const provision = (file: string, ...args: string[]) => runTool("provision", [...BASE, "--csv", file, ...args]);

test("every row with a port goes there, one after the other", async () => {
  const file = csv(
    "aliyun.deviceName,aliyun.deviceSecret,port",
    `lamp-1,"s,1",${boards[0].port}`,
    `lamp-2,s2,${boards[1].port}`,
  );
  expect(await provision(file)).toMatchObject({ code: 0, stderr: "" });
  expect(await names()).toEqual(["lamp-1", "lamp-2"]);
  expect(JSON.parse((await boards[0].readFile("device.json"))!)).toEqual({
    platform: "aliyun",
    aliyun: { productKey: "pk", deviceName: "lamp-1", deviceSecret: "s,1" },
    mqtt: { keepalive: 60 },
  });
});

test("--row goes to the board at --port", async () => {
  const file = csv("aliyun.deviceName,aliyun.deviceSecret", "lamp-1,s1", "lamp-2,s2");
  expect(await provision(file, "--row", "2", "--port", boards[0].port)).toMatchObject({ code: 0 });
  expect(await names()).toEqual(["lamp-2", undefined]);
});

test("without ports, a board gets the row with its own serial number", async () => {
  const file = csv(
    "serial,aliyun.deviceName,aliyun.deviceSecret",
    `${SERIALS[0]},lamp-1,s1`,
    `${SERIALS[1].toUpperCase()},lamp-2,s2`,
  );
  const { code, stdout } = await provision(file, "--port", boards[1].port);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^row +2$/m);
  expect(await names()).toEqual([undefined, "lamp-2"]);
});

test("a row is refused by a board with another serial number, and the other rows are done", async () => {
  const file = csv(
    "serial,port,aliyun.deviceName,aliyun.deviceSecret",
    `240ac400-000c,${boards[0].port},lamp-1,s1`,
    `${SERIALS[1]},${boards[1].port},lamp-2,s2`,
  );
  const { code, stdout, stderr } = await provision(file);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^failed +no row is for this board: its serial number is 240ac400-000a; nothing was written$/m,
  );
  expect(stderr).toContain("1 of 2 rows done; not done: 1");
  expect(await names()).toEqual([undefined, "lamp-2"]);
});

test("a fault in any row stops all, before a board is touched", async () => {
  const file = csv(
    "aliyun.deviceName,aliyun.deviceSecret,port",
    `lamp-1,s1,${boards[0].port}`,
    `lamp/2,s2,${boards[1].port}`,
    `lamp-1,s3,${boards[1].port}`,
    `lamp-4,,${boards[1].port}`,
  );
  const { code, stderr } = await provision(file);
  expect(code).toBe(1);
  expect(stderr).toMatch(/row 2: aliyun\.deviceName/);
  expect(stderr).toMatch(/row 3: is the same device as row 1/);
  expect(stderr).toMatch(/row 4: aliyun\.deviceSecret is missing/);
  expect(await names()).toEqual([undefined, undefined]);
});

test("a batch shares the Wi-Fi password of the environment, not a device's secret", async () => {
  const file = csv("aliyun.deviceName,aliyun.deviceSecret,wifi.ssid", "lamp-1,s1,plant-2");
  const env = { WIFI_PASSWORD: "12345678", DEVICE_SECRET: "not-theirs" };
  const args = [...BASE, "--wifi", "plant-2", "--csv", file, "--row", "1", "--port", boards[0].port];
  expect((await runTool("provision", args, { env })).code).toBe(0);
  expect(JSON.parse((await boards[0].readFile("device.json"))!)).toMatchObject({
    wifi: { ssid: "plant-2", password: "12345678" },
    aliyun: { deviceSecret: "s1" },
  });
});

test.each([
  [["aliyun.deviceName,aliyun.deviceSecret", "lamp-1,s1"], [], 2, /which row is for which board/],
  [["aliyun.deviceName,aliyun.deviceSecret", "lamp-1,s1"], ["--row", "2"], 2, /there are rows 1 to 1/],
  [["aliyun.deviceName,aliyun.deviceSecret,port", "lamp-1,s1,/dev/x", "lamp-2,s2,"], [], 2, /no port in row 2/],
  [["aliyun.deviceName,aliyun.deviceSecret", "lamp-1,5ecret,more"], [], 2, /line 2 CSV_RECORD_INCONSISTENT_COLUMNS/],
  [["aliyun.deviceName"], [], 2, /has no rows/],
])("%j with %j is exit code %i", async (lines, args, code, text) => {
  const result = await provision(csv(...lines), ...args);
  expect(result.code).toBe(code);
  expect(result.stderr).toMatch(text);
  expect(result.stderr).not.toContain("5ecret");
});
