import type { Bytes, Channel, ChannelSink, CodedError, Runtime, Socket, SocketSink } from "../seams";
import { find, printable, uint16, uint16At } from "../bytes";
import { fail } from "../errors";
import { BINARY, clientFrame, CLOSE, CONTINUATION, PING, PONG, TEXT } from "./frames";
import type { Address } from "./handshake";
import { newKey, parseUrl, request, responseFault } from "./handshake";

/** The longest response head that is read. */
const HEAD = 2048;
/** Bytes handed to the socket before `drain` is awaited. */
const WINDOW = 2048;
/** Bytes handed to the socket, beyond the longest message, at which the peer counts as stuck. */
const LIMIT = 8192;
/** How long to wait for the peer's Close, in milliseconds. */
const PATIENCE = 2000;

/** The first byte of a frame that is whole in itself (FIN) and `BINARY`. */
const WHOLE = 0x82;

// States, in this order.
const OPENING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;

/**
 * A WebSocket client (RFC 6455) for binary messages. Fragments and partial frames are passed on as they come, since
 * MQTT reads a stream (MQTT-6.0.0-2): nothing of a message is held here, however long it is.
 *
 * Ends with exactly one `channelClose`, unless `close` was called. Codes: `handshake-refused`, `handshake-invalid`,
 * `websocket-protocol` (a rule of RFC 6455 was broken), `websocket-closed` (the server's Close, quoted),
 * `send-overflow`, and the socket's own.
 */
export class WebSocketClient implements Channel, SocketSink {
  private _state = OPENING;
  private _socket: Socket | undefined;
  private _key: string;
  private _rest: Bytes = "";
  /** Bytes still to come of the present data frame's payload. */
  private _payload = 0;
  /** True between a data frame without FIN and the last of its continuations. */
  private _fragmented = false;
  /** Bytes written since the last drain. */
  private _written = 0;
  /** The longest of those writes: one long message is no sign of a stuck peer. */
  private _longest = 0;
  private _timer: unknown;

  /** Connects to `url`, asking for `protocol`. Throws `url-invalid`, or what the runtime's `connect` throws. */
  constructor(
    private _runtime: Runtime,
    url: string,
    private _protocol: string,
    private _sink: ChannelSink,
  ) {
    const address: Address = parseUrl(url);
    this._key = newKey(_runtime);
    this._socket = _runtime.connect(address, this);
    this._write(request(address, this._key, _protocol));
  }

  send(bytes: Bytes): boolean {
    if (this._state !== OPEN) return false;
    this._write(clientFrame(this._runtime, BINARY, bytes));
    return this._written < WINDOW;
  }

  close(code: number): void {
    if (this._state > OPEN) return;
    const open = this._state === OPEN;
    this._state = CLOSING;
    if (open && code) {
      // The server answers with a Close of its own and ends the connection (section 7.1.1); a dead one is not waited for.
      this._write(clientFrame(this._runtime, CLOSE, uint16(code)));
      if (this._socket) this._timer = this._runtime.setTimeout(() => this._end(true), PATIENCE);
    } else this._end(true);
  }

  data(chunk: Bytes): void {
    let bytes = this._rest ? this._rest + chunk : chunk;
    this._rest = "";
    if (this._state === OPENING) bytes = this._response(bytes);
    this._frames(bytes);
  }

  drain(): void {
    this._written = this._longest = 0;
    if (this._state === OPEN) this._sink.channelDrain();
  }

  /** The socket is gone. */
  socketClosed(error?: CodedError): void {
    this._lose(error || fail("socket-closed", "the connection was closed"));
  }

  /** Reads the server's answer to the request, once it is all here; returns what follows it. */
  private _response(bytes: Bytes): Bytes {
    const end = find(bytes, "\r\n\r\n");
    if (end < 0 && bytes.length <= HEAD) {
      this._rest = bytes;
      return "";
    }
    const fault =
      end < 0 || end > HEAD
        ? fail("handshake-invalid", "no end of headers in " + HEAD + " bytes: " + printable(bytes))
        : responseFault(this._runtime, bytes.substr(0, end), this._key, this._protocol);
    if (fault) {
      this._lose(fault);
      return "";
    }
    this._state = OPEN;
    this._key = "";
    this._sink.channelOpen();
    return bytes.substr(end + 4);
  }

