import type { Bytes, CodedError, Socket, SocketOptions, SocketSink } from "../seams";
import { fail } from "../errors";
import type { EspruinoRequire, EspruinoSocket, EspruinoTarget, EspruinoUtilities } from "./espruino";
import { readFile } from "./storage";
import { hasAddress } from "./wifi";

declare const E: EspruinoUtilities;
declare const require: EspruinoRequire;
/** Seconds since boot. */
declare function getTime(): number;
declare function setTimeout(fn: () => void, ms: number): unknown;

/** The record with the certificate of a private CA. */
const CA = "ca.der";
/** Seconds: a connect that fails sooner was refused by somebody. SYNs that nobody answers take 39, a name 7. */
const REFUSED = 5;
/** So many of them lost end the tries: the others are for what else the board does. */
export const LOST_SOCKETS = 6;
/** Sockets that lwIP has (CONFIG_LWIP_MAX_SOCKETS of each image). */
const SOCKETS = 10;

/** Whether the latest connect reached somebody: a server, or whoever refused in its place. */
let reached = false;
/** Sockets that failed TLS setups have kept: the interpreter frees them at a reboot only (network.c, netCreateSocket). */
let leaked = 0;
/** Whether the latest connect found no socket left: others may come free. */
let exhausted = false;
/** The code of the latest of those setups. */
let setup = "";
/** TLS handshakes that ran out of memory since one did not. */
let starved = 0;

/** A TLS handshake has run out of memory: the interpreter reports it by an uncaught exception. */
export function noteStarved(): void {
  starved++;
}

/** Whether the latest connect reached somebody. */
export function hasReached(): boolean {
  return reached;
}

/** Sockets that are lost until a reboot; all of them while there is none left. Handshakes without memory count as well. */
export function leakedSockets(): number {
  return exhausted ? SOCKETS : Math.max(leaked, starved);
}

/** The interpreter's socket, and with it who listens. */
interface Listened extends EspruinoSocket {
  _sink?: SocketSink;
  _fault?: string;
  /** With TLS alone: 1 until the handshake is over, 0 then, 2 when it has come to nothing. */
  _shaking?: number;
  /** Handshakes that had run out of memory before this one. */
  _starved?: number;
}

// Handlers of all sockets: on the board `this` is the socket, so that none is made for each connection.

function onData(this: Listened, bytes: string): void {
  // The handshake stands.
  if (this._shaking) this._shaking = starved = 0;
  if (this._sink) this._sink.data(bytes);
}

function onDrain(this: Listened): void {
  if (this._shaking) this._shaking = starved = 0;
  if (this._sink) this._sink.drain();
}

function onError(this: Listened, error: { message: string }): void {
  this._fault = error.message;
}

function onClose(this: Listened): void {
  const sink = this._sink;
  if (sink && this._shaking === 1) {
    // The interpreter tells why in an exception, and only when all of this turn is done: any `try` until then would lose it.
    this._shaking = 2;
    setTimeout(() => onClose.call(this), 0);
    return;
  }
  if (!sink) return;
  this._sink = undefined;
  if (this._shaking) {
    sink.socketClosed(
      starved !== this._starved
        ? fail("tls-memory", "no memory for the handshake")
        : fail("tls-failed", "no TLS 1.2 with an RSA key there"),
    );
  } else sink.socketClosed(this._fault ? fail("socket-error", this._fault) : undefined);
}

/** The CA's certificate, where there is one. Throws `ca-invalid`: one that the interpreter refuses would cost a socket. */
function certificate(): Bytes | undefined {
  const der = readFile(CA);
  // An outermost SEQUENCE with two bytes of length (X.690, section 8.1.3.5), as any certificate of 256 bytes or more has.
  if (der && (der.substr(0, 2) !== "0\x82" || der.length !== ((der.charCodeAt(2) << 8) | der.charCodeAt(3)) + 4)) {
    throw fail("ca-invalid", CA + " is no certificate in DER: npm run provision -- --ca stores one");
  }
  return der;
}

/**
 * Whether a socket can still be had. Where lwIP has none left the ESP32's port makes a listening socket of number 0, which
 * the interpreter shows as 1 (network_esp32.c, net_esp32_createsocket; socketserver.c, serverListen). It is closed at once.
 */
