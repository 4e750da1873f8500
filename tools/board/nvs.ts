import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** What ESP32.enableBLE and enableWifi leave in the chip's own settings (jshardwareESP32.c:30): kept over power cuts. */
export class Settings {
  private radios = { ble: true, wifi: true };

  /** @param file where they are kept; in memory without one. */
  constructor(private readonly file: string | undefined) {
    if (file !== undefined && existsSync(file)) {
      this.radios = { ...this.radios, ...(JSON.parse(readFileSync(file, "utf8")) as object) };
    }
  }

  get ble(): boolean {
    return this.radios.ble;
  }

  get wifi(): boolean {
    return this.radios.wifi;
  }

  /** Throws where the chip would restart for ever: with both off. */
  set(radio: "ble" | "wifi", on: boolean): void {
    const next = { ...this.radios, [radio]: on };
    if (!next.ble && !next.wifi) {
      throw new Error("the simulated board refuses: with BLE and Wi-Fi both off this image restarts for ever");
    }
    this.radios = next;
    if (this.file === undefined) return;
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(this.file, JSON.stringify(next));
  }
}
