import type { Bytes, CodedError, Runtime } from "../seams";
import { isName, isPlain, printable } from "../bytes";
import { fail } from "../errors";

/** Base64 of a row of bytes: on the board, on Node and in a browser. */
declare function btoa(bytes: Bytes): string;

/** Where a WebSocket URL leads. */
export interface Address {
  tls: boolean;
  host: string;
  port: number;
  /** Path and query, at least `/`. */
  path: string;
}

/** Takes `ws://host[:port][/path]` or `wss://…` apart (RFC 6455, section 3). Throws `url-invalid`. */
export function parseUrl(url: string): Address {
  const tls = url.substr(0, 6) === "wss://";
  const rest = url.substr(tls ? 6 : 5);
  const slash = (rest + "/").indexOf("/");
  const authority = rest.substr(0, slash);
  const colon = (authority + ":").indexOf(":");
  const host = authority.substr(0, colon);
  const digits = authority.substr(colon + 1);
  let port = tls ? 443 : 80;
  if (colon < authority.length) {
    port = 0;
    for (let i = 0; i < digits.length; i++) {
      const digit = digits.charCodeAt(i) - 48;
      port = digit < 0 || digit > 9 ? NaN : port * 10 + digit;
    }
  }
  // A line end in a URL would let it write headers of its own; a fragment never leaves the client.
  if (
    (!tls && url.substr(0, 5) !== "ws://") ||
    !isPlain(url, "#") ||
    !isName(host, "") ||
    !(port > 0 && port < 65536)
  ) {
    throw fail("url-invalid", "must look like ws://host:port/path or wss://host:port/path");
  }
  return { tls: tls, host: host, port: port, path: rest.substr(slash) || "/" };
}

/** 16 random bytes in base64 (section 4.1, item 7). */
export function newKey(runtime: Runtime): string {
  const buffer = runtime.buffer("\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00");
  const words = new Uint32Array(buffer);
  for (let i = 0; i < 4; i++) words[i] = runtime.random();
  return btoa(runtime.bytes(buffer));
}

/** The opening handshake's request (section 4.1). */
export function request(address: Address, key: string, protocol: string): Bytes {
  const host = address.host + (address.port === (address.tls ? 443 : 80) ? "" : ":" + address.port);
  return (
    "GET " +
    address.path +
    " HTTP/1.1\r\nHost: " +
    host +
    "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " +
    key +
    "\r\nSec-WebSocket-Protocol: " +
    protocol +
    "\r\n\r\n"
  );
}

/** The value of a header in a response's lines, trimmed; repeated ones joined by commas, undefined where there is none. */
function header(lines: Bytes[], name: string): string | undefined {
  let value: string | undefined;
  for (let i = 1; i < lines.length; i++) {
    const colon = lines[i].indexOf(":");
    if (lines[i].substr(0, colon).toLowerCase() === name) {
      const text = lines[i].substr(colon + 1).trim();
      value = value == null ? text : value + "," + text;
    }
  }
  return value;
}

/** True where a comma-separated list holds `token`, whatever its case. */
function lists(value: string | undefined, token: string): boolean {
  const parts = (value || "").toLowerCase().split(",");
  for (let i = 0; i < parts.length; i++) if (parts[i].trim() === token) return true;
  return false;
}

/**
 * What is wrong with the server's response, its head without the last empty line, or undefined (section 4.1, "client
 * requirements"). `handshake-refused` quotes the status; `handshake-invalid` says which header is off.
 */
export function responseFault(runtime: Runtime, head: Bytes, key: string, protocol: string): CodedError | undefined {
  const lines = head.split("\r\n");
  const status = lines[0];
  if (status.substr(0, 7) !== "HTTP/1.") return fail("handshake-invalid", "not HTTP: " + printable(status));
  if ((status + " ").substr(0, 13) !== "HTTP/1.1 101 ") {
    const location = header(lines, "location");
    return fail("handshake-refused", printable(status.substr(9)) + (location ? " to " + printable(location) : ""));
  }
  let wrong;
  const agreed = header(lines, "sec-websocket-protocol");
  if (!lists(header(lines, "upgrade"), "websocket")) wrong = "Upgrade";
  else if (!lists(header(lines, "connection"), "upgrade")) wrong = "Connection";
  else if (header(lines, "sec-websocket-accept") !== btoa(runtime.sha1(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))) {
    wrong = "Sec-WebSocket-Accept";
  } else if (header(lines, "sec-websocket-extensions")) wrong = "Sec-WebSocket-Extensions";
  // No subprotocol in the answer is let pass: what the clouds answer is not documented, and MQTT's own CONNACK follows.
  else if (agreed && agreed !== protocol) wrong = "Sec-WebSocket-Protocol";
  return wrong ? fail("handshake-invalid", "bad " + wrong) : undefined;
}
