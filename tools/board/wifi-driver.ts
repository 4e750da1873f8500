import type { Clock } from "./clock";
import type { Traits } from "./traits";
import type { WifiOptions } from "./wifi-air";
import type { Completion, WifiEvent, WifiListener } from "./wifi-events";
import { isThere, takesIn } from "./wifi-air";
import { REASON, reasonText } from "./wifi-reasons";

/** Modes of the driver: bits for station and access point. */
export const NULL_MODE = 0;
export const STATION = 1;
export const ACCESS_POINT = 2;

const ADDRESS = "192.168.4.17";
/** Milliseconds. */
const JOIN_TIME = 500;
const TRY_TIME = 2000;
/** Retries that later images set at each connect (s_retry_num). */
const RETRIES = 3;
/** esp_wifi_set_config's answer to a password of 1–7 characters. */
const BAD_PASSWORD = "12299(Password is invalid)";

/**
 * The ESP32's Wi-Fi driver and the C statics beside it (jswrap_esp32_network.c, 2v29: event_handler 503, connect 806; master: 530, 880).
 * All of it outlives load() and reset(), and none of it a reboot. Not simulated: a scan, stations at the board's own access point.
 */
export class WifiDriver {
  /** Nobody sets it before the driver starts: ESP-IDF's own is the access point. */
  mode = ACCESS_POINT;
  station = { ssid: "", password: "" };
  accessPoint = { ssid: "", password: "", authMode: "open" };
  /** g_isStaConnected: associated, with or without an address. */
  connected = false;
  /** g_lastEventStaDisconnected. */
  lastReason = 0;
  /** Of the station; "" without one. */
  address = "";
  /** Associated, with an address, and nothing passes: until the board disconnects and connects. */
  deaf = false;
  /** Nothing helps but a reboot. */
  wedged = false;
  listener?: WifiListener;
  onGotIp?: Completion;
  onDisconnect?: Completion;
  onAccessPoint?: Completion;
  private readonly lost: WifiEvent[] = [];
  private started = false;
  private apStarted = false;
  /** s_retry_num. */
  private retries = 0;
  private associated = false;
  private attempt: unknown;

  constructor(
    private readonly clock: Clock,
    /** Read afresh each time: what is in the air may change. */
    private readonly air: Readonly<WifiOptions>,
    private readonly traits: Traits,
    mac: string,
    /** ESP32C3: "C3 doesn't like AP and station at once" (jswrap_esp32_network.c:880). */
    private readonly oneAtATime: boolean,
  ) {
    this.accessPoint.ssid = `ESP_${mac.slice(9).replace(/:/g, "").toUpperCase()}`;
  }

  get flows(): boolean {
    return this.address !== "" && !this.deaf && !this.wedged;
  }

  /** Anybody in radio range can join. */
  get accessPointOpen(): boolean {
    return this.started && (this.mode & ACCESS_POINT) !== 0;
  }

  /** As getStatus tells it; later images tell NULL where neither has started (master: 1277). */
  get shownMode(): string {
    const idle = this.traits.driver === "later" && !this.apStarted && !this.connected;
    return ["NULL", "STA", "AP", "APSTA"][idle ? NULL_MODE : this.mode];
  }

  get reason(): string {
    return reasonText(this.lastReason);
  }

  /** The interpreter begins anew: its callbacks are gone, the driver goes on. */
  attach(listener: WifiListener): void {
    this.listener = listener;
    this.onGotIp = this.onDisconnect = this.onAccessPoint = undefined;
  }

  /** The power is cut, or the chip restarts. */
  stop(): void {
    this.cancel();
    this.listener = undefined;
    this.started = false;
  }

  /** The network in the air is another: where the board was in it, that is gone. */
  changed(): void {
    if (this.wedged || !this.associated) return;
    if (!takesIn(this.air, this.station.ssid, this.station.password)) this.drop(REASON.BEACON_TIMEOUT);
    else if (!this.air.mute && this.address === "") this.gotAddress();
  }

  /** The address is lost: there is no event for that (SYSTEM_EVENT_STA_LOST_IP is not handled). */
  loseAddress(): void {
    this.address = "";
    this.listener?.flow();
  }

  /** The next event of this name never reaches the program. */
  loseNext(event: WifiEvent): void {
    this.lost.push(event);
  }

  deafen(): void {
    this.deaf = true;
    this.listener?.flow();
  }

  wedge(): void {
    this.wedged = true;
    this.cancel();
    this.listener?.flow();
  }

  connect(ssid: string, password: string, done: Completion | undefined): void {
    this.onGotIp = this.onDisconnect = undefined;
    const both = this.mode & ACCESS_POINT && !this.oneAtATime ? STATION | ACCESS_POINT : STATION;
    this.setMode(both);
    if (password.length > 0 && password.length < 8) {
      this.listener?.error(`jswrap_wifi_connect: esp_wifi_set_config: ${BAD_PASSWORD}`);
      return;
    }
    this.station = { ssid, password };
    if (this.traits.driver === "later") {
      this.retries = RETRIES;
      if (this.connected) this.leave();
      else this.start();
      this.onGotIp = done;
    } else {
      this.start();
      this.onGotIp = done;
      this.join();
    }
  }

