/** What is around a board: a Wi-Fi network, and what answers in it. */
export interface WifiOptions {
  /** The network in the air: its name (`ANY` for whatever a board asks for) and password. */
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
  /** Milliseconds a try that fails takes. Default 2000. */
  tryTime?: number;
  /** The name server; undefined for an unknown name. Default: every name is known. */
  lookup?(name: string): string | undefined;
  /** True while the name server is silent. */
  nameless?: boolean;
}

/** A network for whatever name and password a board has. */
export const ANY = "*";

/** Whether a station with these credentials is taken in. */
export function takesIn(air: Readonly<WifiOptions>, ssid: string, password: string): boolean {
  if (air.absent) return false;
  if (air.ssid === ANY) return ssid !== "";
  return ssid === air.ssid && password === (air.password ?? "");
}

/** Whether a station with this name finds a network at all. */
export function isThere(air: Readonly<WifiOptions>, ssid: string): boolean {
  return !air.absent && (air.ssid === ANY || air.ssid === ssid);
}
