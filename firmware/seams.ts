/**
 * The seams between layers: what each one is handed, so that the same code runs on the board, on Node and in a browser.
 * Types only; nothing here reaches the bundle.
 */

/** A row of bytes: every character code is 0–255. The board's fastest buffer. */
export type Bytes = string;

/** An error that programs can tell apart: `code` is a short kebab-case name, `message` says what to do. */
export interface CodedError extends Error {
  code: string;
}

/** What the firmware needs of the place it runs in. */
export interface Runtime {
  /** Calls `fn` once after `ms` milliseconds, with what it is for; returns a handle for `clearTimeout`. */
  setTimeout<T>(fn: (owner: T) => void, ms: number, owner?: T): unknown;
  clearTimeout(handle: unknown): void;
  /** Milliseconds since some fixed moment. For reporting durations only: the board's clock may jump. */
  now(): number;
  /** 32 unpredictable bits as an integer (signed or unsigned). */
  random(): number;
  /** SHA-1 of a row of bytes: 20 bytes (FIPS 180-4). */
  sha1(bytes: Bytes): Bytes;
  /** SHA-256, 32 bytes (FIPS 180-4); undefined where the runtime has no native one. */
  sha256(bytes: Bytes): Bytes | undefined;
  /** Text or an array of bytes as bytes (text becomes UTF-8); undefined for what is neither. */
  encode(value: unknown): Bytes | undefined;
  /** A copy of `bytes`, to be looked at through a typed array. */
  buffer(bytes: Bytes): ArrayBuffer;
  /** What a buffer holds, as a row of bytes. */
  bytes(buffer: ArrayBuffer): Bytes;
  /** Bytes as text where they are valid UTF-8, unchanged where they are not. */
  decode(bytes: Bytes): string;
  /** Where the runtime can keep records. */
  store?: Store;
  /** Restarts the board when `feed` has not been called for so many seconds; with `auto` when the interpreter hangs. */
  watchdog(seconds: number, auto: boolean): void;
  /** Called at least every minute by a session that makes progress. */
  feed(): void;
  /** Opens a TCP or TLS connection. May throw at once (refused, unknown host). */
  connect(options: SocketOptions, sink: SocketSink): Socket;
}

/** Records that survive a power cut. */
export interface Store {
  /** The record as it was written; undefined where there is none or it is torn. */
  read(name: string): Bytes | undefined;
  /** Writes a whole record. Throws when there is no room. */
  write(name: string, bytes: Bytes): void;
}

export interface SocketOptions {
  host: string;
  /** 1–65535. */
  port: number;
  /** TLS; on Espruino it hides the traffic but verifies nobody. */
  tls: boolean;
  /** A private CA's certificate (DER bytes) to verify the server by, where the runtime can: the board cannot. */
  ca?: Bytes;
}

/** A byte stream to the peer. */
export interface Socket {
  write(bytes: Bytes): void;
  /** Sends what is queued, then closes; with `now` it drops what is queued (a dead link). Safe to call again. */
  end(now?: boolean): void;
}

/** Who receives what a socket has to tell. After `socketClosed` nothing more comes. */
export interface SocketSink {
  data(bytes: Bytes): void;
  /** Everything written so far has left. */
  drain(): void;
  socketClosed(error?: CodedError): void;
}

/** A message channel to an MQTT server: the board's WebSocket client, Node's, or a browser's. */
export interface Channel {
  /** Sends one binary message. Returns false when the sender should wait for `drain` before the next. */
  send(bytes: Bytes): boolean;
  /** Closes with a status code (RFC 6455, section 7.4.1), 0 for a dead link. Safe to call again; `channelClose` does not follow. */
  close(code: number): void;
}

/** Who receives what a channel has to tell. After `channelClose`, or a `close` of one's own, nothing more comes. */
export interface ChannelSink {
  channelOpen(): void;
  channelBytes(bytes: Bytes): void;
  channelDrain(): void;
  /** `error` names the reason when the end was not asked for. */
  channelClose(error?: CodedError): void;
}

/** Opens a channel to `url`, asking for a WebSocket subprotocol. May throw. */
export type OpenChannel = (url: string, subprotocol: string, sink: ChannelSink, runtime: Runtime) => Channel;

/** Who to talk to, made afresh for each connect. */
export interface Endpoint {
  /** `ws://` or `wss://`, host, optional port, path. */
  url: string;
  clientId: Bytes;
  username?: Bytes;
  password?: Bytes;
  /** What somebody who poses as the server would get to see, where nothing keeps him from it. */
  exposure?: string;
}

/** A service to connect to. */
export interface Platform {
  limits: Limits;
  /** Called afresh for each connect: credentials may carry the time. */
  endpoint(): Endpoint;
}

/** What a platform forbids. What is left out is unlimited. */
export interface Limits {
  /** Keep Alive in seconds, from and to. */
  keepalive?: [number, number];
  /** True where neither Will nor Retain is allowed. */
  plain?: boolean;
  /** A topic's length in bytes. */
  topicBytes?: number;
  /** A topic's number of slashes. */
  topicSlashes?: number;
  /** A payload's length in bytes. */
  payload?: number;
  /** What every topic of this device holds, as whole levels: others belong to somebody else. */
  own?: Bytes;
  /** Subscriptions of one device. */
  subscriptions?: number;
  /** The most points in a second, and how many of them a message of QoS 1 costs: one of QoS 0 costs one. */
  rate?: [number, number];
}
