import type { Clock } from "./clock";
import type { ConsoleDevice } from "./console-device";
import { BLUETOOTH, SERIAL } from "./console-device";
import { Stranger } from "./stranger";
import type { Traits } from "./traits";

/** What it throws, with the code it has. */
export class BluetoothError extends Error {}

/**
 * BLE and its console (targets/esp32/bluetooth.c, BLE/esp32_gatts_func.c, libs/bluetooth/jswrap_bluetooth.c). Whether it advertises and whether
 * it believes to are two things: sleep and wake go by the belief (bluetooth.c:108, 117), while each start of the interpreter
 * (jswrap_bluetooth.c:215, esp32_gap_func.c:57) and each disconnect (esp32_gatts_func.c:212) advertise and leave the belief as it was.
 */
export class Bluetooth {
  advertises = false;
  /** NRF's handlers are those of the interpreter that runs. */
  onEvent: (name: "connect" | "disconnect", value: unknown) => void = () => undefined;
  /** BLE_IS_ADVERTISING, set before the interpreter starts (bluetooth.c:57). */
  private believes = true;
  private stranger?: Stranger;
  private late: unknown;

  constructor(
    private readonly clock: Clock,
    private readonly traits: Traits,
    /** ESP32.enableBLE, as it was at power-on. */
    private readonly enabled: boolean,
    private readonly console: ConsoleDevice,
  ) {}

  /** The interpreter begins: advertising data and services are set up anew, each of which advertises when it is done. */
  begin(): void {
    if (!this.enabled) return;
    this.cancel();
    const advertise = () => {
      this.late = undefined;
      this.advertises = true;
    };
    if (this.traits["late-advertising"] > 0) {
      this.late = this.clock.setTimeout(advertise, this.traits["late-advertising"]);
    }
    this.advertises = true;
  }

  stop(): void {
    this.cancel();
    this.advertises = false;
  }

  /** Does not end a connection: it hands another kind of handle over (esp32_gattc_func.c:165). */
  sleep(): void {
    if (!this.enabled || !this.believes) return;
    this.advertises = this.believes = false;
  }

  wake(): void {
    if (!this.enabled) throw new BluetoothError("BLE: ESP_ERR_INVALID_STATE (:774)");
    if (this.believes) {
      // 2v29 returns without a value from a function that has one (bluetooth.c:111): whatever is in the register is an error.
      if (this.traits.driver === "2v29") throw new BluetoothError("BLE: ERROR 0x4 (:774)");
      return;
    }
    this.advertises = this.believes = true;
  }

  /** What jsiGetPreferredConsoleDevice finds. */
  preferred(): string {
    return this.stranger ? BLUETOOTH : SERIAL;
  }

  /** Somebody connects; undefined where it does not advertise. */
  connect(type: (line: string) => void): Stranger | undefined {
    if (!this.advertises || this.stranger) return undefined;
    this.advertises = false;
    if (!this.console.forced) this.console.move(BLUETOOTH, false);
    const stranger = new Stranger(
      (line) => {
        if (this.console.device === BLUETOOTH) type(line);
      },
      () => this.disconnected(),
    );
    this.stranger = stranger;
    this.onEvent("connect", "");
    return stranger;
  }

  show(line: string): void {
    this.stranger?.lines.push(line);
  }

  private disconnected(): void {
    this.advertises = true;
    if (this.traits["stay-on-ble"]) {
      // The console asks for the best device before the connection counts as gone (esp32_gatts_func.c:226, 230).
      if (this.console.device === BLUETOOTH && !this.console.forced) this.console.move(this.preferred(), false);
      this.stranger = undefined;
    } else {
      this.stranger = undefined;
      if (this.console.device === BLUETOOTH && !this.console.forced) this.console.move(this.preferred(), false);
    }
    this.onEvent("disconnect", 19);
  }

  private cancel(): void {
    if (this.late !== undefined) this.clock.clearTimeout(this.late);
    this.late = undefined;
  }
}
