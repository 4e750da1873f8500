import type { Runtime } from "../seams";
import type { EspruinoRequire, EspruinoWifi } from "./espruino";

declare const require: EspruinoRequire;

/** Milliseconds until a join of which nothing is heard has failed: no address is given, the driver hangs, an event was lost. */
const PATIENCE = 30000;
/** The first wait between two joins, the longest of the first ten, and every later one, in milliseconds. */
const FIRST = 1000;
const LONG = 60000;
const LONGEST = 300000;
/** After so many failures in a row the waits are the longest: each leaks variables (see `leakedVariables`). */
const MANY = 10;
/** In the hour until a planned reboot may come, after so many events as well: a link that comes and goes would leave no memory. */
const EVENTFUL = 40;
/** The longest single timer, in milliseconds: a wait that goes on feeds the watchdog. */
const SLICE = 60000;
/** Variables that the details of one event keep until `load()` (jswrap_esp32_network.c never unlocks them). */
const EVENT = 12;

/** Who hears how the network stands. */
export interface NetworkSink {
  /** It is there; with the board's address where that is known. */
  networkUp(address?: string): void;
  /** It is not: `wifi-password`, `wifi-not-found`, `wifi-failed`, or `wifi-lost` where it had been there. `reason` is the driver's word. */
  networkDown(code: string, reason: string): void;
}

/** The interpreter's own module, or nothing on a board without Wi-Fi. */
export function wifiModule(): EspruinoWifi | undefined {
  try {
    return require("Wifi");
  } catch {
    return;
  }
}

/**
 * The board's address, asked of the driver: what events claim may be garbage, since other tasks write it without a lock, and
 * an address can go without any event. Undefined while there is none.
 */
function addressNow(wifi: EspruinoWifi): string | undefined {
  const ip = wifi.getIP().ip;
  return wifi.getStatus().station === "connected" && ip && ip !== "0.0.0.0" ? ip : undefined;
}

/** The code for the driver's word on a join that failed. */
function joinFault(word: string): string {
  if (word === "NO_AP_FOUND") return "wifi-not-found";
  return word === "AUTH_FAIL" || word === "4WAY_HANDSHAKE_TIMEOUT" || word === "HANDSHAKE_TIMEOUT"
    ? "wifi-password"
    : "wifi-failed";
}

function onTimer(station: Station): void {
  station.timeOver();
}

/** The one network to join, and how that stands. */
class Station {
  /** Events since boot. */
  events = 0;
  /** Of these, how many the waits between joins may stay short for. */
  bearable = EVENTFUL;
  /** The board's address while the network is there. */
  private _address: string | undefined;
  /** A join is under way. */
  private _joining = false;
  /** Of a wait, or of a join's patience. */
  private _timer: unknown;
  /** Milliseconds of the wait after the present slice. */
  private _left = 0;
  /** Joins that failed since the last one that did not. */
  private _failures = 0;

  constructor(
    private _network: { ssid: string; password?: string },
    private _runtime: Runtime,
    private _sink: NetworkSink,
  ) {}

  /** Starts a join, unless the driver is about it already. */
  join(): void {
    const wifi = wifiModule()!;
    const status = wifi.getStatus();
    this._joining = true;
    this._arm(PATIENCE);
    // Associated before this program began: that outlives load(), and a second connect would be answered by no event.
    if (status.station === "connected") {
      if (status.ssid !== this._network.ssid) {
        // Left first: the driver joins no other while it is in one.
        this._joining = false;
        wifi.disconnect();
        this._arm(FIRST);
      } else if (addressNow(wifi)) this._joined();
      return;
    }
    // While there is an access point of the board's own, later images ignore a connect after the first that failed.
    wifi.stopAP();
    wifi.connect(this._network.ssid, { password: this._network.password });
  }

