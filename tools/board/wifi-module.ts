import { queueEvent } from "./events";
import type { Hardware } from "./hardware";
import type { Loop } from "./loop";
import type { Realm } from "./realm";
import { clearWifi, restoreWifi, saveWifi } from "./wifi-config";
import { garbled } from "./wifi-details";
import type { WifiDriver } from "./wifi-driver";
import type { Completion } from "./wifi-events";

/** Characters of a name and a password that reach the driver (jsvGetString with sizeof-1: jswrap_esp32_network.c:822, 856). */
const LONGEST_SSID = 31;
const LONGEST_PASSWORD = 63;
/** After ESP32.enableWifi(false). */
const NOT_INSTALLED = "jswrap_wifi_connect: esp_wifi_get_mode: 12289(WiFi driver was not installed by esp_wifi_init)";
/** Variables that an event's details keep until load(): jsvNewObject without jsvUnLock (505 to 600). */
const LEAKS = { associated: 5, connected: 6, disconnected: 12 };

export interface WifiModuleHooks {
  print(line: string): void;
  /** Packets flow, or no longer. */
  flow(): void;
  leak(variables: number): void;
}

/** `require("Wifi")` of one boot: what a program sees of the driver. Whatever is not here is not simulated. */
export function makeWifi(realm: Realm, loop: Loop, hardware: Hardware, hooks: WifiModuleHooks): object {
  const { driver, flash, traits, lookup } = hardware;
  const module = realm.object();
  let events = 0;
  driver.attach({
    event(name, details) {
      if (traits["event-leak"]) hooks.leak(LEAKS[name]);
      const told = traits["garbled-details"] ? garbled(details, events++) : details;
      queueEvent(loop, module, name, [realm.object(told)]);
    },
    flow: hooks.flow,
    error: (text) => hooks.print(`ERROR: ${text}`),
  });
  lookup.forget();
  /** A callback as the C source takes it: a function, or nothing; anything else throws. */
  const completion = (fn: unknown): Completion | undefined => {
    if (fn === undefined) return undefined;
    if (typeof fn !== "function") throw new realm.own.Error(`Expecting callback function but got ${String(fn)}`);
    return (...args) => loop.queueEvent(() => loop.guard(() => void (fn as (...args: unknown[]) => void)(...args)));
  };
  const tell = (result: object, fn: unknown, withError: boolean) => {
    if (fn === null) return result;
    const done = completion(fn) as ((...args: unknown[]) => void) | undefined;
    if (withError) done?.(null, result);
    else done?.(result);
    return result;
  };
  const settings = (options: unknown): Record<string, unknown> => {
    if (options === undefined) return {};
    if (typeof options === "object" && options !== null) return options as Record<string, unknown>;
    throw new realm.own.Error(`Expecting Object, got ${typeof options}`);
  };
  const text = (value: unknown, longest: number) => String(value).slice(0, longest);
  const members: Record<string, unknown> = {
    connect(ssid: unknown, options: unknown, fn: unknown) {
      if (typeof ssid !== "string") throw new realm.own.Error("No SSID provided");
      const { password } = settings(options);
      const done = completion(fn);
      if (password !== undefined && typeof password !== "string") {
        throw new realm.own.Error(`Expecting options.password to be a string but got ${typeof password}`);
      }
      if (!hardware.settings.wifi) return hooks.print(`ERROR: ${NOT_INSTALLED}`);
      driver.connect(text(ssid, LONGEST_SSID), text(password ?? "", LONGEST_PASSWORD), done);
    },
    disconnect(fn: unknown) {
      const done = completion(fn);
      driver.disconnect(done);
      // Called now, and once more at the event.
      done?.();
    },
    startAP(ssid: unknown, options: unknown, fn: unknown) {
      if (typeof ssid !== "string") throw new realm.own.Error("No SSID");
      const { password } = options === null ? {} : settings(options);
      if (password !== undefined && (typeof password !== "string" || password.length < 8)) {
        throw new realm.own.Error("Password must be string of at least 8 characters");
      }
      const secret = text(password ?? "", LONGEST_PASSWORD);
      const point = { ssid: text(ssid, LONGEST_SSID), password: secret, authMode: secret ? "wpa2" : "open" };
      driver.startAccessPoint(point, completion(fn));
    },
    stopAP(fn: unknown) {
      const done = completion(fn);
      driver.stopAccessPoint();
      done?.();
    },
    getStatus: () => realm.object(status(driver)),
    getIP: (fn: unknown) => tell(realm.object(addresses(driver.address, hardware.mac)), fn, true),
    getAPIP: (fn: unknown) => tell(realm.object(addresses(apAddress(driver), hardware.mac)), fn, true),
    getDetails: (fn: unknown) => tell(realm.object(details(driver)), fn, false),
    // Kept by the driver when its access point stops.
    getAPDetails: (fn: unknown) => tell(realm.object({ ...driver.accessPoint, hidden: false, maxConn: 4 }), fn, false),
    save: (what: unknown) => (what === "clear" ? clearWifi(flash) : saveWifi(flash, driver)),
    restore: () => restoreWifi(flash, driver, traits["access-point"]),
    setHostname: (_name: unknown, fn: unknown) => (typeof fn === "function" ? completion(fn)?.() : undefined),
    getHostByName(name: unknown, fn: unknown) {
      if (typeof name !== "string") throw new realm.own.Error("Hostname parameter is not a string");
      if (typeof fn !== "function") throw new realm.own.Error("Callback is not a function");
      const done = completion(fn)!;
      if (traits.lookup === "broken") lookup.broken(name, done);
      else lookup.repaired(name, driver.flows, done, (later) => loop.queueEvent(later));
    },
    scan() {
      throw new realm.own.Error("the simulated board does not scan");
    },
  };
  for (const [name, member] of Object.entries(members)) realm.define(module, name, member);
  return module;
}

/** Milliseconds-old truth, unlike the events' details (jswrap_wifi_getStatus, 1134). */
function status(driver: WifiDriver): Record<string, unknown> {
  const shown = { mode: driver.shownMode, powersave: "none" };
  if (!driver.connected) return { station: driver.reason, ...shown };
  const { ssid } = driver.station;
  return { station: "connected", ssid, bssid: "24:0a:c4:00:00:01", channel: 6, rssi: -60, htMode: "HT20", ...shown };
}

function details(driver: WifiDriver): Record<string, unknown> {
  if (!driver.connected) return { status: driver.reason };
  return { ...driver.station, status: "connected", authMode: "wpa2" };
}

function apAddress(driver: WifiDriver): string {
  return driver.accessPointOpen ? "192.168.4.1" : "";
}

function addresses(ip: string, mac: string): Record<string, string> {
  const none = "0.0.0.0";
  return { ip: ip || none, netmask: ip ? "255.255.255.0" : none, gw: ip ? "192.168.4.1" : none, mac };
}
