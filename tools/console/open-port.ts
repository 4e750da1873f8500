import { connect } from "node:net";
import { Failure, UsageError } from "../command-line/exit";
import type { Port } from "./port";
import { StreamPort } from "./port";
import { openSerial } from "./serial-port";

const TCP = /^tcp:\/\/(\[[^\]]+\]|[^:/]+)(?::(\d+))?\/?$/;
/** Espruino's telnet server. */
const TELNET = 23;
/** Milliseconds for a TCP connection to come about. */
const CONNECT_LIMIT = 10_000;
/** Milliseconds of silence before the first keepalive probe: without one, a board that lost its power is never missed. */
const KEEPALIVE = 30_000;

/** Where a `tcp:` name leads; undefined for a serial port. Throws a UsageError where it is not of the form. */
export function tcpAddress(name: string): { host: string; port: number } | undefined {
  if (!name.startsWith("tcp:")) return undefined;
  const match = TCP.exec(name);
  const port = Number(match?.[2] ?? TELNET);
  if (!match || port < 1 || port > 65535) throw new UsageError(`${name} is not of the form tcp://host:port`);
  return { host: match[1].replace(/^\[|\]$/g, ""), port };
}

/** Opens a serial port by its path, or `tcp://host:port` (port 23 where none is named). Rejects with what to do. */
export function openPort(name: string): Promise<Port> {
  const address = tcpAddress(name);
  return address ? openTcp(name, address.host, address.port) : openSerial(name);
}

function openTcp(name: string, host: string, port: number): Promise<Port> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const fail = (reason: string) => {
      socket.destroy();
      const telnet =
        port === TELNET
          ? ` A board's telnet is off unless its device.json holds "telnet": true; the cable always works`
          : "";
      reject(new Failure(`cannot connect to ${name}: ${reason}; is the board on, and is this its address?${telnet}`));
    };
    socket.setTimeout(CONNECT_LIMIT, () => fail("no answer"));
    socket.once("error", (error) => fail(error.message));
    socket.once("connect", () => {
      socket.removeAllListeners("error").setTimeout(0).setNoDelay(true).setKeepAlive(true, KEEPALIVE);
      resolve(new StreamPort(name, socket, () => socket.destroy()));
    });
  });
}
