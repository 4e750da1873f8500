/** The commands on a board that restarts at each opening and closing of its port, with ESP-IDF's log lines inside what it prints. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Release } from "../../tools/board/images";
import { RELEASES } from "../../tools/board/images";
import type { Platform } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { EXAMPLES } from "../../tools/run/device-file";
import { ANY_WIFI } from "../fixtures/boards";
import { ConsoleBoard } from "../fixtures/console-boards";
import { runTool } from "../fixtures/tool";

jest.setTimeout(180_000);

/** Openings in a row, each a boot of some seconds: three would be safe mode. */
const OPENINGS = 5;

test.each<Release>([...RELEASES])(
  "ESP32 image %s: provisioned, flashed, asked again and again, and online",
  async (release) => {
    const platform: Platform = await startPlatform({ platform: "aliyun" });
    const directory = mkdtempSync(join(tmpdir(), "unkind-"));
    const board = new ConsoleBoard("simulated", "tcp", { release, traits: { "reset-on-open": true, "idf-log": true } });
    try {
      await board.start();
      const at = ["--port", board.port];
      const config = join(directory, "device.json");
      writeFileSync(config, JSON.stringify({ ...EXAMPLES.aliyun, url: platform.url, wifi: ANY_WIFI }));
      expect(await runTool("provision", [...at, "--config", config])).toMatchObject({ code: 0, stderr: "" });
      const flashed = await runTool("flash", [...at, "--no-build"]);
      expect({ code: flashed.code, online: /^status +online/m.test(flashed.stdout) }).toEqual({
        code: 0,
        online: true,
      });
      for (let opening = 0; opening < OPENINGS; opening++) {
        const asked = await runTool("monitor", [...at, "--send", "device.status().configured"]);
        expect(asked).toMatchObject({ code: 0 });
        expect(asked.stdout).toContain("= true");
      }
      await board.prints(/#\{"event":"boot"[^]*"event":"online"/, board.output.lastIndexOf('{"event":"boot"') - 1);
      expect(board.output).not.toContain("safe-mode");
      // The log lines were there.
      expect(board.output).toMatch(/[IWE] \(\d+\) \w+/);
    } finally {
      await board.remove();
      await platform.close();
      rmSync(directory, { recursive: true });
    }
  },
);
