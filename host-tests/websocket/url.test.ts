import { parseUrl } from "../../firmware/websocket/handshake";

const ok = (tls: boolean, host: string, port: number, path: string) => ({ tls, host, port, path });

describe("a WebSocket URL (RFC 6455, section 3)", () => {
  test.each([
    ["ws://example.com", ok(false, "example.com", 80, "/")],
    ["wss://example.com", ok(true, "example.com", 443, "/")],
    ["ws://example.com/", ok(false, "example.com", 80, "/")],
    ["ws://127.0.0.1:8080/mqtt", ok(false, "127.0.0.1", 8080, "/mqtt")],
    [
      "wss://pk.iot-as-mqtt.cn-shanghai.aliyuncs.com:443/mqtt",
      ok(true, "pk.iot-as-mqtt.cn-shanghai.aliyuncs.com", 443, "/mqtt"),
    ],
    ["ws://h:1", ok(false, "h", 1, "/")],
    ["ws://h:65535", ok(false, "h", 65535, "/")],
    ["ws://h:443", ok(false, "h", 443, "/")],
    ["wss://h:80/", ok(true, "h", 80, "/")],
    ["ws://h:0080/", ok(false, "h", 80, "/")],
    ["ws://h/a/b%20c?x=1&y=/:@", ok(false, "h", 80, "/a/b%20c?x=1&y=/:@")],
    ["ws://h//", ok(false, "h", 80, "//")],
  ])("%s", (url, address) => expect(parseUrl(url)).toEqual(address));

  test.each([
    ["nothing", ""],
    ["no scheme", "example.com"],
    ["only a scheme", "ws://"],
    ["another scheme", "http://example.com/"],
    ["a scheme that begins alike", "wsx://example.com/"],
    ["one slash", "ws:/example.com/"],
    ["no host", "ws:///mqtt"],
    ["a port alone", "ws://:80/mqtt"],
    ["an empty port", "ws://example.com:/mqtt"],
    ["port 0", "ws://example.com:0/"],
    ["port 65536", "ws://example.com:65536/"],
    ["a negative port", "ws://example.com:-80/"],
    ["a port with a fraction", "ws://example.com:80.5/"],
    ["a port that is a word", "ws://example.com:http/"],
    ["two ports", "ws://example.com:80:81/"],
    ["a user", "ws://user@example.com/"],
    ["a user and a password", "ws://user:secret@example.com/"],
    ["a fragment", "ws://example.com/#x"],
    ["an IPv6 address, which the board cannot reach", "ws://[::1]:80/"],
    ["a space", "ws://example.com/a b"],
    ["a space at the end", "ws://example.com/ "],
    ["a tab", "ws://example.com/\t"],
    ["a header of its own in the path", "ws://example.com/ HTTP/1.1\r\nX: y"],
    ["a line end in the host", "ws://example.com\r\nX: y/"],
    ["a line feed alone", "ws://example.com/\nX:y"],
    ["NUL", "ws://example.com/\x00"],
    ["DEL", "ws://example.com/\x7f"],
    ["a byte over 127", "ws://example.com/\xe4"],
    ["Chinese", "ws://例子.com/"],
  ])("with %s is url-invalid", (_, url) => {
    expect(() => parseUrl(url)).toThrow(expect.objectContaining({ code: "url-invalid" }));
  });

  // `+"1e3"` is a number to JavaScript and no port (RFC 3986, section 3.2.3: digits only).
  test.each(["1e3", "0x50", "+80", "80.0"])("with a port of %s is url-invalid", (port) => {
    expect(() => parseUrl(`ws://example.com:${port}/`)).toThrow(expect.objectContaining({ code: "url-invalid" }));
  });

  // The query becomes part of the host name (RFC 3986, section 3.2: "?" ends the authority).
  test("with a query and no path asks for / and the query, or is refused", () => {
    let address;
    try {
      address = parseUrl("ws://example.com?x=1");
    } catch (error) {
      expect(error).toHaveProperty("code", "url-invalid");
      return;
    }
    expect(address).toEqual(ok(false, "example.com", 80, "/?x=1"));
  });

  // No host name holds these (RFC 3986, section 3.2.2); they go into the Host header as they are.
  test.each(["a\\b", "a<b", 'a"b', "a|b", "a{b"])("with a host of %s is url-invalid", (host) => {
    expect(() => parseUrl(`ws://${host}/`)).toThrow(expect.objectContaining({ code: "url-invalid" }));
  });
});
