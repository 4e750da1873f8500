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

/** Milliseconds after a start in which Bluetooth advertises by itself, when its services are set up (esp32_gap_func.c). */
const SETTLED = 1000;

/**
 * Puts Bluetooth to sleep. It advertises after each start and after each connection of somebody's, but believes that it does
 * not, and does not go to sleep twice: so it is woken first. A `wake` too many throws.
 */
export function shutBluetooth(): void {
  if (typeof ESP32 !== "undefined") each([() => NRF.wake(), () => NRF.sleep()]);
}

/** Whether whoever connects gets the console. */
let open = false;

/**
 * To be called now and then: the event that somebody's connection has ended may be lost. Not where the console is free to go:
 * between waking and sleeping Bluetooth advertises for some milliseconds.
 */
export function hushBluetooth(): void {
  if (!open) shutBluetooth();
}

/**
 * Shuts what an ESP32's image leaves open to anybody in reach: the console over telnet and over Bluetooth, and an access
 * point without password. To be called at each start, for each start opens them again. The console stays at the serial
 * line, wherever it was. Returns the milliseconds until `shutBluetooth` is to be called again: nothing may block before. Elsewhere
 * than on an ESP32 there is nothing to do.
 */
export function shutDoors(): number {
  if (typeof ESP32 === "undefined") return 0;
  each([
    () => E.setConsole("Serial1", { force: true }),
    () => require("TelnetServer").setOptions({ mode: "off" }),
    () => wifiModule()!.stopAP(),
    () => NRF.on("disconnect", shutBluetooth),
    // Writes to flash only where there is such a file.
    () => writeFile(SAVED_WIFI, ""),
  ]);
  shutBluetooth();
  return SETTLED;
}

/** Opens the console over telnet, to anybody in the network: whoever connects has it instead of the serial line. */
export function openTelnet(): void {
  if (typeof ESP32 === "undefined") return;
  each([
    () => {
      // Throws on images without it: the console stays where it is.
      require("TelnetServer").setOptions({ mode: "on" });
      E.setConsole("Serial1", { force: false });
      open = true;
    },
  ]);
}
