import type { Runtime } from "../seams";
import type { EspruinoRequire, EspruinoWifi, EspruinoWifiDetails } from "./espruino";

declare const require: EspruinoRequire;
declare function setTimeout(fn: () => void, ms: number): unknown;
declare function clearTimeout(handle: unknown): void;

/** Milliseconds until a try that tells nothing has failed: an access point that gives no address, a driver that hangs. */
const PATIENCE = 30000;
/** The first and the longest wait between tries, in milliseconds. */
const FIRST = 1000;
const LONGEST = 60000;

/** The interpreter's own module, or nothing on a board without Wi-Fi. */
export function wifiModule(): EspruinoWifi | undefined {
  try {
    return require("Wifi");
  } catch {
    return;
  }
}

/**
 * Joins a Wi-Fi network and joins it again for ever, with waits that grow to a minute: the interpreter gives up after three
 * silent tries. `tell` is called with the board's address when the network is there, and with a code and the driver's
 * word when it is not: `wifi-password`, `wifi-not-found`, `wifi-failed`, or `wifi-lost` where it had been there. A board
 * without Wi-Fi (Ethernet, Linux), or told of none, has its network already.
 */
export function joinNetwork(
  network: { ssid: string; password?: string } | undefined,
  runtime: Runtime,
  tell: (address?: string, code?: string, reason?: string) => void,
): void {
  const wifi = network && wifiModule();
  if (!wifi) return tell();
  let wait = FIRST;
  let timer: unknown;
  let trying = false;
  let address: string | undefined;
  /** Whatever happens: the network is there or is not (`details`), a wait or a try is over (none). */
  const step = (details?: EspruinoWifiDetails) => {
    const reason = details ? +details.reason! : 0;
    const ip = details && details.ip;
    // Waiting already; and the driver rejoins by itself at times, which matters where the address is another.
    if (ip ? ip === address : details && !trying && !address) return;
    if (timer != null) clearTimeout(timer);
    timer = null;
    if (ip) {
      if (address) tell("", "wifi-lost", "another address");
      trying = false;
      wait = FIRST;
      tell((address = ip));
    } else if (details || trying) {
      // A try that hangs would hang for ever: the driver starts afresh only once it has stopped.
      if (!details) wifi.disconnect();
      tell(
        "",
        address
          ? "wifi-lost"
          : reason === 201
            ? "wifi-not-found"
            : reason === 15 || reason === 202 || reason === 204
              ? "wifi-password"
              : "wifi-failed",
        details ? details.msg : "no answer",
      );
      trying = false;
      address = undefined;
      timer = setTimeout(step, (wait * (1 + Math.random())) / 2);
      wait = Math.min(LONGEST, wait * 2);
    } else {
      trying = true;
      timer = setTimeout(step, PATIENCE);
      wifi.connect(network!.ssid, { password: network!.password });
    }
    runtime.feed();
  };
  wifi.on("connected", step);
  wifi.on("disconnected", step);
  step();
}