  /**
   * Reads server frames (section 5.2), each as far as it is here. The payloads of those that follow each other go to the sink
   * in one piece. Nearly every frame is whole in itself, binary and has a short head: any other is read elsewhere, so that
   * the interpreter has little to read past.
   */
  private _frames(bytes: Bytes): void {
    const end = bytes.length;
    // The rest of a frame whose beginning came before.
    let at = this._payload;
    let payload = bytes.substr(0, at);
    let other;
    do {
      other = false;
      while (at < end && !other) {
        let start = at + 2;
        let length = bytes.charCodeAt(at + 1);
        if (length > 125) {
          start = length === 126 ? at + 4 : Infinity;
          length = uint16At(bytes, at + 2);
        }
        if (start > end || bytes.charCodeAt(at) !== WHOLE || this._fragmented) other = true;
        else {
          payload += bytes.substr(start, length);
          at = start + length;
        }
      }
      this._payload = at > end ? at - end : 0;
      if (payload && this._state === OPEN) this._sink.channelBytes(payload);
      if (other) {
        const start = this._head(bytes, at);
        payload = bytes.substr(start, this._payload);
        if (start) at = start + this._payload;
        else other = false;
      }
    } while (other);
    if (at < end && this._state < CLOSED) this._rest = bytes.substr(at);
  }

  /**
   * Reads the head of any frame at `at`, and a control frame to its end. Returns where its payload begins, or ends where it was
   * a control frame; 0 where nothing more can be read.
   */
  private _head(bytes: Bytes, at: number): number {
    const end = bytes.length;
    const first = bytes.charCodeAt(at);
    const opcode = first & 15;
    let length = bytes.charCodeAt(at + 1);
    let start = at + 2;
    this._payload = 0;
    // A handler may have ended the connection.
    if (this._state === CLOSED) return 0;
    if (length === 126) {
      length = uint16At(bytes, start);
      start += 2;
    } else if (length === 127) {
      length = uint16At(bytes, start + 4) * 65536 + uint16At(bytes, start + 6);
      // 2^31 bytes are far beyond any MQTT packet.
      if (start + 8 <= end && (uint16At(bytes, start) || uint16At(bytes, start + 2) || length > 0x7fffffff)) {
        return this._fail(1009, "a frame is too long");
      }
      start += 8;
    } else if (length > 127) return this._fail(1002, "a masked frame");
    if (start > end) return 0;
    if (first & 0x70) return this._fail(1002, "a reserved bit is set");
    if (opcode < CLOSE) {
      if (opcode === TEXT) return this._fail(1003, "a text frame");
      if (opcode > BINARY) return this._fail(1002, "a reserved opcode");
      if (this._fragmented !== (opcode === CONTINUATION)) return this._fail(1002, "a fragment out of order");
      this._fragmented = first < 128;
      this._payload = length;
      return start;
    }
    if (opcode > PONG) return this._fail(1002, "a reserved opcode");
    if (length > 125 || first < 128) return this._fail(1002, "a control frame is fragmented or over 125 bytes");
    if (start + length > end) return 0;
    this._control(opcode, bytes.substr(start, length));
    return start + length;
  }

  /** Control frames (section 5.5). */
  private _control(opcode: number, payload: Bytes): void {
    if (opcode === PING) {
      if (this._state === OPEN) this._write(clientFrame(this._runtime, PONG, payload));
    } else if (opcode === CLOSE) {
      const code = payload ? uint16At(payload, 0) : 1005;
      if (
        payload.length === 1 ||
        (payload && (code < 1000 || code > 4999 || (code > 1014 && code < 3000) || (code > 1003 && code < 1007)))
      ) {
        this._fail(1002, "a bad close code");
        return;
      }
      // Echoing the status code is enough of an answer (section 5.5.1).
      if (this._state === OPEN) this._write(clientFrame(this._runtime, CLOSE, payload.substr(0, 2)));
      this._lose(fail("websocket-closed", code + " " + printable(payload.substr(2))));
    }
  }

  private _write(bytes: Bytes): void {
    if (!this._socket) return;
    if (this._written > LIMIT + this._longest)
      return this._lose(fail("send-overflow", "the server takes nothing"), true);
    this._written += bytes.length;
    this._longest = Math.max(this._longest, bytes.length);
    this._socket.write(bytes);
  }

  /** Ends a connection that broke a rule, telling the server why (section 7.1.7); returns 0, where to go on reading. */
  private _fail(code: number, reason: string): number {
    if (this._state === OPEN) this._write(clientFrame(this._runtime, CLOSE, uint16(code)));
    this._lose(fail("websocket-protocol", code + " " + reason));
    return 0;
  }

  private _lose(error: CodedError, now?: boolean): void {
    const told = this._state > OPEN;
    this._end(now);
    if (!told) this._sink.channelClose(error);
  }

  private _end(now?: boolean): void {
    const socket = this._socket;
    this._state = CLOSED;
    this._rest = "";
    this._socket = undefined;
    if (this._timer != null) this._runtime.clearTimeout(this._timer);
    this._timer = null;
    if (socket) socket.end(now);
  }
}

/** Opens a WebSocket as the channel of a client. A function of its own, for a closure would hold its maker's variables. */
export function openWebSocket(url: string, protocol: string, sink: ChannelSink, runtime: Runtime): Channel {
  return new WebSocketClient(runtime, url, protocol, sink);
}
