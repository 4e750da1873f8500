import { queueEvent } from "./events";
import type { Loop } from "./loop";
import type { Realm } from "./realm";

export interface WifiOptions {
  /** The network in the air: its name and password. */
  ssid: string;
  password?: string;
  /** True while it is not in the air. */
  absent?: boolean;
  /** True while it takes boards in but gives them no address: the driver then tells nothing, for ever. */
  mute?: boolean;
  /** The address it gives. Default 192.168.4.17. */
  ip?: string;
  /** Milliseconds from `connect` to `connected`. Default 500. */
  joinTime?: number;
  /** Milliseconds each of the driver's silent tries takes. Default 2000. */
  tryTime?: number;
  /** Answers `getHostByName`; undefined for an unknown name. Default: 127.0.0.1 for every name. */
  lookup?(name: string): string | undefined;
}

/** Failures and losses after a `connect` until the driver tells one, and gives up for good. */
const TRIES = 3;
const ADDRESS = "192.168.4.17";
const MAC = "24:0a:c4:00:00:01";
/** The driver's reasons, as numbers. */
const REASONS = { UNSPECIFIED: 1, ASSOC_LEAVE: 8, BEACON_TIMEOUT: 200, NO_AP_FOUND: 201, AUTH_FAIL: 202 };
type Reason = keyof typeof REASONS;

type Callback = ((...args: unknown[]) => void) | undefined;

/** The ESP32's Wi-Fi: station only, asynchronous, silent while it tries, and not trying again by itself for ever. */
export class Wifi {
  readonly module: Record<string, unknown>;
  private joined = false;
  /** Taken in, with or without an address. */
  private associated = false;
  private wanted?: { ssid: string; password?: string };
  private tries = 0;
  private lastReason: Reason = "UNSPECIFIED";
  private attempt?: number;
  private onJoined: Callback;

  /** @param onChange told whether packets flow. */
  constructor(
    private readonly realm: Realm,
    private readonly loop: Loop,
    /** Read afresh each time: the network in the air may change. */
    private readonly options: Readonly<WifiOptions>,
    private readonly onChange: (up: boolean) => void,
  ) {
    this.module = realm.object();
    const members: Record<string, unknown> = {
      connect: (ssid: unknown, settings?: { password?: string }, done?: Callback) => this.connect(ssid, settings, done),
      disconnect: (done?: Callback) => this.disconnect(done),
      getIP: (done?: Callback) => this.tell(this.address(), done, true),
      getDetails: (done?: Callback) => this.tell(this.details(), done, false),
      getStatus: () =>
        realm.object({ station: this.joined ? "connected" : this.lastReason, mode: this.joined ? "sta" : "off" }),
      getHostByName: (name: unknown, done: unknown) => this.resolve(name, done),
    };
    for (const [name, member] of Object.entries(members)) realm.define(this.module, name, member);
  }

  /** The network in the air is another: where the board was in it, that is gone. No socket is closed by it. */
  changed(): void {
    if (this.associated && !this.good()) this.drop("BEACON_TIMEOUT");
  }

  private connect(ssid: unknown, settings: { password?: string } | undefined, done: Callback): void {
    if (typeof ssid !== "string") throw new this.realm.own.Error("No SSID provided");
    this.wanted = { ssid, password: settings?.password };
    this.onJoined = typeof done === "function" ? done : undefined;
    this.tries = TRIES;
    if (this.associated) this.drop("ASSOC_LEAVE");
    else this.try();
  }

  private disconnect(done: Callback): void {
    this.cancel();
    this.tries = 0;
    if (this.associated) this.drop("ASSOC_LEAVE");
    if (typeof done === "function") this.call(done, []);
  }

  private good(): boolean {
    const { absent, ssid, password } = this.options;
    return !absent && this.wanted?.ssid === ssid && (this.wanted.password ?? "") === (password ?? "");
  }

  private try(): void {
    this.cancel();
    const good = this.good();
    const missing = this.options.absent || this.wanted?.ssid !== this.options.ssid;
    const time = good ? (this.options.joinTime ?? 500) : (this.options.tryTime ?? 2000);
    this.attempt = this.loop.addTimer(
      () => {
        this.attempt = undefined;
        if (good && this.good()) this.join();
        else this.drop(good || missing ? "NO_AP_FOUND" : "AUTH_FAIL");
      },
      time,
      false,
    );
  }

  private cancel(): void {
    if (this.attempt !== undefined) this.loop.removeTimer(this.attempt);
    this.attempt = undefined;
  }

  private join(): void {
    this.associated = true;
    const { ssid, mute } = this.options;
    queueEvent(this.loop, this.module, "associated", [this.realm.object({ ssid, mac: MAC, channel: "6" })]);
    if (mute) return;
    this.joined = true;
    this.onChange(true);
    this.finish(null);
    const { ip, netmask, gw } = this.addresses();
    queueEvent(this.loop, this.module, "connected", [this.realm.object({ ip, netmask, gw })]);
  }

  /** A try has failed, or the network was lost: tries again without a word, or tells and stops. */
  private drop(reason: Reason): void {
    const joined = this.joined;
    this.joined = this.associated = false;
    if (joined) this.onChange(false);
    if (--this.tries > 0) return this.try();
    this.lastReason = reason;
    const text = { reason: String(REASONS[reason]), msg: reason };
    const details = this.realm.object({ ssid: this.wanted?.ssid ?? "", mac: MAC, ...text });
    queueEvent(this.loop, this.module, "disconnected", [details]);
    this.finish(reason);
  }

  private finish(error: string | null): void {
    const done = this.onJoined;
    this.onJoined = undefined;
    if (done) this.call(done, [error]);
  }

  private call(fn: NonNullable<Callback>, args: unknown[]): void {
    this.loop.queueEvent(() => this.loop.guard(() => fn(...args)));
  }

  private addresses() {
    if (!this.joined) return { ip: "0.0.0.0", netmask: "0.0.0.0", gw: "0.0.0.0" };
    return { ip: this.options.ip ?? ADDRESS, netmask: "255.255.255.0", gw: "192.168.4.1" };
  }

  private address(): object {
    return this.realm.object({ ...this.addresses(), mac: MAC });
  }

  private details(): object {
    if (!this.joined) return this.realm.object({ status: this.lastReason });
    return this.realm.object({ ssid: this.options.ssid, password: this.wanted?.password ?? "", status: "connected" });
  }

  private tell(result: object, done: Callback, withError: boolean): object {
    if (typeof done === "function") this.call(done, withError ? [null, result] : [result]);
    return result;
  }

  private resolve(name: unknown, done: unknown): void {
    if (typeof name !== "string") throw new this.realm.own.Error("Hostname parameter is not a string");
    if (typeof done !== "function") throw new this.realm.own.Error("Callback is not a function");
    const lookup = this.options.lookup ?? (() => "127.0.0.1");
    const address = this.joined ? (lookup(name) ?? null) : null;
    this.call(done as NonNullable<Callback>, [address]);
  }
}
