import type { FrameChange } from "../fixtures/websocket-peer";
import { closeFrame, opcodes, serverFrame, Session } from "../fixtures/websocket-peer";
import { Seeded, seed } from "../fixtures/seeded";

const { continuation, text, binary, close, ping, pong } = opcodes;

let session: Session;
beforeEach(() => (session = new Session().open()));
afterEach(() => expect(session.virtual.clock.pending).toBe(0));

/** The connection has failed for this reason, and the server was told. */
function expectFailure(code: number, reason: string) {
  expect(session.sent()).toEqual([[close, String.fromCharCode(code >> 8, code & 255)]]);
  expect(session.outcome).toEqual([`websocket-protocol: ${code} ${reason}`, "ended gently"]);
}

/** Nothing has happened but that these bytes came. */
function expectReceived(bytes: string) {
  expect(session.sink.received).toBe(bytes);
  expect([session.outcome, session.socket.take()]).toEqual([[], ""]);
}

describe("section 5.1: a server must not mask", () => {
  test.each([
    ["a binary frame", serverFrame(binary, "x", { mask: "\x01\x02\x03\x04" })],
    ["an empty one", serverFrame(binary, "", { mask: "\x01\x02\x03\x04" })],
    ["one masked with zeros", serverFrame(binary, "x", { mask: "\x00\x00\x00\x00" })],
    ["a long one", serverFrame(binary, "x".repeat(126), { mask: "\x01\x02\x03\x04" })],
    ["a Ping", serverFrame(ping, "", { mask: "\x01\x02\x03\x04" })],
    ["a Close", serverFrame(close, "\x03\xe8", { mask: "\x01\x02\x03\x04" })],
  ])("%s fails the connection", (_, bytes) => {
    session.socket.receive(bytes);
    expectFailure(1002, "a masked frame");
    expect(session.sink.received).toBe("");
  });
});

describe("section 5.2: the header", () => {
  test.each([1, 2, 4, 7])("reserved bits of %i fail the connection", (rsv) => {
    session.socket.receive(serverFrame(binary, "x", { rsv }));
    expectFailure(1002, "a reserved bit is set");
  });

  test("reserved bits of a control frame too", () => {
    session.socket.receive(serverFrame(ping, "x", { rsv: 4 }));
    expectFailure(1002, "a reserved bit is set");
  });

  test.each([3, 4, 5, 6, 7, 11, 12, 13, 14, 15])("the reserved opcode %i fails the connection", (opcode) => {
    session.socket.receive(serverFrame(opcode, "x"));
    expectFailure(1002, "a reserved opcode");
  });

  test.each([0, 1, 125, 126, 127, 255, 256, 65535, 65536, 70000])("a payload of %i bytes arrives", (length) => {
    const payload = new Seeded(length).bytes(length);
    session.socket.receive(serverFrame(binary, payload) + serverFrame(binary, "next"));
    expectReceived(`${payload}next`);
  });

  // The shortest form is the sender's duty; taking a longer one does no harm.
  test.each([2, 8] as const)("a length in %i bytes more than it needs is understood", (extended) => {
    session.socket.receive(serverFrame(binary, "abc", { extended }) + serverFrame(binary, "next"));
    expectReceived("abcnext");
  });

  test("a 64-bit length up to 2^31 - 1 is taken", () => {
    session.socket.receive(serverFrame(binary, "begin", { length: 0x7fffffff }));
    expectReceived("begin");
  });

  test.each([0x80000000, 0x100000000, 2 ** 48, Number.MAX_SAFE_INTEGER])("a length of %i fails with 1009", (length) => {
    session.socket.receive(serverFrame(binary, "", { length }));
    expectFailure(1009, "a frame is too long");
  });

  test("a length with its highest bit set fails with 1009", () => {
    session.socket.receive("\x82\x7f\x80\x00\x00\x00\x00\x00\x00\x01");
    expectFailure(1009, "a frame is too long");
  });

  test("a header is waited for, whatever form its length has", () => {
    for (const length of [5, 200, 65536]) {
      const frame = serverFrame(binary, "x".repeat(length));
      const header = frame.length - length;
      for (let i = 0; i < header; i++) session.socket.receive(frame[i]);
      expect(session.sink.received).toBe("");
      session.socket.receive(frame.slice(header));
      expectReceived("x".repeat(length));
      session.sink.received = "";
    }
  });
});

