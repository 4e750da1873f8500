import type { Hardware } from "./hardware";
import type { Network, NetworkTarget } from "./network";
import { isAddress, nameServer, POINTER_ADDRESS } from "./wifi-lookup";
import type { WifiOptions } from "./wifi-air";

/** Milliseconds that lwIP blocks: 7 s for each of three name servers; 13 SYNs, 3 s apart. */
const NAME_TIME = 21_000;
const CONNECT_TIME = 39_000;
/** errno as newlib counts it: reset by the peer, aborted, no route. */
const ECONNRESET = 104;
const ECONNABORTED = 113;
const EHOSTUNREACH = 118;

/** How a connect ends: after so long, and with which failure. */
export interface Outcome {
  blocked: number;
  /** The name is not found. */
  unknown?: true;
  /** errno of connect(). */
  failed?: number;
}

/** What net.connect comes to before it returns (net_esp32_createsocket, network_esp32.c:78; clientRequestConnect, socketserver.c:1017). */
export function reach(target: NetworkTarget, hardware: Hardware, air: WifiOptions, network: Network): Outcome {
  const { driver } = hardware;
  const literal = isAddress(target.host);
  if (driver.address === "") {
    if (!literal) return { blocked: 0, unknown: true };
    // The access point is a way out as far as lwIP knows.
    if (driver.accessPointOpen) return { blocked: CONNECT_TIME, failed: ECONNABORTED };
    return { blocked: 0, failed: EHOSTUNREACH };
  }
  if (!literal) {
    const found = driver.flows ? nameServer(air, target.host) : undefined;
    if (found === undefined) return { blocked: NAME_TIME, unknown: true };
    if (found === null) return { blocked: 0, unknown: true };
  }
  if (!driver.flows || target.host === POINTER_ADDRESS) return { blocked: CONNECT_TIME, failed: ECONNABORTED };
  switch (network.reach?.(target) ?? "answers") {
    case "answers":
      return { blocked: 0 };
    case "refuses":
      return { blocked: 0, failed: ECONNRESET };
    case "silent":
      return { blocked: CONNECT_TIME, failed: ECONNABORTED };
  }
}
