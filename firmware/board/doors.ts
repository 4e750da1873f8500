import type { EspruinoBle, EspruinoRequire, EspruinoUtilities } from "./espruino";
import { writeFile } from "./storage";
import { wifiModule } from "./wifi";

declare const E: EspruinoUtilities;
declare const NRF: EspruinoBle;
declare const require: EspruinoRequire;
/** On an ESP32 alone. */
declare const ESP32: unknown;

/** What `Wifi.save()` leaves: the driver would join that network after the program has begun (jswrap_esp32_network.c). */
const SAVED_WIFI = ".wificfg";

/** Runs each step; one that throws is of a module that this image has not. */
function each(steps: (() => void)[]): void {
  for (let i = 0; i < steps.length; i++) {
    try {
      steps[i]();
    } catch {
      // Nothing to shut.
    }
  }
}

/** Somebody's connection has ended: the chip advertises again although it was put to sleep, and believes that it does not. */
function onBleGone(): void {
  each([() => NRF.wake(), () => NRF.sleep()]);
}

/**
 * Shuts what an ESP32's image leaves open to anybody in reach: the console over telnet and over Bluetooth, and an access
 * point without password. To be called at each start, for each start opens them again. The console stays at the serial
 * line, wherever it was. Elsewhere than on an ESP32 it does nothing.
 */
export function shutDoors(): void {
  if (typeof ESP32 === "undefined") return;
  each([
    () => E.setConsole("Serial1", { force: true }),
    () => require("TelnetServer").setOptions({ mode: "off" }),
    () => wifiModule()!.stopAP(),
    () => NRF.on("disconnect", onBleGone),
    () => NRF.sleep(),
    // Writes to flash only where there is such a file.
    () => writeFile(SAVED_WIFI, ""),
  ]);
}

/** Opens the console over telnet, to anybody in the network: whoever connects has it instead of the serial line. */
export function openTelnet(): void {
  each([
    () => E.setConsole("Serial1", { force: false }),
    () => require("TelnetServer").setOptions({ mode: "on" }),
  ]);
}
