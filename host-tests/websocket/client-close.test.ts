import { fail } from "../../firmware/errors";
import { Client } from "../../firmware/mqtt/client";
import { openWebSocket } from "../../firmware/websocket/client";
import { VirtualRuntime } from "../fixtures/virtual-time";
import { acceptance, closeFrame, opcodes, serverFrame, Session } from "../fixtures/websocket-peer";

const { binary, close, ping } = opcodes;

let session: Session;
beforeEach(() => (session = new Session().open()));

describe("closed by the server (section 5.5.1)", () => {
  afterEach(() => expect(session.virtual.clock.pending).toBe(0));

  test.each([1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999])(
    "the code %i is answered with itself, and told",
    (code) => {
      session.socket.receive(closeFrame(code, "because"));
      expect(session.sent()).toEqual([[close, String.fromCharCode(code >> 8, code & 255)]]);
      expect(session.outcome).toEqual([`websocket-closed: ${code} because`, "ended gently"]);
    },
  );

  test.each([0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1999, 2000, 2999, 5000, 65535])(
    "the code %i is no code to send (section 7.4), and fails the connection with 1002",
    (code) => {
      session.socket.receive(closeFrame(code, "because"));
      expect(session.sent()).toEqual([[close, "\x03\xea"]]);
      expect(session.outcome).toEqual(["websocket-protocol: 1002 a bad close code", "ended gently"]);
    },
  );

  test.each(["\x03", "\x0f"])("half a code, %j, fails the connection", (half) => {
    session.socket.receive(serverFrame(close, half));
    expect(session.sent()).toEqual([[close, "\x03\xea"]]);
    expect(session.outcome).toEqual(["websocket-protocol: 1002 a bad close code", "ended gently"]);
  });

  test("no code at all counts as 1005 (section 7.1.5), and is answered with none", () => {
    session.socket.receive(serverFrame(close));
    expect(session.sent()).toEqual([[close, ""]]);
    expect(session.outcome).toEqual(["websocket-closed: 1005 ", "ended gently"]);
  });

  test("a reason is quoted so that it can be printed", () => {
    session.socket.receive(closeFrame(1008, `\x1b[31m"\r\n\xe4\xb8\xad${"x".repeat(110)}`));
    expect(session.sink.closes).toEqual([expect.objectContaining({ message: `1008 .[31m".....${"x".repeat(69)}` })]);
  });

  test("what came before it is delivered, what follows is not (section 1.4)", () => {
    session.socket.receive(
      serverFrame(binary, "before") + closeFrame(1000) + serverFrame(binary, "after") + serverFrame(ping, "after"),
    );
    expect(session.sink.received).toBe("before");
    expect(session.sent()).toEqual([[close, "\x03\xe8"]]);
    expect(session.outcome).toEqual(["websocket-closed: 1000 ", "ended gently"]);
  });

  test("in pieces, it is told once it is whole", () => {
    const bytes = closeFrame(1001, "going away");
    for (const byte of bytes.slice(0, -1)) session.socket.receive(byte);
    expect(session.outcome).toEqual([]);
    session.socket.receive(bytes.slice(-1));
    expect(session.outcome).toEqual(["websocket-closed: 1001 going away", "ended gently"]);
  });

  test("whatever still comes from the socket afterwards is ignored", () => {
    session.socket.receive(closeFrame(1000));
    session.socket.take();
    const { sink } = session.socket;
    sink.data(serverFrame(binary, "late"));
    sink.drain();
    sink.socketClosed();
    session.client.close(1000);
    expect(session.client.send("late")).toBe(false);
    expect([session.sink.received, session.sink.closes.length, session.socket.take()]).toEqual(["", 1, ""]);
  });
});

describe("the connection breaks off (section 7.1.4)", () => {
  afterEach(() => expect(session.virtual.clock.pending).toBe(0));

  test.each([
    ["between frames", ""],
    ["within a header", "\x82"],
    ["within a payload", serverFrame(binary, "half", { length: 8 })],
    ["within a Ping", serverFrame(ping, "half", { length: 8 })],
    ["within a Close", "\x88\x02\x03"],
  ])("%s: socket-closed", (_, bytes) => {
    if (bytes) session.socket.receive(bytes);
    session.socket.close();
    expect(session.sink.closes).toEqual([expect.objectContaining({ code: "socket-closed" })]);
    expect(session.socket.take()).toBe("");
  });

  test("with an error: that error", () => {
    const error = fail("socket-error", "reset by peer");
    session.socket.close(error);
    expect(session.sink.closes).toEqual([error]);
  });
});

