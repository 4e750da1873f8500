import { newKey, parseUrl, request, responseFault } from "../../firmware/websocket/handshake";
import { hostRuntime } from "../../tools/host/runtime";

const runtime = hostRuntime();
// Section 1.3.
const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

describe("the request (section 4.1)", () => {
  test("has these bytes", () => {
    expect(request(parseUrl("ws://server.example.com/chat"), KEY, "mqtt")).toBe(
      "GET /chat HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n`,
    );
  });

  test.each([
    ["ws://h/", "h"],
    ["ws://h:80/", "h"],
    ["ws://h:443/", "h:443"],
    ["wss://h/", "h"],
    ["wss://h:443/", "h"],
    ["wss://h:80/", "h:80"],
    ["ws://127.0.0.1:8080/mqtt", "127.0.0.1:8080"],
  ])("%s is for the host %s: a default port is left out (item 4)", (url, host) => {
    expect(request(parseUrl(url), KEY, "mqtt")).toContain(`\r\nHost: ${host}\r\n`);
  });

  test("asks for the path with its query", () => {
    expect(request(parseUrl("ws://h/a?b=c"), KEY, "mqttv3.1")).toMatch(
      /^GET \/a\?b=c HTTP\/1\.1\r\n[^]*\r\nSec-WebSocket-Protocol: mqttv3\.1\r\n\r\n$/,
    );
  });
});

describe("the key (item 7)", () => {
  test("is 16 bytes in base64, made of four random words", () => {
    const words = [0x00000000, -1, 0x12345678, 0xffffffff];
    const key = newKey(hostRuntime({ random: () => words.shift()! }));
    const bytes = Buffer.from(key, "base64");
    expect(key).toBe(bytes.toString("base64"));
    expect(bytes).toHaveLength(16);
    expect(new Uint32Array(new Uint8Array(bytes).buffer)).toEqual(
      Uint32Array.of(0, 0xffffffff, 0x12345678, 0xffffffff),
    );
    expect(words).toEqual([]);
  });

  test("is a new one every time", () => {
    expect(new Set(Array.from({ length: 100 }, () => newKey(runtime))).size).toBe(100);
  });
});

/** The head of a response to `KEY`, without the empty line: the header lines given replace the usual ones of their name. */
function head(change: Record<string, string | null>, status = "HTTP/1.1 101 Switching Protocols"): string {
  const fields: Record<string, string | null> = {
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Accept": ACCEPT,
    "Sec-WebSocket-Protocol": "mqtt",
    ...change,
  };
  const lines = Object.entries(fields).filter(([, value]) => value !== null);
  return [status, ...lines.map(([name, value]) => `${name}: ${value}`)].join("\r\n");
}

const fault = (text: string, protocol = "mqtt") => {
  const error = responseFault(runtime, text, KEY, protocol);
  return error && `${error.code}: ${error.message}`;
};

describe("a response that opens the connection", () => {
  test.each([
    ["the one of section 1.3", head({})],
    ["no reason phrase", head({}, "HTTP/1.1 101 ")],
    ["no reason phrase and no space", head({}, "HTTP/1.1 101")],
    ["another reason phrase", head({}, "HTTP/1.1 101 Web Socket Protocol Handshake")],
    ["Upgrade in capitals (item 2)", head({ Upgrade: "WebSocket" })],
    ["Connection among others, in capitals (item 3)", head({ Connection: "keep-alive, UPGRADE" })],
    ["header names in small letters", head({}).replace(/^[\w-]+:/gm, (name) => name.toLowerCase())],
    ["header names in capitals", head({}).replace(/^[\w-]+:/gm, (name) => name.toUpperCase())],
    ["no space after the colon", head({}).replace(/: /g, ":")],
    ["spaces and tabs around the values", head({}).replace(/: (.*)/g, ": \t $1 \t")],
    ["Connection twice", head({ Connection: "keep-alive" }) + "\r\nConnection: Upgrade"],
    ["headers of other matters", head({ Date: "now", Server: "x: y", "X-Upgrade": "no", "Set-Cookie": "a=b" })],
    ["no subprotocol", head({ "Sec-WebSocket-Protocol": null })],
    ["a line without a colon", head({}) + "\r\nnothing here"],
    ["a folded line of another header", head({ Via: "one\r\n two: three" })],
    ["a value with bytes over 127", head({ Server: "\xff\x80" })],
  ])("with %s", (_, text) => expect(fault(text)).toBeUndefined());

  test("with the subprotocol that was asked for", () => {
    expect(fault(head({ "Sec-WebSocket-Protocol": "mqttv3.1" }), "mqttv3.1")).toBeUndefined();
  });
});

