import { queueEvent } from "./events";
import type { Loop } from "./loop";
import type { Realm } from "./realm";

export interface WifiOptions {
  /** The network in the air: its name and password. */
  ssid: string;
  password?: string;
  /** Milliseconds from `connect` to `connected`. Default 500. */
  joinTime?: number;
  /** Milliseconds each of the driver's silent tries takes. Default 2000. */
  tryTime?: number;
  /** Answers `getHostByName`; undefined for an unknown name. Default: 127.0.0.1 for every name. */
  lookup?(name: string): string | undefined;
}

/** Tries of the driver's own before it gives up, for good. */
const TRIES = 3;
const ADDRESS = { ip: "192.168.4.17", netmask: "255.255.255.0", gw: "192.168.4.1" };
const MAC = "24:0a:c4:00:00:01";

type Callback = ((...args: unknown[]) => void) | undefined;

/** The ESP32's Wi-Fi: station only, asynchronous, silent while it tries, and not trying again by itself for ever. */
export class Wifi {
  readonly module: Record<string, unknown>;
  private joined = false;
  private present = true;
  private wanted?: { ssid: string; password?: string };
  private lastReason = "UNSPECIFIED";
  private attempt?: number;
  private onJoined: Callback;

  /** @param onChange told whether packets flow. */
  constructor(
    private readonly realm: Realm,
    private readonly loop: Loop,
    private readonly options: WifiOptions,
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

  /** The access point vanishes (false) or comes back (true): no socket is closed by it. */
  setPresent(present: boolean): void {
    this.present = present;
    if (!present && this.joined) {
      this.joined = false;
      this.onChange(false);
      this.try(TRIES);
    }
  }

  private connect(ssid: unknown, settings: { password?: string } | undefined, done: Callback): void {
    if (typeof ssid !== "string") throw new this.realm.own.Error("No SSID provided");
    this.wanted = { ssid, password: settings?.password };
    this.onJoined = typeof done === "function" ? done : undefined;
    if (this.joined) {
      this.joined = false;
      this.onChange(false);
    }
    this.try(TRIES);
  }

  private disconnect(done: Callback): void {
    this.cancel();
    if (this.joined) {
      this.joined = false;
      this.onChange(false);
      this.lost("ASSOC_LEAVE");
    }
    if (typeof done === "function") this.call(done, []);
  }

  private try(left: number): void {
    this.cancel();
    const good =
      this.present &&
      this.wanted?.ssid === this.options.ssid &&
      (this.wanted.password ?? "") === (this.options.password ?? "");
    const time = good ? (this.options.joinTime ?? 500) : (this.options.tryTime ?? 2000);
    this.attempt = this.loop.addTimer(
      () => {
        this.attempt = undefined;
        if (good && this.present) this.join();
        else if (left > 1) this.try(left - 1);
        else this.lost(this.wanted?.ssid === this.options.ssid && this.present ? "AUTH_FAIL" : "NO_AP_FOUND");
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
    this.joined = true;
    this.onChange(true);
    const { ssid } = this.options;
    queueEvent(this.loop, this.module, "associated", [this.realm.object({ ssid, mac: MAC, channel: "6" })]);
    this.finish(null);
    queueEvent(this.loop, this.module, "connected", [this.realm.object(ADDRESS)]);
  }

  private lost(reason: string): void {
    this.lastReason = reason;
    const details = this.realm.object({ ssid: this.wanted?.ssid ?? "", mac: MAC, reason: "200", msg: reason });
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

  private address(): object {
    const none = { ip: "0.0.0.0", netmask: "0.0.0.0", gw: "0.0.0.0" };
    return this.realm.object({ ...(this.joined ? ADDRESS : none), mac: MAC });
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