describe("section 5.4: fragments", () => {
  test("are passed on in order", () => {
    session.socket.receive(serverFrame(binary, "a", { fin: false }));
    session.socket.receive(serverFrame(continuation, "b", { fin: false }) + serverFrame(continuation, "c"));
    expectReceived("abc");
  });

  test("may be empty", () => {
    const empty = serverFrame(continuation, "", { fin: false });
    session.socket.receive(serverFrame(binary, "", { fin: false }) + empty + empty + serverFrame(continuation, ""));
    session.socket.receive(serverFrame(binary, "x"));
    expectReceived("x");
  });

  test("may have control frames between them", () => {
    session.socket.receive(serverFrame(binary, "a", { fin: false }) + serverFrame(ping, "are you there"));
    session.socket.receive(
      serverFrame(continuation, "b", { fin: false }) + serverFrame(pong) + serverFrame(continuation, "c"),
    );
    expect(session.sent()).toEqual([[pong, "are you there"]]);
    expectReceived("abc");
  });

  test("may be followed by a Close instead of the rest", () => {
    session.socket.receive(serverFrame(binary, "a", { fin: false }) + closeFrame(1001));
    expect(session.outcome).toEqual(["websocket-closed: 1001 ", "ended gently"]);
  });

  test.each([
    ["a continuation of nothing", serverFrame(continuation, "x")],
    ["a continuation of a message that has ended", serverFrame(binary, "x") + serverFrame(continuation, "y")],
    [
      "a continuation after the last one",
      serverFrame(binary, "x", { fin: false }) + serverFrame(continuation) + serverFrame(continuation),
    ],
    ["a new message between fragments", serverFrame(binary, "x", { fin: false }) + serverFrame(binary, "y")],
  ])("out of order fail the connection: %s", (_, bytes) => {
    session.socket.receive(bytes);
    expectFailure(1002, "a fragment out of order");
    expect(session.sink.received).not.toContain("y");
  });
});

describe("section 5.5: control frames", () => {
  const bad: [string, number, string, FrameChange][] = [
    ["a Ping without FIN", ping, "", { fin: false }],
    ["a Pong without FIN", pong, "", { fin: false }],
    ["a Close without FIN", close, "\x03\xe8", { fin: false }],
    ["a Ping of 126 bytes", ping, "x".repeat(126), {}],
    ["a Pong of 126 bytes", pong, "x".repeat(126), {}],
    ["a Close of 126 bytes", close, `\x03\xe8${"x".repeat(124)}`, {}],
    ["a Ping of 65536 bytes, told by its header alone", ping, "", { length: 65536 }],
  ];
  test.each(bad)("%s fails the connection", (_, opcode, payload, change) => {
    session.socket.receive(serverFrame(opcode, payload, change));
    expectFailure(1002, "a control frame is fragmented or over 125 bytes");
  });

  test.each([0, 1, 124, 125])("5.5.2: the Pong carries a Ping's payload of %i bytes", (length) => {
    const payload = new Seeded(length).bytes(length);
    session.socket.receive(serverFrame(ping, payload));
    expect(session.sent()).toEqual([[pong, payload]]);
    expectReceived("");
  });

  test("5.5.2: every Ping has its Pong, in order", () => {
    session.socket.receive(serverFrame(ping, "1") + serverFrame(ping, "2") + serverFrame(ping, ""));
    expect(session.sent()).toEqual([
      [pong, "1"],
      [pong, "2"],
      [pong, ""],
    ]);
  });

  test("5.5.2: a Ping in pieces is answered once it is whole", () => {
    const bytes = serverFrame(ping, "x".repeat(125));
    for (const byte of bytes.slice(0, -1)) session.socket.receive(byte);
    expect(session.socket.take()).toBe("");
    session.socket.receive(bytes.slice(-1));
    expect(session.sent()).toEqual([[pong, "x".repeat(125)]]);
  });

  test("5.5.3: a Pong nobody asked for is let pass", () => {
    session.socket.receive(serverFrame(pong, "hello") + serverFrame(binary, "x"));
    expectReceived("x");
  });
});

describe("section 5.6: data frames", () => {
  test.each([
    ["a text frame", serverFrame(text, "hello")],
    ["an empty one", serverFrame(text)],
    ["the first of a fragmented text", serverFrame(text, "he", { fin: false })],
    ["the RFC's own", "\x81\x05\x48\x65\x6c\x6c\x6f"],
  ])("%s fails the connection with 1003: MQTT is binary", (_, bytes) => {
    session.socket.receive(bytes);
    expectFailure(1003, "a text frame");
    expect(session.sink.received).toBe("");
  });
});

describe("section 5.7: the RFC's examples that a client of binary messages may see", () => {
  test("a fragmented unmasked message", () => {
    session.socket.receive("\x02\x03\x48\x65\x6c");
    session.socket.receive("\x80\x02\x6c\x6f");
    expectReceived("Hello");
  });

  test("an unmasked Ping", () => {
    session.socket.receive("\x89\x05\x48\x65\x6c\x6c\x6f");
    expect(session.sent()).toEqual([[pong, "Hello"]]);
  });

  test.each([
    ["256 bytes", "\x82\x7e\x01\x00", 256],
    ["64 KiB", "\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 65536],
  ])("%s in a single unmasked frame", (_, header, length) => {
    session.socket.receive(header + "\x00".repeat(length));
    expectReceived("\x00".repeat(length));
  });
});

describe("section 6.1: messages sent", () => {
  test("are single masked binary frames", () => {
    const payloads = ["", "\x10", new Seeded(0).bytes(300)];
    for (const payload of payloads) expect(session.client.send(payload)).toBe(true);
    expect(session.sent()).toEqual(payloads.map((payload) => [binary, payload]));
  });

  test(`hold what was given, whatever it is (SEED=${seed})`, () => {
    const random = new Seeded(1);
    for (let i = 0; i < 200; i++) {
      const payload = random.bytes(random.below(600));
      session.client.send(payload);
      expect(session.sent()).toEqual([[binary, payload]]);
      session.socket.drain();
    }
  });
});