describe("a refusal quotes the status", () => {
  test.each([
    ["HTTP/1.1 401 Unauthorized", "401 Unauthorized"],
    ["HTTP/1.1 403 Forbidden", "403 Forbidden"],
    ["HTTP/1.1 404 Not Found", "404 Not Found"],
    ["HTTP/1.1 200 OK", "200 OK"],
    ["HTTP/1.1 426 Upgrade Required", "426 Upgrade Required"],
    ["HTTP/1.1 503 Service Unavailable", "503 Service Unavailable"],
    ["HTTP/1.1 100 Continue", "100 Continue"],
    ["HTTP/1.1 1010 Odd", "1010 Odd"],
    ["HTTP/1.1 500", "500"],
    ["HTTP/1.0 200 OK", "200 OK"],
    ["HTTP/1.0 101 Switching Protocols", "101 Switching Protocols"],
    ["HTTP/1.1 400 \x1b[31mBad\x00", "400 .[31mBad."],
  ])("%j", (status, quoted) => expect(fault(head({}, status))).toBe(`handshake-refused: ${quoted}`));

  test("and where a redirect leads", () => {
    expect(fault("HTTP/1.1 301 Moved Permanently\r\nlocation: http://elsewhere.example/\x07")).toBe(
      "handshake-refused: 301 Moved Permanently to http://elsewhere.example/.",
    );
  });

  test("of which no more than 80 characters are quoted", () => {
    const error = responseFault(runtime, `HTTP/1.1 404 ${"x".repeat(1000)}`, KEY, "mqtt");
    expect(error).toMatchObject({ code: "handshake-refused", message: `404 ${"x".repeat(76)}` });
  });
});

describe("an answer that is not of this protocol", () => {
  test.each([
    ["SSH", "SSH-2.0-OpenSSH_9.6", "not HTTP: SSH-2.0-OpenSSH_9.6"],
    ["MQTT over plain TCP", "\x20\x02\x00\x01", "not HTTP:  ..."],
    ["nothing", "", "not HTTP: "],
    ["another protocol's version", "HTTP/2 101 x", "not HTTP: HTTP/2 101 x"],
    ["the status in a later line", "\r\nHTTP/1.1 101 x", "not HTTP: "],
  ])("%s", (_, text, message) => expect(fault(text)).toBe(`handshake-invalid: ${message}`));

  test.each([
    ["no Upgrade (item 2)", { Upgrade: null }, "Upgrade"],
    ["an empty Upgrade", { Upgrade: "" }, "Upgrade"],
    ["another Upgrade", { Upgrade: "h2c" }, "Upgrade"],
    ["an Upgrade that begins alike", { Upgrade: "websocket2" }, "Upgrade"],
    ["Upgrade folded away", { Upgrade: "\r\n websocket" }, "Upgrade"],
    ["a space before the colon", { Upgrade: null, "Upgrade ": "websocket" }, "Upgrade"],
    ["no Connection (item 3)", { Connection: null }, "Connection"],
    ["another Connection", { Connection: "close" }, "Connection"],
    ["a Connection that holds the word inside another", { Connection: "no-upgrade" }, "Connection"],
    ["no Accept (item 4)", { "Sec-WebSocket-Accept": null }, "Sec-WebSocket-Accept"],
    ["an empty Accept", { "Sec-WebSocket-Accept": "" }, "Sec-WebSocket-Accept"],
    ["the key itself as Accept", { "Sec-WebSocket-Accept": KEY }, "Sec-WebSocket-Accept"],
    ["Accept in another case", { "Sec-WebSocket-Accept": ACCEPT.toLowerCase() }, "Sec-WebSocket-Accept"],
    ["Accept with more after it", { "Sec-WebSocket-Accept": `${ACCEPT}=` }, "Sec-WebSocket-Accept"],
    ["Accept cut short", { "Sec-WebSocket-Accept": ACCEPT.slice(0, -1) }, "Sec-WebSocket-Accept"],
    ["Accept twice", { "sec-websocket-accept": ACCEPT }, "Sec-WebSocket-Accept"],
    [
      "Accept only in another header's value",
      { "Sec-WebSocket-Accept": null, Via: `Sec-WebSocket-Accept: ${ACCEPT}` },
      "Sec-WebSocket-Accept",
    ],
    [
      "an extension nobody asked for (item 5)",
      { "Sec-WebSocket-Extensions": "permessage-deflate" },
      "Sec-WebSocket-Extensions",
    ],
    ["a subprotocol nobody asked for (item 6)", { "Sec-WebSocket-Protocol": "chat" }, "Sec-WebSocket-Protocol"],
    ["a subprotocol in another case", { "Sec-WebSocket-Protocol": "MQTT" }, "Sec-WebSocket-Protocol"],
    ["two subprotocols", { "Sec-WebSocket-Protocol": "mqtt, mqttv3.1" }, "Sec-WebSocket-Protocol"],
    ["the subprotocol twice", { "sec-websocket-protocol": "mqtt" }, "Sec-WebSocket-Protocol"],
  ] as [string, Record<string, string | null>, string][])("%s", (_, change, name) => {
    expect(fault(head(change))).toBe(`handshake-invalid: bad ${name}`);
  });

  // Line ends of another kind are no line ends: the whole head is then one status line.
  test("lines that end in LF alone", () => {
    expect(fault(head({}).replace(/\r\n/g, "\n"))).toBe("handshake-invalid: bad Upgrade");
  });
});
