/** From a bare board to online, as a person does it: the commands themselves, on every board and line there is. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Platform } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { EXAMPLES } from "../../tools/run/device-file";
import { ANY_WIFI, built } from "../fixtures/boards";
import { onEachConsole } from "../fixtures/console-boards";
import type { Result } from "../fixtures/tool";
import { runTool } from "../fixtures/tool";

jest.setTimeout(180_000);

/** What went wrong, without the progress. */
const failures = ({ code, stdout, stderr }: Result) => ({
  code,
  failures: `${code === 0 ? "" : stdout}${stderr}`
    .split("\n")
    .filter((line) => line !== "" && !/^writing \d+ %/.test(line)),
});

let platform: Platform;
let directory: string;
let config: string;

beforeEach(async () => {
  platform = await startPlatform({ platform: "aliyun" });
  directory = mkdtempSync(join(tmpdir(), "field-"));
  config = join(directory, "device.json");
  writeFileSync(config, JSON.stringify({ ...EXAMPLES.aliyun, url: platform.url, wifi: ANY_WIFI }));
});

afterEach(async () => {
  await platform.close();
  rmSync(directory, { recursive: true });
});

onEachConsole(["tcp", "pty"], (make) => {
  test("provision, flash, online; a power cut; online again by itself; a second flash writes nothing", async () => {
    const board = await make();
    const at = ["--port", board.port];

    const provisioned = await runTool("provision", [...at, "--config", config]);
    expect(provisioned).toMatchObject({ code: 0, stderr: "" });
    expect(provisioned.stdout).toMatch(/^written +device\.json, \d+ bytes, read back$/m);

    const flashed = await runTool("flash", [...at, "--no-build"]);
    expect(failures(flashed)).toEqual({ code: 0, failures: [] });
    const rows = flashed.stdout.split("\n").map((line) => line.split(/ +/, 2).join(" "));
    let row = -1;
    for (const wanted of ["port", "board", "memory", "written", "verified", "status boot", "status online"]) {
      row = rows.findIndex((text, index) => index > row && text.startsWith(wanted));
      expect([wanted, row >= 0]).toEqual([wanted, true]);
    }
    expect(flashed.stderr).toContain("writing 100 %");

    await board.powerOff();
    expect(await board.readFile(".bootcde")).toBe(built("firmware.js"));
    const before = board.output.length;
    await board.powerOn();
    await board.prints(/#\{"event":"boot"[^]*#\{"event":"online"/, before);

    const again = await runTool("flash", [...at, "--no-build"]);
    expect(failures(again)).toEqual({ code: 0, failures: [] });
    expect(again.stdout).toMatch(/^same +already there, not written: \d+ bytes, (SHA-1|CRC-32) [0-9a-f]+$/m);
    expect(again.stdout).not.toContain("written   ");
    expect(again.stdout).toMatch(/^status +online/m);
  });

  test("other firmware over one that runs: measured, stopped and replaced when the old one is out of memory", async () => {
    const board = await make();
    const at = ["--port", board.port];
    await runTool("provision", [...at, "--config", config]);
    expect(failures(await runTool("flash", [...at, "--no-build"]))).toEqual({ code: 0, failures: [] });

    const firmware = join(directory, "other.js");
    writeFileSync(firmware, `var other=1;${built("firmware.js")}`);
    const flashed = await runTool("flash", [...at, "--firmware", firmware]);
    expect(failures(flashed)).toEqual({ code: 0, failures: [] });
    const [, free, total] = /^memory +(\d+) of (\d+) variables free$/m.exec(flashed.stdout)!.map(Number);
    // An interpreter that holds nothing but itself: the firmware alone has several hundred.
    expect(total - free).toBeLessThan(200);
    expect(flashed.stdout).toMatch(/^status +online/m);
  });
});
