/** The firmware's seams on Node: what the board's interpreter gives it there, node:net, node:tls and node:crypto give it here. */
import { createHash, randomBytes } from "node:crypto";
import net from "node:net";
import tls from "node:tls";
import { fail } from "../../firmware/errors";
import type { Bytes, Runtime, Socket, SocketOptions, SocketSink } from "../../firmware/seams";

/** Bytes as text where they are valid UTF-8, unchanged where they are not. */
function decode(bytes: Bytes): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(bytes, "latin1"));
  } catch {
    return bytes;
  }
}

/** Text as UTF-8, an array as it is; undefined for anything else, lone surrogates among it. */
function encode(value: unknown): Bytes | undefined {
  if (typeof value === "string") {
    return /\p{Surrogate}/u.test(value) ? undefined : Buffer.from(value, "utf8").toString("latin1");
  }
  if (value instanceof ArrayBuffer) return Buffer.from(value).toString("latin1");
  return value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : undefined;
}

/** Whom a computer believes, which a board cannot: the CAs that Node knows, and a private one. */
export interface Trust {
  /** DER. */
  ca?: Bytes;
}

/** What OpenSSL says of an answer that is no TLS record. */
const NO_TLS = /wrong version number|packet length too long|http request/;

/** What went wrong with a connection, in words and in one line. */
function reasonOf({ code = "", message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === "ECONNREFUSED") return `nothing listens at ${host}:${port} (${code})`;
  if (code === "ENOTFOUND") return `unknown host ${host} (${code})`;
  if (code === "EAI_AGAIN") return `no name server answers for ${host} (${code})`;
  if (NO_TLS.test(message)) return `what listens at ${host}:${port} does not speak TLS: is it ws:// instead of wss://?`;
  return message.trim().replace(/\s+/g, " ");
}

/**
 * Opens a TCP or TLS connection. As on the board, the certificate is not verified unless a `ca` or `trust` is given. With `trust` an error
 * before the connection stands has the board's code for it, `connect-failed` or `tls-failed`.
 */
export function connectSocket(options: SocketOptions, sink: SocketSink, trust?: Trust): Socket {
  const { host, port } = options;
  const ca = trust ? trust.ca && [...tls.rootCertificates, pem(trust.ca)] : options.ca && pem(options.ca);
  const socket = options.tls
    ? tls.connect({
        host,
        port,
        servername: net.isIP(host) ? undefined : host,
        rejectUnauthorized: trust !== undefined || options.ca != null,
        ca,
      })
    : net.connect({ host, port });
  let fault: Error | undefined;
  let over = false;
  let stage = "connect-failed";
  socket.once("connect", () => (stage = options.tls ? "tls-failed" : "socket-error"));
  socket.once("secureConnect", () => (stage = "socket-error"));
  socket.setNoDelay(true);
  socket.on("data", (data) => over || sink.data(data.toString("latin1")));
  socket.on("drain", () => over || sink.drain());
  socket.on("error", (error) => (fault = error));
  socket.on("close", () => {
    if (!over) sink.socketClosed(fault && fail(trust ? stage : "socket-error", reasonOf(fault, host, port)));
    over = true;
  });
  return {
    write(bytes) {
      // Node's drain only follows a full buffer; the firmware counts on one after every write. What is written when the other
      // end has said goodbye goes nowhere, and is no error.
      if (!socket.writable || socket.write(bytes, "latin1")) setImmediate(() => over || sink.drain());
    },
    end(now) {
      over = true;
      if (now) socket.destroy();
      else socket.end();
    },
  };
}

function pem(der: Bytes): string {
  const lines = Buffer.from(der, "latin1").toString("base64").replace(/.{64}/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

/** A runtime on Node; `change` replaces parts of it (virtual timers, a scripted connection, known randomness). */
export function hostRuntime(change: Partial<Runtime> = {}): Runtime {
  const hash = (name: string) => (bytes: Bytes) =>
    createHash(name).update(Buffer.from(bytes, "latin1")).digest().toString("latin1");
  return {
    setTimeout: (fn, ms, owner) => setTimeout(fn, ms, owner as never),
    clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
    now: () => performance.now(),
    random: () => randomBytes(4).readInt32LE(),
    sha1: hash("sha1"),
    sha256: hash("sha256"),
    buffer: (bytes) => new Uint8Array(Buffer.from(bytes, "latin1")).buffer,
    bytes: (buffer) => Buffer.from(buffer).toString("latin1"),
    encode,
    decode,
    watchdog: () => undefined,
    feed: () => undefined,
    connect: (options, sink) => connectSocket(options, sink),
    ...change,
  };
}
