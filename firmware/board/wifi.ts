import type { EspruinoRequire, EspruinoWifi } from "./espruino";

declare const require: EspruinoRequire;
declare function setTimeout(fn: () => void, ms: number): unknown;

/** Waits between tries to join, in milliseconds. */
const PAUSE = 10000;

/**
 * Joins a Wi-Fi network and keeps joining it: the interpreter gives up after a few silent tries of its own.
 * `up` is called each time the network is there, `down` with a reason each time it is not. A board without a Wi-Fi
 * module (Ethernet, Linux) has its network already: `up` is called at once, with `wireless` false.
 */
export function joinNetwork(
  ssid: string,
  password: string | undefined,
  up: (wireless: boolean) => void,
  down: (reason: string) => void,
): void {
  let wifi: EspruinoWifi;
  let waiting = false;
  const onPause = () => {
    waiting = false;
    join();
  };
  /** It failed or was lost: tries again after a pause, once for however many reasons there were. */
  const again = (reason: string) => {
    if (waiting) return;
    waiting = true;
    setTimeout(onPause, PAUSE);
    down(reason);
  };
  const join = () => {
    wifi.connect(ssid, { password: password }, (error) => {
      if (error) again(error);
    });
  };
  try {
    wifi = require("Wifi");
  } catch {
    return up(false);
  }
  wifi.on("connected", () => up(true));
  wifi.on("disconnected", () => again("disconnected"));
  join();
}