describe("closed by the client (sections 7.1.1 and 7.1.2)", () => {
  const goodbye: [number, string] = [close, "\x03\xe8"];

  test("sends its code, waits for the server's Close and ends the socket; nothing is told", () => {
    session.client.close(1000);
    expect([session.sent(), session.outcome]).toEqual([[goodbye], []]);
    session.socket.receive(closeFrame(1000));
    expect([session.socket.take(), session.outcome]).toEqual(["", ["ended gently"]]);
    expect(session.virtual.clock.pending).toBe(0);
  });

  test("with 0, for a dead link, sends nothing, waits for nothing, and lets go of the socket with what it queued", () => {
    session.client.close(0);
    expect([session.sent(), session.outcome]).toEqual([[], ["ended now"]]);
    expect(session.virtual.clock.pending).toBe(0);
  });

  test("a second close changes nothing", () => {
    session.client.close(1000);
    session.client.close(1001);
    expect(session.sent()).toEqual([goodbye]);
    session.socket.receive(closeFrame(1000));
    session.client.close(1001);
    expect([session.socket.take(), session.outcome]).toEqual(["", ["ended gently"]]);
  });

  test("sends nothing more, and delivers nothing more", () => {
    session.client.close(1000);
    session.socket.take();
    expect(session.client.send("late")).toBe(false);
    session.socket.receive(serverFrame(binary, "late") + serverFrame(ping, "late"));
    session.socket.drain();
    expect([session.socket.take(), session.sink.received, session.sink.drained]).toEqual(["", "", 1]);
    session.socket.receive(closeFrame(1000));
    expect(session.outcome).toEqual(["ended gently"]);
  });

  test("finds the server's Close behind the rest of a message", () => {
    session.socket.receive(serverFrame(binary, "begun", { length: 10 }));
    session.client.close(1000);
    session.socket.receive(`\x88\x02\x03\xe8!${closeFrame(1000)}`);
    expect([session.sink.received, session.outcome]).toEqual(["begun", ["ended gently"]]);
  });

  test("does not wait for a server that keeps silent longer than 2 s", () => {
    session.client.close(1000);
    session.virtual.clock.advance(1999);
    expect(session.outcome).toEqual([]);
    session.virtual.clock.advance(1);
    expect(session.outcome).toEqual(["ended now"]);
    expect(session.virtual.clock.pending).toBe(0);
  });

  test("does not wait for one that talks on either", () => {
    session.client.close(1000);
    for (let i = 0; i < 30; i++) {
      session.socket.receive(serverFrame(binary, "talk"));
      session.virtual.clock.advance(100);
    }
    expect([session.outcome, session.virtual.clock.pending]).toEqual([["ended now"], 0]);
  });

  test("is over when the server ends the connection", () => {
    session.client.close(1000);
    session.socket.close();
    expect([session.sink.closes, session.virtual.clock.pending]).toEqual([[], 0]);
  });

  test("is over when the server breaks a rule, and nothing is told", () => {
    session.client.close(1000);
    session.socket.take();
    session.socket.receive("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff");
    expect([session.socket.take(), session.outcome]).toEqual(["", ["ended gently"]]);
    expect(session.virtual.clock.pending).toBe(0);
  });

  test("before the server's Close crossed it: one Close each way", () => {
    session.client.close(1000);
    session.socket.receive(closeFrame(1001, "crossed"));
    expect([session.sent(), session.outcome]).toEqual([[goodbye], ["ended gently"]]);
  });

  test("from within channelBytes, delivers nothing of the rest", () => {
    session.sink.changed = () => session.client.close(1000);
    const rest = serverFrame(ping, "") + serverFrame(binary, "two") + closeFrame(1000);
    session.socket.receive(serverFrame(binary, "one") + rest);
    expect([session.sink.received, session.sent(), session.outcome]).toEqual(["one", [goodbye], ["ended gently"]]);
    expect(session.virtual.clock.pending).toBe(0);
  });

  test("from within channelBytes, what followed without a break was in the same piece", () => {
    session.sink.changed = () => session.client.close(1000);
    session.socket.receive(serverFrame(binary, "one") + serverFrame(binary, "two"));
    session.socket.receive(serverFrame(binary, "three"));
    expect([session.sink.received, session.sent(), session.outcome]).toEqual(["onetwo", [goodbye], []]);
  });

  test("by the MQTT client in a handler: of the messages in one piece none follows", () => {
    const virtual = new VirtualRuntime();
    const endpoint = () => ({ url: "ws://127.0.0.1:8080/mqtt", clientId: "c" });
    const client = new Client(virtual.runtime, openWebSocket, { limits: {}, endpoint }, {});
    const payloads: unknown[] = [];
    client.on("message", (_topic, payload) => {
      payloads.push(payload);
      client.end();
    });
    client.connect();
    const { socket } = virtual;
    socket.receive(acceptance(socket.take(), "Sec-WebSocket-Protocol: mqtt"));
    socket.receive(serverFrame(binary, "\x20\x02\x00\x00"));
    const message = (payload: string) => serverFrame(binary, `\x30\x04\x00\x01t${payload}`);
    socket.receive(message("1") + message("2"));
    expect(payloads).toEqual(["1"]);
  });

  test("from within channelOpen", () => {
    const other = new Session();
    other.sink.changed = () => other.client.close(1000);
    other.open();
    expect([other.sent(), other.outcome]).toEqual([[goodbye], []]);
    other.socket.receive(closeFrame(1000));
    expect([other.outcome, other.virtual.clock.pending]).toEqual([["ended gently"], 0]);
  });

  test("from within channelClose, does nothing", () => {
    session.sink.changed = () => session.client.close(1000);
    session.socket.close();
    expect([session.sink.closes.length, session.socket.take(), session.virtual.clock.pending]).toEqual([1, "", 0]);
  });
});
