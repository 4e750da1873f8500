import type { FlashStorage } from "./storage";
import type { WifiDriver } from "./wifi-driver";
import { ACCESS_POINT, NULL_MODE, STATION } from "./wifi-driver";

/** What Wifi.save() writes (jswrap_esp32_network.c:1362). */
const FILE = ".wificfg";

const MODES: Record<string, number> = {
  NULL: NULL_MODE,
  STA: STATION,
  AP: ACCESS_POINT,
  APSTA: STATION | ACCESS_POINT,
};

export function saveWifi(flash: FlashStorage, driver: WifiDriver): void {
  const { station, accessPoint } = driver;
  const saved = { ...station, mode: driver.mode, ssidAP: accessPoint.ssid, passwordAP: accessPoint.password };
  flash.erase(FILE);
  flash.write(FILE, JSON.stringify(saved));
}

export function clearWifi(flash: FlashStorage): void {
  flash.erase(FILE);
}

/**
 * jswrap_wifi_restore, which main.c:126 calls once after power-on, when the program has run; Wifi.restore() is the same. Without a
 * file 2v29 starts the driver as it is, which opens the access point unless the program has closed it; later images do nothing.
 */
export function restoreWifi(flash: FlashStorage, driver: WifiDriver, startsAccessPoint: boolean): void {
  const text = flash.read(FILE);
  let saved: Record<string, unknown>;
  try {
    if (text === undefined) throw new Error("there is none");
    saved = JSON.parse(text) as Record<string, unknown>;
  } catch {
    if (startsAccessPoint) driver.start();
    return;
  }
  const word = (name: string) => (typeof saved[name] === "string" ? saved[name] : "");
  const mode = typeof saved.mode === "number" ? saved.mode : (MODES[String(saved.mode)] ?? NULL_MODE);
  // The saved access point is not: 2v29 fills one structure and hands over another, which is empty (1459, 1487).
  driver.restore(mode & (STATION | ACCESS_POINT), { ssid: word("ssid"), password: word("password") });
}
