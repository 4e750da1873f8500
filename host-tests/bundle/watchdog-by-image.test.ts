/** The compiled bundle and the watchdogs of the images: where one watches the idle task too, which never runs while a socket is open, none is on. */
import { textToBytes } from "../../tools/board/board";
import { built } from "../fixtures/boards";
import { Bench } from "../fixtures/recovery-bench";
import { HOUR, onEachRelease } from "../fixtures/site";
import type { ImageOptions } from "../fixtures/virtual-board";
import { device } from "../fixtures/virtual-board";

/** A board whose image is of another version than any that is simulated. */
async function ofVersion(version: string, options: ImageOptions): Promise<Bench> {
  const bench = new Bench(options);
  const firmware = `process.env.VERSION="${version}";${built("firmware.js")}`;
  await bench.board.writeFile(".bootcde", textToBytes(firmware));
  await bench.board.writeFile("device.json", textToBytes(JSON.stringify(device())));
  await bench.board.powerOn();
  return bench;
}

onEachRelease((options) => {
  test("ESP32_IDF4: none; six hours online are one boot", async () => {
    const bench = await Bench.booted(6 * HOUR, () => undefined, device(), { ...options, image: "ESP32_IDF4" });
    expect(bench.board.watchdog.timeout).toBeUndefined();
    expect(bench.all("boot")).toHaveLength(1);
    expect(bench.online).toBe(true);
  });

  test.each(["2v20", "2v22", "2v26", "2v28", "2v28.157"])("ESP32C3_IDF4 %s: none, and one boot", async (version) => {
    const traits = { "idle-watchdog": true };
    const bench = await ofVersion(version, { ...options, image: "ESP32C3_IDF4", traits });
    bench.clock.advance(6 * HOUR);
    expect(bench.board.watchdog.timeout).toBeUndefined();
    expect(bench.all("boot")).toHaveLength(1);
    expect(bench.online).toBe(true);
  });

  test.each(["2v29", "2v29.90", "2v30"])("ESP32C3_IDF4 %s: on, and never bites", async (version) => {
    const bench = await ofVersion(version, { ...options, image: "ESP32C3_IDF4" });
    bench.clock.advance(6 * HOUR);
    expect(bench.board.watchdog).toMatchObject({ timeout: 120, automatic: false });
    expect(bench.all("boot")).toHaveLength(1);
  });

  test.each([
    ["ESP32", "2v20"],
    ["ESP32", "2v29"],
    ["ESP32S3_IDF4", "2v28"],
    ["ESP32S3_IDF4", "2v29"],
  ] as const)("%s %s: on, and never bites", async (image, version) => {
    const bench = await ofVersion(version, { ...options, image });
    bench.clock.advance(6 * HOUR);
    expect(bench.board.watchdog).toMatchObject({ timeout: 120, automatic: false });
    expect(bench.all("boot")).toHaveLength(1);
  });

  test("without a session there is none either where it would bite", async () => {
    const bench = new Bench({ ...options, image: "ESP32_IDF4" });
    await bench.boot({});
    bench.clock.advance(6 * HOUR);
    expect(bench.board.watchdog.timeout).toBeUndefined();
    expect(bench.all("boot")).toHaveLength(1);
  });
});
