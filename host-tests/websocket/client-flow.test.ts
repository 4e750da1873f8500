import { VirtualRuntime } from "../fixtures/virtual-time";
import { acceptance, closeFrame, opcodes, serverFrame, Session } from "../fixtures/websocket-peer";

const { binary, close, continuation, ping, pong } = opcodes;

let session: Session;
beforeEach(() => (session = new Session().open()));

describe("back-pressure", () => {
  afterEach(() => expect(session.virtual.clock.pending).toBe(0));

  // A frame of 128 to 65535 bytes has a header of 4 bytes and a key of 4.
  const frame = (length: number) => "x".repeat(length - 8);

  test("send says false once 2048 bytes wait, and true again after the drain", () => {
    expect(session.client.send(frame(2047))).toBe(true);
    session.socket.drain();
    expect(session.client.send(frame(2048))).toBe(false);
    expect(session.client.send("one more is still sent")).toBe(false);
    expect(session.sent()).toHaveLength(3);
    session.socket.drain();
    expect(session.client.send("x")).toBe(true);
    expect(session.outcome).toEqual([]);
  });

  test("every drain of an open connection is told", () => {
    const before = session.sink.drained;
    session.socket.drain();
    session.socket.drain();
    expect(session.sink.drained).toBe(before + 2);
  });

  test("what is sent from within channelDrain counts anew", () => {
    session.client.send(frame(2048));
    const answers: boolean[] = [];
    session.sink.changed = () => answers.push(session.client.send(frame(1024)));
    session.socket.drain();
    expect(answers).toEqual([true]);
    session.sink.changed = () => undefined;
    expect(session.client.send(frame(1024))).toBe(false);
  });

  test("a server that takes nothing is given up: send-overflow, and what is queued is dropped", () => {
    // 8192 bytes beyond the longest message.
    for (let i = 0; i < 10; i++) session.client.send(frame(1024));
    expect(session.outcome).toEqual([]);
    expect(session.client.send("x")).toBe(false);
    expect(session.outcome).toEqual(["send-overflow: the server takes nothing", "ended now"]);
    expect(session.client.send("x")).toBe(false);
    expect(session.sink.closes).toHaveLength(1);
  });

  test("a server that asks for Pongs and takes none is given up as well", () => {
    const flood = serverFrame(ping, "x".repeat(125)).repeat(1000);
    session.socket.receive(flood);
    expect(session.outcome).toEqual(["send-overflow: the server takes nothing", "ended now"]);
    expect(session.socket.take().length).toBeLessThan(8192 + 2 * 140);
  });

  test("a broken rule with a full queue ends the connection once", () => {
    session.client.send(frame(9000));
    session.client.send(frame(9000));
    session.socket.receive(serverFrame(binary, "", { rsv: 1 }));
    expect(session.sink.closes).toHaveLength(1);
    expect(session.outcome).toContain("ended now");
  });

  test("a server's Close with a full queue ends the connection once", () => {
    session.client.send(frame(9000));
    session.client.send(frame(9000));
    session.socket.receive(closeFrame(1000));
    expect(session.sink.closes).toHaveLength(1);
    expect(session.socket.ended).toBe("now");
  });

  test("a Ping behind one message of 9000 bytes is answered", () => {
    session.client.send(frame(9000));
    session.socket.take();
    session.socket.receive(serverFrame(ping, "x"));
    expect(session.sent()).toEqual([[pong, "x"]]);
  });
});

test("closing with a full queue leaves no timer", () => {
  session.client.send("x".repeat(9000));
  session.client.send("x".repeat(9000));
  session.client.close(1000);
  expect(session.socket.ended).toBe("now");
  expect(session.virtual.clock.pending).toBe(0);
});

test("closing with a full queue drops it, and nothing is told", () => {
  session.client.send("x".repeat(9000));
  session.client.send("x".repeat(9000));
  session.client.close(1000);
  session.virtual.clock.advance(10_000);
  expect([session.outcome, session.virtual.clock.pending]).toEqual([["ended now"], 0]);
});

describe("a server's conversation means the same however it is cut", () => {
  const { request } = new Session(new VirtualRuntime(7));
  const conversation =
    acceptance(request, "Sec-WebSocket-Protocol: mqtt") +
    serverFrame(binary, "\x20\x02\x00\x00") +
    serverFrame(ping, "are you there") +
    serverFrame(binary, "\x88\x02", { fin: false }) +
    serverFrame(continuation, "", { fin: false }) +
    serverFrame(pong) +
    serverFrame(continuation, "\x03\xe8") +
    serverFrame(binary, "y".repeat(130)) +
    serverFrame(binary, "z", { extended: 8 }) +
    serverFrame(ping) +
    closeFrame(1001, "going away") +
    "more";

  function hear(chunks: string[]) {
    const other = new Session(new VirtualRuntime(7));
    for (const chunk of chunks) other.socket.receive(chunk);
    const { opened, received } = other.sink;
    return { opened, received, sent: other.sent(), outcome: other.outcome, timers: other.virtual.clock.pending };
  }

  const expected = {
    opened: 1,
    received: `\x20\x02\x00\x00\x88\x02\x03\xe8${"y".repeat(130)}z`,
    sent: [
      [pong, "are you there"],
      [pong, ""],
      [close, "\x03\xe9"],
    ],
    outcome: ["websocket-closed: 1001 going away", "ended gently"],
    timers: 0,
  };

  test("in one piece", () => expect(hear([conversation])).toEqual(expected));

  test("byte by byte", () => expect(hear([...conversation])).toEqual(expected));

  test("in two, at every point", () => {
    for (let at = 1; at < conversation.length; at++) {
      expect({ at, ...hear([conversation.slice(0, at), conversation.slice(at)]) }).toEqual({ at, ...expected });
    }
  });

  test("in pieces of every size up to that of the board's chunks", () => {
    for (let size = 2; size <= 536; size++) {
      const chunks = conversation.match(new RegExp(`[^]{1,${size}}`, "g"))!;
      expect({ size, ...hear(chunks) }).toEqual({ size, ...expected });
    }
  });
});
