import type { Bytes, Socket, SocketOptions, SocketSink } from "../seams";
import { fail } from "../errors";
import type { EspruinoRequire, EspruinoSocket, EspruinoTarget, EspruinoUtilities } from "./espruino";
import { readFile } from "./storage";
import { wifiModule } from "./wifi";

declare const E: EspruinoUtilities;
declare const require: EspruinoRequire;
declare function setTimeout(fn: () => void, ms: number): unknown;

/** The record with the certificate of a private CA. */
const CA = "ca.der";

/** The interpreter's socket, and with it who listens. */
interface Listened extends EspruinoSocket {
  _sink?: SocketSink;
  _fault?: string;
  /** With TLS alone: 1 until the handshake is over, 0 then, 2 when it has come to nothing. */
  _shaking?: number;
}

// Handlers of all sockets: on the board `this` is the socket, so that none is made for each connection.

function onData(this: Listened, bytes: string): void {
  if (this._shaking) this._shaking = 0;
  if (this._sink) this._sink.data(bytes);
}

function onDrain(this: Listened): void {
  if (this._shaking) this._shaking = 0;
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
  if (this._shaking) sink.socketClosed(fail("tls-failed", "no TLS 1.2 with an RSA key there"));
  else sink.socketClosed(this._fault ? fail("socket-error", this._fault) : undefined);
}

class BoardSocket implements Socket {
  /** Missing while the name is being looked up. */
  private _socket: Listened | undefined;
  /** Written until then; undefined after the end. */
  private _early: Bytes | undefined = "";

  /** Connects to an address or a name; blocks until the connection stands. `connect-failed` is thrown, or told `later`. */
  open(options: SocketOptions, sink: SocketSink, host: string | null, later?: boolean): void {
    const target: EspruinoTarget = { host: host!, port: options.port };
    let socket: Listened;
    // Ended while the name was looked up.
    if (this._early == null) return;
    try {
      if (!host) throw new Error("Unable to locate host");
      if (options.tls) target.ca = readFile(CA);
      socket = require(options.tls ? "tls" : "net").connect(target);
    } catch (e) {
      const error = fail("connect-failed", ((e as Error).message || "" + e) + ": " + options.host + ":" + options.port);
      if (later) return sink.socketClosed(error);
      throw error;
    }
    socket._sink = sink;
    if (options.tls) socket._shaking = 1;
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
 * Opens a TCP or TLS connection. Over TLS, and where the board can look up names without blocking, `connect-failed` comes
 * as the connection's end; elsewhere it is thrown (refused, unknown host). `tls-failed` is a handshake that came to
 * nothing. TLS on Espruino encrypts but verifies neither certificate nor name.
 */
export function connectSocket(options: SocketOptions, sink: SocketSink): Socket {
  const wifi = wifiModule();
  const socket = new BoardSocket();
  // TLS wants long stretches of memory, which the variables of the last connection have cut up; and what a running function
  // holds cannot be moved: so both are done from a timer, one after the other.
  if (options.tls) setTimeout(E.defrag, 0);
  if (wifi && wifi.getHostByName) {
    // A function with a name of its own here would hold this call's variables, which hold it: garbage that is noticed late.
    wifi.getHostByName(options.host, (address) => socket.open(options, sink, address, true));
  } else if (options.tls) setTimeout(() => socket.open(options, sink, options.host, true), 0);
  else socket.open(options, sink, options.host);
  return socket;
}
