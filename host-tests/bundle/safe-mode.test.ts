/** The compiled bundle and crash loops: three boots that did not last end in safe mode. */
import type { Platform } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { EXAMPLES } from "../../tools/run/device-file";
import { Bench } from "../fixtures/recovery-bench";
import { SilentServer } from "../fixtures/silent-server";
import type { DeviceUnderTest } from "../fixtures/boards";
import { onEachBoard, SPEED } from "../fixtures/boards";
import { device as json } from "../fixtures/virtual-board";

const MINUTE = 60_000;

jest.setTimeout(Math.max(60_000, 600_000 / SPEED));

onEachBoard((make) => {
  let platform: Platform;
  let device: DeviceUnderTest;

  beforeEach(async () => {
    platform = await startPlatform({ platform: "aliyun", speed: SPEED });
    device = make();
  });

  afterEach(async () => {
    await device.stop();
    await platform.close();
  });

  const start = (sketch = "") => device.start({ ...EXAMPLES.aliyun, url: platform.url, telemetry: undefined }, sketch);

  /** Cuts the power, and gives it again. */
  async function cut(): Promise<void> {
    await device.board.powerOff();
    await device.board.powerOn();
  }

  async function inSafeMode(): Promise<void> {
    await start();
    await device.status("online");
    await cut();
    await device.status("online", 2);
    await cut();
    await device.status("online", 3);
    expect(device.all("safe-mode")).toEqual([]);
    await cut();
    expect(await device.status("safe-mode")).toMatchObject({
      boots: 3,
      reason: expect.stringMatching(/device\.start\(\)/),
    });
  }

  test("killed three times in its first minute: safe mode, with a console and the network and no session", async () => {
    await inSafeMode();
    device.board.type('print("session "+device.status().configured)');
    await device.line((line) => line.endsWith("session false"));
    await device.status("network", 4);
    expect(device.all("online")).toHaveLength(3);
    await cut();
    await device.status("safe-mode", 2);
    expect(device.all("online")).toHaveLength(3);
  });

  test("a count that a power cut has torn is none", async () => {
    await start();
    await device.status("online");
    await device.board.powerOff();
    await device.board.writeFile("boot.count", "\xff");
    await device.board.powerOn();
    await device.status("online", 2);
    expect(device.all("safe-mode")).toEqual([]);
  });

  test("a new flash, which erases boot.count, ends it", async () => {
    await inSafeMode();
    await device.board.powerOff();
    expect(await device.board.readFile("boot.count")).toBe("3");
    await device.board.writeFile("boot.count", "");
    await device.board.powerOn();
    await device.status("online", 4);
    expect(device.all("safe-mode")).toHaveLength(1);
  });

  test("device.start() ends it, and a start that fails again leads back to it", async () => {
    await inSafeMode();
    device.board.type("device.start()");
    await device.status("online", 4);
    await cut();
    await device.status("safe-mode", 2);
  });

  test("three boots of which one lasted a minute are no crash loop, and Storage is written twice a boot at most", async () => {
    const sketch = 'setTimeout(function(){print("count "+require("Storage").read("boot.count"))},61000);';
    await start(sketch);
    await device.status("online");
    await cut();
    await device.line((line) => line === "count undefined");
    await cut();
    await device.status("online", 3);
    await cut();
    await device.status("online", 4);
    expect(device.all("safe-mode")).toEqual([]);
    await device.board.powerOff();
    expect(await device.board.readFile("boot.count")).toBe("2");
  });

  test("a program that throws at each boot is told in safe mode", async () => {
    const silent = await SilentServer.start();
    const sketch = "setTimeout(function(){nowhere.near=1},10000);";
    await device.start({ ...EXAMPLES.aliyun, url: silent.url, telemetry: undefined }, sketch);
    await device.status("error");
    await device.board.powerOff();
    await silent.stop();
    await device.board.writeFile("boot.count", "3");
    await device.board.powerOn();
    const { fault } = await device.status("safe-mode");
    expect(fault).toMatch(/nowhere/);
  });
});

describe("in virtual time", () => {
  test("an hour of safe mode, and the session is tried again: nobody may be there to do it", async () => {
    const bench = await Bench.booted(0, ({ board }) => void board.writeFile("boot.count", "3"));
    bench.clock.advance(60 * MINUTE - 1);
    expect(bench.all("boot")).toHaveLength(1);
    expect(bench.all("network")).toMatchObject([{ ip: "192.168.4.17" }]);
    expect(bench.attempts).toEqual([]);
    bench.clock.advance(2 * MINUTE);
    expect(bench.all("boot")).toHaveLength(2);
    expect(bench.online).toBe(true);
    expect(bench.evaluate('require("Storage").read("boot.count")')).toBe("undefined");
  });

  test.each(["{platform:", "[1]", "null", '{"wifi":{"ssid":7}}', '{"wifi":"plant-2"}', ""])(
    "a configuration that is %j keeps nobody from the console",
    async (text) => {
      const bench = new Bench();
      await bench.board.writeFile("boot.count", "3");
      await bench.boot(json());
      await bench.board.powerOff();
      await bench.board.writeFile("device.json", text);
      await bench.board.powerOn();
      bench.clock.advance(MINUTE);
      expect(bench.all("safe-mode")).toHaveLength(2);
      expect(bench.evaluate("typeof device.start")).toBe("function");
      expect(bench.printed).toEqual([]);
    },
  );
});
