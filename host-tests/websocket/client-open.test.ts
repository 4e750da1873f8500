import { WebSocketClient } from "../../firmware/websocket/client";
import { fail } from "../../firmware/errors";
import { VirtualRuntime } from "../fixtures/virtual-time";
import { acceptance, keyOf, opcodes, Recorder, serverFrame, Session } from "../fixtures/websocket-peer";

let session: Session;
beforeEach(() => (session = new Session()));
afterEach(() => expect(session.virtual.clock.pending).toBe(0));

/** What a response, in one chunk, comes to. */
function answer(response: string): string[] {
  session.socket.receive(response);
  expect(session.sink.opened).toBe(0);
  expect(session.socket.take()).toBe("");
  return session.outcome;
}

describe("connecting", () => {
  test.each([
    ["ws://127.0.0.1:8080/mqtt", { host: "127.0.0.1", port: 8080, tls: false }],
    ["wss://example.com", { host: "example.com", port: 443, tls: true }],
  ])("%s opens a socket there and sends the request at once", (url, options) => {
    const other = new Session(undefined, url, "mqttv3.1");
    expect(other.socket.options).toMatchObject(options);
    expect(other.request).toMatch(/^GET \S+ HTTP\/1\.1\r\n[^]*Sec-WebSocket-Protocol: mqttv3\.1\r\n\r\n$/);
    expect(Buffer.from(keyOf(other.request), "base64")).toHaveLength(16);
    expect(other.outcome).toEqual([]);
  });

  test("a key serves once", () => {
    const again = new Session(session.virtual);
    expect(keyOf(again.request)).not.toBe(keyOf(session.request));
  });

  test("a bad URL throws url-invalid and opens nothing", () => {
    const virtual = new VirtualRuntime();
    const sink = new Recorder();
    expect(() => new WebSocketClient(virtual.runtime, "http://h/", "mqtt", sink)).toThrow(
      expect.objectContaining({ code: "url-invalid" }),
    );
    expect([virtual.sockets.length, sink.closes.length]).toEqual([0, 0]);
  });

  test("what the runtime's connect throws comes through", () => {
    const virtual = new VirtualRuntime();
    const sink = new Recorder();
    virtual.connectError = fail("connect-failed", "refused");
    expect(() => new WebSocketClient(virtual.runtime, "ws://h/", "mqtt", sink)).toThrow(virtual.connectError);
    expect(sink.closes).toEqual([]);
  });

  test("nothing but the request is sent before the server agrees", () => {
    expect(session.client.send("early")).toBe(false);
    session.socket.drain();
    expect([session.socket.take(), session.sink.drained, session.sink.opened]).toEqual(["", 0, 0]);
  });
});

describe("the server's answer", () => {
  test("opens the connection once", () => {
    session.open();
    expect([session.sink.opened, session.outcome]).toEqual([1, []]);
  });

  test("opens it without a subprotocol too", () => {
    session.socket.receive(acceptance(session.request));
    expect([session.sink.opened, session.outcome]).toEqual([1, []]);
  });

  test("may arrive byte by byte", () => {
    const response = acceptance(session.request);
    for (const byte of response.slice(0, -1)) session.socket.receive(byte);
    expect(session.sink.opened).toBe(0);
    session.socket.receive(response.slice(-1));
    expect(session.sink.opened).toBe(1);
  });

  test("is told from the frames behind it in the same chunk", () => {
    session.socket.receive(acceptance(session.request) + serverFrame(opcodes.binary, "first\r\n\r\nbytes"));
    expect([session.sink.opened, session.sink.received]).toEqual([1, "first\r\n\r\nbytes"]);
  });

  test("with garbage behind it opens, then fails with 1002", () => {
    session.socket.receive(acceptance(session.request) + "HTTP/1.1 400 Bad Request\r\n\r\n");
    expect(session.sink.opened).toBe(1);
    expect(session.sent()).toEqual([[opcodes.close, "\x03\xea"]]);
    expect(session.outcome).toEqual([expect.stringMatching(/^websocket-protocol: 1002 /), "ended gently"]);
  });

  test("that refuses is an error that quotes the status", () => {
    expect(answer("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno")).toEqual([
      "handshake-refused: 401 Unauthorized",
      "ended gently",
    ]);
  });

  test("that redirects is not followed", () => {
    expect(answer("HTTP/1.1 302 Found\r\nLocation: ws://other/\r\n\r\n")).toEqual([
      "handshake-refused: 302 Found to ws://other/",
      "ended gently",
    ]);
    expect(session.virtual.sockets).toHaveLength(1);
  });

  test("made for another key is refused", () => {
    expect(answer(acceptance(new Session(session.virtual).request))).toEqual([
      "handshake-invalid: bad Sec-WebSocket-Accept",
      "ended gently",
    ]);
  });

  test("with a subprotocol nobody asked for is refused", () => {
    expect(answer(acceptance(session.request, "Sec-WebSocket-Protocol: chat"))).toEqual([
      "handshake-invalid: bad Sec-WebSocket-Protocol",
      "ended gently",
    ]);
  });

  test("whose head has exactly 2048 bytes is read", () => {
    const response = acceptance(session.request, "X: ");
    const padded = acceptance(session.request, `X: ${"x".repeat(2048 - (response.length - 4))}`);
    expect(padded.indexOf("\r\n\r\n")).toBe(2048);
    session.socket.receive(padded);
    expect([session.sink.opened, session.outcome]).toEqual([1, []]);
  });

  test("whose head has more than 2048 bytes is refused", () => {
    expect(answer(acceptance(session.request, `X: ${"x".repeat(2048)}`))).toEqual([
      expect.stringMatching(/^handshake-invalid: no end of headers in 2048 bytes: HTTP\/1\.1 101 /),
      "ended gently",
    ]);
  });

  test("that never ends is given up after 2048 bytes", () => {
    let fed = 0;
    while (!session.socket.ended && fed < 10_000) {
      session.socket.receive("x".repeat(100));
      fed += 100;
    }
    expect(fed).toBe(2100);
    expect(session.outcome).toEqual([
      `handshake-invalid: no end of headers in 2048 bytes: ${"x".repeat(80)}`,
      "ended gently",
    ]);
  });
});

describe("before the server has answered", () => {
  test("the connection's end is told", () => {
    session.socket.receive("HTTP/1.1 101 ");
    session.socket.close();
    expect([session.sink.opened, session.sink.closes.map((e) => e?.code)]).toEqual([0, ["socket-closed"]]);
  });

  test("the socket's own error is passed on", () => {
    const error = fail("socket-error", "reset");
    session.socket.close(error);
    expect(session.sink.closes).toEqual([error]);
  });

  test("close drops the connection, without a Close frame and without a channelClose", () => {
    session.client.close(1000);
    session.client.close(1000);
    expect([session.outcome, session.socket.take()]).toEqual([["ended now"], ""]);
  });
});