function hasSocket(): boolean {
  const server = require("net").createServer(() => undefined);
  server.listen(0);
  // Gone with the end.
  const socket = server.sckt;
  server.close();
  return socket > 1;
}

/** What became of a connect that threw after so many seconds; notes what that shows of network and sockets. */
function connectFault(thrown: unknown, options: SocketOptions, seconds: number): CodedError {
  const error = thrown as CodedError;
  const text = error.message || "" + thrown;
  const reason = text + ": " + options.host + ":" + options.port;
  // What never left the board, and TLS that cannot be set up, say nothing against the network.
  reached = true;
  if (error.code) return error;
  if (text.charAt(0) === "M") return fail("tls-missing", "this Espruino has no TLS: use ws");
  if (text.charAt(0) === "U") {
    // "Unable to locate host", or "Unable to create socket", which also stands for a refused connection.
    reached = seconds < REFUSED && hasAddress();
    exhausted = reached && text.charAt(10) === "c" && !hasSocket();
    if (exhausted) return fail("connect-failed", "no socket left");
  } else if (options.tls) {
    leaked++;
    setup = text.split("emory")[1] != null ? "tls-memory" : text.split("'ca'")[1] != null ? "ca-invalid" : "tls-setup";
    return fail(setup, reason + (setup === "tls-memory" ? ": use ws, or a board with PSRAM" : ""));
  }
  return fail("connect-failed", reason);
}

class BoardSocket implements Socket {
  /** With TLS, missing until the interpreter has made it. */
  private _socket: Listened | undefined;
  /** Written until then; undefined after the end. */
  private _early: Bytes | undefined = "";

  /** Connects by name or address; blocks until the connection stands. The reason of a failure is thrown, or with `later` reported as the connection's end. */
  open(options: SocketOptions, sink: SocketSink, later?: boolean): void {
    const target: EspruinoTarget = { host: options.host, port: options.port };
    const since = getTime();
    let socket: Listened;
    // Ended before its turn came.
    if (this._early == null) return;
    try {
      if (options.tls) {
        if (leaked >= LOST_SOCKETS) throw fail(setup, "no more tries until the board restarts");
        target.ca = certificate();
      }
      socket = require(options.tls ? "tls" : "net").connect(target);
    } catch (e) {
      const error = connectFault(e, options, getTime() - since);
      if (later) return sink.socketClosed(error);
      throw error;
    }
    reached = true;
    exhausted = false;
    socket._sink = sink;
    if (options.tls) {
      socket._shaking = 1;
      socket._starved = starved;
    }
    socket.on("data", onData);
    socket.on("drain", onDrain);
    socket.on("error", onError);
    socket.on("close", onClose);
    this._socket = socket;
    if (this._early) socket.write(this._early);
  }

  write(bytes: Bytes): void {
    if (!this._socket) {
      if (this._early != null) this._early += bytes;
      return;
    }
    try {
      this._socket.write(bytes);
    } catch {
      // The peer has gone and the interpreter says so by throwing; its `close` event is on the way.
    }
  }

  end(now?: boolean): void {
    const socket = this._socket;
    this._early = undefined;
    if (!socket) return;
    socket._sink = undefined;
    socket.end();
    // On a dead link the interpreter would hold the socket and what it queued for as long as TCP keeps trying.
    if (now) socket.clsNow = true;
  }
}

/**
 * Opens a TCP or TLS connection; the interpreter itself looks up the name, and blocks meanwhile. `connect-failed` (refused,
 * unknown host) is thrown; over TLS it comes as the connection's end, as do `tls-memory`, `tls-missing`, `ca-invalid`, and
 * `tls-failed`, a handshake that came to nothing. TLS on Espruino encrypts but verifies neither certificate nor name.
 */
export function connectSocket(options: SocketOptions, sink: SocketSink): Socket {
  const socket = new BoardSocket();
  if (options.tls) {
    // TLS needs long stretches of memory, which the variables of the last connection have cut up; and what a running function
    // holds cannot be moved: so both are done from a timer, one after the other.
    setTimeout(E.defrag, 0);
    setTimeout(() => socket.open(options, sink, true), 0);
  } else socket.open(options, sink);
  return socket;
}
