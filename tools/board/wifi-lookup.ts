import type { Completion } from "./wifi-events";
import type { WifiOptions } from "./wifi-air";

/** The bytes of a pointer into the chip's RAM, as an address: what 2v29 answers for a name that is known, and for an address. */
export const POINTER_ADDRESS = "48.162.253.63";

const LITERAL = /^\d{1,3}(\.\d{1,3}){3}$/;

/** Whether it is an address and not a name. */
export function isAddress(host: string): boolean {
  return LITERAL.test(host);
}

/** What the name server says: an address, or that there is none; undefined where nobody answers. */
export function nameServer(air: Readonly<WifiOptions>, name: string): string | null | undefined {
  if (air.nameless) return undefined;
  return air.lookup ? (air.lookup(name) ?? null) : "127.0.0.1";
}

/**
 * Wifi.getHostByName (2v29: jswrap_esp32_network.c:1723 to 1777). 2v29 takes ERR_INPROGRESS for a failure and answers null at
 * once; a name in lwIP's cache and an address it answers with the pointer's own bytes. Its one callback is a C static: later
 * images hand the answer of an older lookup to the newest callback, and to none after a load().
 */
export class HostLookup {
  private callback?: Completion;
  private readonly cache = new Set<string>();

  constructor(private readonly air: Readonly<WifiOptions>) {}

  /** The interpreter begins anew: whatever the slot held is gone. */
  forget(): void {
    this.callback = undefined;
  }

  broken(name: string, callback: Completion): void {
    this.callback = callback;
    const known = isAddress(name) || this.cache.has(name);
    if (!known && nameServer(this.air, name)) this.cache.add(name);
    this.answer(known ? POINTER_ADDRESS : null);
  }

  /** @param later calls back when the name server has answered. */
  repaired(name: string, flows: boolean, callback: Completion, later: (fn: () => void) => void): void {
    this.callback = callback;
    if (isAddress(name)) return this.answer(name);
    const found = flows ? nameServer(this.air, name) : null;
    if (found !== undefined) later(() => this.answer(found));
  }

  private answer(address: string | null): void {
    const { callback } = this;
    this.callback = undefined;
    callback?.(address);
  }
}
