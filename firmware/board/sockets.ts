import type { Bytes, Socket, SocketOptions, SocketSink } from "../seams";
import { fail } from "../errors";
import type { EspruinoRequire, EspruinoSocket } from "./espruino";

declare const require: EspruinoRequire;

/** The interpreter's socket, and with it who listens. */
interface Listened extends EspruinoSocket {
  _sink?: SocketSink;
  _fault?: string;
}

// Handlers of all sockets: on the board `this` is the socket, so that none is made for each connection.

function onData(this: Listened, bytes: string): void {
  if (this._sink) this._sink.data(bytes);
}

function onDrain(this: Listened): void {
  if (this._sink) this._sink.drain();
}

function onError(this: Listened, error: { message: string }): void {
  this._fault = error.message;
}

function onClose(this: Listened): void {
  const sink = this._sink;
  this._sink = undefined;
  if (sink) sink.socketClosed(this._fault ? fail("socket-error", this._fault) : undefined);
}

class BoardSocket implements Socket {
  constructor(private _socket: Listened) {}

  write(bytes: Bytes): void {
    try {
      this._socket.write(bytes);
    } catch {
      // The peer has gone and the interpreter says so by throwing; its `close` event is on the way.
    }
  }

  end(now?: boolean): void {
    this._socket._sink = undefined;
    this._socket.end();
    // On a dead link the interpreter would hold the socket and what it queued for as long as TCP keeps trying.
    if (now) this._socket.clsNow = true;
  }
}

/**
 * Opens a TCP or TLS connection. Blocks until it is connected; throws `connect-failed` (refused, unknown host, no TLS).
 * TLS on Espruino encrypts but verifies neither certificate nor name.
 */
export function connectSocket(options: SocketOptions, sink: SocketSink): Socket {
  let socket: Listened;
  try {
    socket = require(options.tls ? "tls" : "net").connect(
      options.ca ? { host: options.host, port: options.port, ca: options.ca } : options,
    );
  } catch (e) {
    throw fail("connect-failed", ((e as Error).message || "" + e) + ": " + options.host + ":" + options.port);
  }
  socket._sink = sink;
  socket.on("data", onData);
  socket.on("drain", onDrain);
  socket.on("error", onError);
  socket.on("close", onClose);
  return new BoardSocket(socket);
}