  /** A slice of a wait or of a join's patience is over. */
  timeOver(): void {
    this._timer = undefined;
    if (this._left) this._arm(this._left);
    else if (this._joining) {
      // The event may be lost.
      this._joined();
      if (this._joining) this._failed("no answer");
    } else this.join();
    // Last: what throws is no progress.
    this._runtime.feed();
  }

  /** The driver has had an event: it is asked how the network stands. */
  changed(): void {
    this.events++;
    const wifi = wifiModule()!;
    if (addressNow(wifi)) this._joined();
    // A wait is not shortened; a join of later images begins with the loss of the link before.
    else if (this._address || (this._joining && wifi.getStatus().station !== "connected")) this._failed();
    this._runtime.feed();
  }

  /** See `checkNetwork`. */
  check(): void {
    if (this._address && !addressNow(wifiModule()!)) this._failed();
  }

  /** See `rejoinNetwork`. */
  rejoin(): void {
    if (this._address) this._failed("deaf");
  }

  /** The driver has an address. */
  private _joined(): void {
    const address = addressNow(wifiModule()!);
    if (!address || address === this._address) return;
    if (this._address) this._sink.networkDown("wifi-lost", "another address");
    if (this._timer != null) this._runtime.clearTimeout(this._timer);
    this._timer = undefined;
    this._left = this._failures = 0;
    this._joining = false;
    this._address = address;
    this._sink.networkUp(address);
  }

  /** A join has failed, or the network is lost: tries again later. `silent`: what happened where the driver has no word for it. */
  private _failed(silent?: string): void {
    const wifi = wifiModule()!;
    const station = wifi.getStatus().station;
    // An address can go while the link stays.
    const word = silent || (station === "connected" ? "no address" : station);
    const code = this._address ? "wifi-lost" : silent ? "wifi-failed" : joinFault(word);
    const few = this._failures < MANY && this.events < this.bearable;
    const wait = few ? Math.min(LONG, FIRST * (1 << this._failures)) : LONGEST;
    this._address = undefined;
    this._joining = false;
    this._failures++;
    // The driver starts afresh only once it has stopped.
    if (word !== station) wifi.disconnect();
    this._arm((wait * (1 + Math.random())) / 2);
    this._sink.networkDown(code, word);
  }

  /** Sets the one timer. */
  private _arm(ms: number): void {
    const slice = Math.min(ms, SLICE);
    this._left = ms - slice;
    if (this._timer != null) this._runtime.clearTimeout(this._timer);
    this._timer = this._runtime.setTimeout(onTimer, slice, this);
  }
}

let station: Station | undefined;

function onEvent(): void {
  station!.changed();
}

/** False only where there is a network to join and no address. */
export function hasAddress(): boolean {
  return !station || !!addressNow(wifiModule()!);
}

/** Variables that events of the Wi-Fi have cost since boot. */
export function leakedVariables(): number {
  return station ? station.events * EVENT : 0;
}

/** From now on a planned reboot may come when events have taken too much. */
export function bearEvents(): void {
  if (station) station.bearable = Infinity;
}

/** Asks the driver whether the network is still there: events are lost while the interpreter collects garbage (jsvar.c). */
export function checkNetwork(): void {
  if (station) station.check();
}

/** Leaves the network and joins it again: a link may be deaf with everything in place. */
export function rejoinNetwork(): void {
  if (station) station.rejoin();
}

/**
 * Joins a Wi-Fi network and joins it again for ever, with waits that grow to a minute, and to five minutes after ten
 * failures. A board without Wi-Fi (Ethernet, Linux), or without a network to join, is connected already.
 */
export function joinNetwork(
  network: { ssid: string; password?: string } | undefined,
  runtime: Runtime,
  sink: NetworkSink,
): void {
  const wifi = network && wifiModule();
  if (!wifi) return sink.networkUp();
  station = new Station(network!, runtime, sink);
  wifi.on("connected", onEvent);
  wifi.on("disconnected", onEvent);
  station.join();
}
