import type { Hardware } from "./hardware";
import type { Realm } from "./realm";

/** ESP-IDF of each image, and bytes of heap as seen on an ESP32 that runs the firmware with BLE off. */
const SDK: Record<string, string> = { ESP32: "v3.3.6", LINUX: "" };
const LATER_SDK = "v4.4.8";
const FREE_HEAP = 34_700;
/** The same where a TLS connection fits. */
const TLS_HEAP = 60_000;
const LEAST_HEAP = 17_500;

export interface Esp32Hooks {
  print(line: string): void;
  reboot(): void;
}

/** The global `ESP32` (targets/esp32/jswrap_esp32.c): its switches for the radios erase the saved program and restart the chip. */
export function makeEsp32(realm: Realm, hardware: Hardware, hooks: Esp32Hooks): object {
  const enable = (radio: "ble" | "wifi") => (on: unknown) => {
    try {
      hardware.settings.set(radio, Boolean(on));
    } catch (error) {
      throw new realm.own.Error((error as Error).message);
    }
    hooks.print("Erasing saved code.");
    hardware.flash.erase(".bootcde");
    hardware.flash.erase(".bootrst");
    hooks.print("Done!");
    hooks.reboot();
  };
  return realm.object({
    reboot: () => hooks.reboot(),
    enableBLE: enable("ble"),
    enableWifi: enable("wifi"),
    getState: () =>
      realm.object({
        sdkVersion: SDK[hardware.image] ?? LATER_SDK,
        freeHeap: hardware.traits.tls === "fits" ? TLS_HEAP : FREE_HEAP,
        BLE: hardware.settings.ble,
        Wifi: hardware.settings.wifi,
        minHeap: LEAST_HEAP,
      }),
  });
}
