import type { Runtime } from "../seams";
import { reboot } from "../board/alone";
import { hushBluetooth } from "../board/doors";
import { freeVariables } from "../board/memory";
import { hasReached, leakedSockets, LOST_SOCKETS } from "../board/sockets";
import { bearEvents, checkNetwork, hasAddress, leakedVariables, rejoinNetwork } from "../board/wifi";
import type { Client } from "../mqtt/client";
import { say } from "./status";
import { forgetBoots } from "./survival";

/** Between two looks, in milliseconds. */
const MINUTE = 60000;
/** Minutes offline until the driver is asked whether the network is still there. */
const LOOK = 2;
/** Minutes without reaching anybody until the network is left and joined again; and again after as many. */
const REJOIN = 10;
/** Minutes without reaching anybody until the chip restarts: a driver can hang in a way that nothing else mends. */
const HOPELESS = 30;
/** Minutes from one boot to a planned reboot, at least. */
const HOURLY = 60;
/** Milliseconds for the end of a connection and the last line to leave. */
const FAREWELL = 1000;

/** Who is looked after. */
export interface Climber {
  /** What connects; undefined where nothing does. */
  session(): Client | undefined;
  runtime: Runtime;
}

/** Minutes since boot. */
let uptime = 0;
/** Minutes since the session was online; below 0, minutes since it was not. */
let offline = 0;
/** Of these, minutes in which nobody was reached: neither the server nor who refused in its place. */
let unheard = 0;
/** Variables that events of the Wi-Fi may cost: a quarter of those that were free at boot. */
let spare = 0;

/** The last of a planned reboot. */
function onFarewell(client: Client | undefined): void {
  // Whatever was published until now.
  if (client) client.keep();
  reboot();
}

/** Restarts the chip on purpose: prints the reason, disconnects, keeps the queue. */
function rebootPlanned(client: Client | undefined, runtime: Runtime, code: string, reason: string): void {
  say({ event: "reboot", code: code, reason: reason });
  if (client) client.end();
  // Where a server has just had attempts, with the one after the boot there might be more than five in a minute.
  runtime.setTimeout(onFarewell, offline < -1 || unheard || leakedSockets() ? FAREWELL : MINUTE, client);
  // Once is enough.
  uptime = -HOURLY;
}

function onMinute(climber: Climber): void {
  const runtime = climber.runtime;
  const client = climber.session();
  runtime.setTimeout(onMinute, MINUTE, climber);
  hushBluetooth();
  // This boot has lasted.
  if (++uptime === 1) forgetBoots();
  if (!client || client.connected) {
    offline = Math.min(offline, 0) - 1;
    unheard = 0;
  } else {
    if (offline < 0) offline = 0;
    if (offline++ % REJOIN === LOOK) checkNetwork();
    if (hasReached() && hasAddress()) unheard = 0;
    else if (++unheard % REJOIN === 0 && unheard !== HOPELESS) rejoinNetwork();
  }
  if (uptime < HOURLY) return;
  bearEvents();
  if (offline > 0 && leakedSockets() >= LOST_SOCKETS) rebootPlanned(client, runtime, "sockets", "failed TLS connects");
  else if (unheard >= HOPELESS) rebootPlanned(client, runtime, "offline", "nobody reached for " + unheard + " minutes");
  else if (leakedVariables() > spare) {
    rebootPlanned(client, runtime, "memory", "Wi-Fi events have taken a quarter of the memory");
  }
}

/**
 * Looks every minute whether the session is online, and climbs while it is not: after 2 minutes the Wi-Fi driver is asked
 * whether the network is still there, after 10 without reaching anybody it is joined again, after 30 the chip restarts, as
 * it does before the sockets or the variables end that the interpreter leaks. A planned reboot comes an hour after the
 * boot at the earliest, so that it never adds to the boots that did not last; never for a server that answers, whatever.
 */
export function startLadder(climber: Climber): void {
  spare = freeVariables() / 4;
  climber.runtime.setTimeout(onMinute, MINUTE, climber);
}