  disconnect(done: Completion | undefined): void {
    this.onDisconnect = done;
    this.retries = 0;
    this.leave();
  }

  startAccessPoint(settings: WifiDriver["accessPoint"], done: Completion | undefined): void {
    this.onAccessPoint = done;
    const beside = this.oneAtATime && this.mode === STATION ? NULL_MODE : this.mode;
    this.setMode(beside | ACCESS_POINT);
    this.accessPoint = settings;
    this.start();
  }

  stopAccessPoint(): void {
    this.setMode(this.mode & ~ACCESS_POINT);
  }

  /** What `.wificfg` holds is put in force: after the program has run, and over what it asked for. */
  restore(mode: number, station: WifiDriver["station"]): void {
    this.setMode(mode);
    if (mode & STATION) this.station = station;
    this.start();
    if (mode & STATION) this.join();
  }

  /** esp_wifi_start: of a driver that runs already it starts nothing. */
  start(): void {
    if (this.started || this.wedged) return;
    this.started = true;
    this.modeChanged(NULL_MODE, this.mode);
  }

  private setMode(mode: number): void {
    const before = this.mode;
    this.mode = mode;
    if (this.started) this.modeChanged(before, mode);
  }

  private modeChanged(before: number, now: number): void {
    const gone = before & ~now;
    const come = now & ~before;
    if (gone & STATION) this.stationStopped();
    if (gone & ACCESS_POINT) {
      this.apStarted = false;
      this.stopIfIdle();
    }
    if (!this.started) return;
    if (come & STATION) this.join();
    if (come & ACCESS_POINT) {
      this.apStarted = true;
      const done = this.onAccessPoint;
      this.onAccessPoint = undefined;
      done?.(null);
    }
  }

  private stationStopped(): void {
    this.cancel();
    if (!this.associated) return;
    this.retries = 0;
    this.drop(REASON.ASSOC_LEAVE);
  }

  /** Later images only (master: 496): called at the access point's stop and after each loss, a join under way or not. */
  private stopIfIdle(): void {
    if (this.traits.driver !== "later") return;
    if (this.mode !== NULL_MODE && (this.mode !== STATION || this.connected)) return;
    if (!this.started) return;
    this.started = false;
    this.modeChanged(this.mode, NULL_MODE);
  }

  /** esp_wifi_connect: nothing without a name, while a try is under way, or where the station is joined already. */
  private join(): void {
    if (!this.started || this.wedged || !(this.mode & STATION) || this.associated || this.attempt !== undefined) return;
    const asked = this.station;
    if (asked.ssid === "") return;
    const there = isThere(this.air, asked.ssid);
    const good = takesIn(this.air, asked.ssid, asked.password);
    const time = good ? (this.air.joinTime ?? JOIN_TIME) : (this.air.tryTime ?? TRY_TIME);
    this.attempt = this.clock.setTimeout(() => {
      this.attempt = undefined;
      const { ssid, password } = this.station;
      // Another network may have been asked for meanwhile.
      if ((good || asked !== this.station) && takesIn(this.air, ssid, password)) this.joined();
      else this.drop(there && isThere(this.air, ssid) ? REASON.AUTH_FAIL : REASON.NO_AP_FOUND);
    }, time);
  }

  private joined(): void {
    this.associated = this.connected = true;
    this.deaf = false;
    this.emit("associated", { ssid: this.station.ssid, mac: "24:0a:c4:00:00:01", channel: "6" });
    if (!this.air.mute) this.gotAddress();
  }

  private gotAddress(): void {
    this.address = this.air.ip ?? ADDRESS;
    this.listener?.flow();
    const done = this.onGotIp;
    this.onGotIp = undefined;
    done?.(null);
    this.emit("connected", { ip: this.address, netmask: "255.255.255.0", gw: "192.168.4.1" });
  }

  /** esp_wifi_disconnect: without an association it ends a try, and tells nobody. */
  private leave(): void {
    if (this.wedged) return;
    this.cancel();
    if (this.associated) this.drop(REASON.ASSOC_LEAVE);
  }

  /** SYSTEM_EVENT_STA_DISCONNECTED. */
  private drop(reason: number): void {
    this.cancel();
    this.associated = this.deaf = false;
    this.address = "";
    this.listener?.flow();
    if (--this.retries > 0) return this.join();
    this.connected = false;
    this.lastReason = reason;
    const gone = this.onDisconnect;
    this.onDisconnect = undefined;
    gone?.();
    const text = { reason: String(reason), msg: reasonText(reason) };
    this.emit("disconnected", { ssid: this.station.ssid, mac: "24:0a:c4:00:00:01", ...text });
    if (this.traits.driver !== "later") return;
    const failed = this.onGotIp;
    this.onGotIp = undefined;
    failed?.(reasonText(reason));
    this.stopIfIdle();
  }

  private cancel(): void {
    if (this.attempt !== undefined) this.clock.clearTimeout(this.attempt);
    this.attempt = undefined;
  }

  private emit(name: WifiEvent, details: Record<string, string>): void {
    const at = this.lost.indexOf(name);
    if (at >= 0) this.lost.splice(at, 1);
    else this.listener?.event(name, details);
  }
}
