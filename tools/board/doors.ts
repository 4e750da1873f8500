import { BluetoothError } from "./bluetooth";
import { consoleDevice } from "./console-device";
import { queueEvent } from "./events";
import type { Hardware } from "./hardware";
import type { Loop } from "./loop";
import type { Realm } from "./realm";

/** `require("TelnetServer")` (jswrap_telnet.c:99): what it is told takes effect in the idle loop. */
export function makeTelnetServer(realm: Realm, loop: Loop, hardware: Hardware): object {
  return realm.object({
    setOptions(options: unknown) {
      if (typeof options !== "object" || options === null) {
        throw new realm.own.Error(`Expecting Object, got ${options === null ? "null" : typeof options}`);
      }
      const { mode } = options as { mode?: unknown };
      if (typeof mode !== "string") return;
      if (mode !== "on" && mode !== "off") throw new realm.own.Error("Unknown mode value");
      hardware.telnet.switch(mode === "on");
      loop.wake();
    },
  });
}

/** The global `NRF`, as far as the doors go. */
export function makeNrf(realm: Realm, loop: Loop, hardware: Hardware): object {
  const { bluetooth } = hardware;
  const nrf = realm.object();
  bluetooth.onEvent = (name, value) => queueEvent(loop, nrf, name, [value]);
  const members: Record<string, () => void> = {
    sleep: () => bluetooth.sleep(),
    wake() {
      try {
        bluetooth.wake();
      } catch (error) {
        throw error instanceof BluetoothError ? new realm.own.Error(error.message) : error;
      }
    },
    disconnect: () => undefined,
  };
  for (const [name, member] of Object.entries(members)) realm.define(nrf, name, member);
  return nrf;
}

/** `E.setConsole` and `E.getConsole`. */
export function addConsole(realm: Realm, E: object, hardware: Hardware): void {
  const { console, libraries } = hardware;
  realm.define(E, "setConsole", (given: unknown, options?: unknown) => {
    if (options !== undefined && (typeof options !== "object" || options === null)) {
      throw new realm.own.Error(`Expecting an Object, or undefined, got ${typeof options}`);
    }
    const device = consoleDevice(given, libraries.telnet, libraries.bluetooth);
    if (device === undefined) throw new realm.own.Error(`Unknown device type "${String(given)}"`);
    console.move(device, Boolean((options as { force?: unknown } | undefined)?.force));
  });
  realm.define(E, "getConsole", () => console.device);
}
