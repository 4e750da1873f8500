import { Seeded, seed } from "../fixtures/seeded";
import { VirtualRuntime } from "../fixtures/virtual-time";
import { acceptance, closeFrame, opcodes, serverFrame, Session } from "../fixtures/websocket-peer";

const { binary, continuation, ping, pong } = opcodes;

/** The most that may wait for the rest of itself: a response head, or a control frame with its longest header. */
const HEAD_BYTES = 2048;
const FRAME_BYTES = 10 + 125;

/** Valid frames of a server, and what a client must make of them. */
function validFrames(random: Seeded, count: number) {
  let bytes = "";
  let payload = "";
  const pings: string[] = [];
  let open = false;
  for (let i = 0; i < count; i++) {
    const kind = random.below(6);
    if (kind === 0) {
      pings.push(random.bytes(random.below(126)));
      bytes += serverFrame(ping, pings[pings.length - 1]);
    } else if (kind === 1) bytes += serverFrame(pong, random.bytes(random.below(126)));
    else {
      const body = random.bytes(random.pick([0, 1, 2, 10, 125, 126, 300]));
      const fin = random.chance(2);
      bytes += serverFrame(open ? continuation : binary, body, { fin, extended: random.pick([undefined, 8]) });
      open = !fin;
      payload += body;
    }
  }
  return { bytes, payload, pings };
}

/** Some bytes changed, put in or taken out. */
function mutated(random: Seeded, bytes: string): string {
  for (let turns = 1 + random.below(4); turns > 0; turns--) {
    const at = random.below(bytes.length + 1);
    const cut = random.pick([0, 1, 1, 1, random.below(10)]);
    const put = random.pick(["", random.bytes(1), random.bytes(1), random.bytes(random.below(10)), "\r\n\r\n"]);
    bytes = bytes.slice(0, at) + put + bytes.slice(at + cut);
  }
  return bytes;
}

/** Frames of any form, right or wrong. */
function anyFrame(random: Seeded): string {
  if (random.chance(20)) return closeFrame(random.pick([1000, 1001, 1005, 999, 3000, random.below(65536)]), "bye");
  const common = [binary, binary, binary, ping, pong, ping];
  const opcode = random.chance(10) ? random.below(16) : random.pick(common);
  const payload = random.bytes(random.pick([0, 1, 2, 5, 125, 126, 200]));
  return serverFrame(opcode, payload, {
    fin: !random.chance(12),
    rsv: random.chance(40) ? random.below(8) : 0,
    mask: random.chance(40) ? random.bytes(4) : undefined,
    extended: random.chance(6) ? 8 : undefined,
    length: random.chance(40) ? random.pick([0, 3, 70000, 2 ** 31, 2 ** 40]) : undefined,
  });
}

/** Feeds bytes in random pieces, checking after each what must hold whatever comes. */
function feed(session: Session, random: Seeded, bytes: string) {
  for (let at = 0; at < bytes.length && !session.socket.ended;) {
    const size = 1 + random.below(random.pick([1, 8, 64, 536]));
    session.socket.receive(bytes.slice(at, at + size));
    at += size;
    session.socket.take();
    if (random.chance(3)) session.socket.drain();
    // Plain comparisons: a matcher for every chunk would take most of the time.
    const waiting = (session.client as unknown as { _rest: string })._rest.length;
    if (waiting > (session.sink.opened ? FRAME_BYTES : HEAD_BYTES)) throw new Error(`${waiting} bytes are kept`);
    if (session.sink.closes.length !== (session.socket.ended ? 1 : 0)) throw new Error(session.outcome.join());
    if (session.sink.opened > 1) throw new Error("opened twice");
  }
}

/** As `feed`, but the server takes what it is sent, and what was sent stays to be read. */
function feedWithDrains(session: Session, random: Seeded, bytes: string) {
  for (let at = 0; at < bytes.length;) {
    const size = 1 + random.below(200);
    session.socket.receive(bytes.slice(at, at + size));
    session.socket.drain();
    at += size;
  }
}

/** The server goes: by then exactly one end has been told, and no timer is left. */
function expectOneEnd(session: Session) {
  session.socket.close();
  expect(session.sink.closes).toHaveLength(1);
  expect(session.sink.closes[0]?.code).toMatch(
    /^(handshake-refused|handshake-invalid|websocket-protocol|websocket-closed|send-overflow|socket-closed)$/,
  );
  expect(session.virtual.clock.pending).toBe(0);
}

/** Runs `body` with a generator for each of `count` cases; a failure names its case. */
function cases(count: number, stream: number, body: (random: Seeded) => void) {
  for (let i = 0; i < count; i++) {
    try {
      body(new Seeded(stream + i));
    } catch (error) {
      throw new Error(`SEED=${seed}, case ${i}: ${(error as Error).message}`, { cause: error });
    }
  }
}

describe(`random servers (SEED=${seed})`, () => {
  test("that keep the rules are understood", () => {
    cases(150, 0, (random) => {
      const session = new Session(new VirtualRuntime(random.below(2 ** 28))).open();
      const { bytes, payload, pings } = validFrames(random, 40);
      feedWithDrains(session, random, bytes);
      expect(session.sink.received).toBe(payload);
      expect(session.outcome).toEqual([]);
      expect(session.sent()).toEqual(pings.map((each) => [pong, each]));
      expectOneEnd(session);
    });
  });

  test("that make mistakes are left once, or still open", () => {
    let failed = 0;
    cases(600, 10_000, (random) => {
      const session = new Session(new VirtualRuntime(random.below(2 ** 28)));
      session.socket.receive(acceptance(session.request));
      feed(session, random, mutated(random, validFrames(random, 12).bytes));
      if (session.socket.ended) failed++;
      expectOneEnd(session);
    });
    // A generator that breaks nothing would test nothing.
    expect(failed).toBeGreaterThan(200);
  });

  test("that send frames of any form are left once, or still open", () => {
    let failed = 0;
    cases(1000, 20_000, (random) => {
      const session = new Session(new VirtualRuntime(random.below(2 ** 28))).open();
      feed(session, random, Array.from({ length: 5 }, () => anyFrame(random)).join(""));
      if (session.socket.ended) failed++;
      expectOneEnd(session);
    });
    expect(failed).toBeGreaterThan(200);
    expect(failed).toBeLessThan(950);
  });

  test("that garble their handshake open at most once", () => {
    let opened = 0;
    cases(1000, 30_000, (random) => {
      const session = new Session(new VirtualRuntime(random.below(2 ** 28)));
      const answer = acceptance(session.request, "Sec-WebSocket-Protocol: mqtt", `Server: ${random.bytes(20)}`);
      feed(session, random, mutated(random, answer) + serverFrame(binary, "x").repeat(3));
      opened += session.sink.opened;
      expectOneEnd(session);
    });
    expect(opened).toBeGreaterThan(50);
    expect(opened).toBeLessThan(950);
  });

  test("that send noise are left once", () => {
    cases(200, 40_000, (random) => {
      const session = new Session(new VirtualRuntime(random.below(2 ** 28)));
      if (random.chance(2)) session.open();
      feed(session, random, random.bytes(2500));
      expectOneEnd(session);
    });
  });
});

describe("the time taken grows with the bytes and no faster", () => {
  /** Processor time in µs, the least of three runs: the machine may be busy with something else. */
  function cost(chunks: string[]): number {
    const runs = [1, 2, 3].map(() => {
      const session = new Session().open();
      session.socket.write = () => undefined;
      const before = process.cpuUsage();
      for (const chunk of chunks) {
        session.socket.receive(chunk);
        session.socket.drain();
      }
      const { user, system } = process.cpuUsage(before);
      expect(session.outcome).toEqual([]);
      return user + system;
    });
    return Math.min(...runs);
  }

  const whole = serverFrame(binary, "x".repeat(1000));
  test.each([
    ["many frames of one byte in one chunk", (n: number) => [serverFrame(binary, "x").repeat(n * 2)]],
    ["a long frame in single bytes", (n: number) => [...serverFrame(binary, "x".repeat(n * 2))]],
    [
      "empty fragments",
      (n: number) => [
        serverFrame(binary, "", { fin: false }) + serverFrame(continuation, "", { fin: false }).repeat(n * 2),
      ],
    ],
    ["Pings in single bytes", (n: number) => [...serverFrame(ping, "x".repeat(125)).repeat(n / 100)]],
    ["frames of 1000 bytes in chunks of 536", (n: number) => whole.repeat(n / 10).match(/[^]{1,536}/g)!],
  ])("%s", (_, chunks) => {
    const [small, large] = [chunks(12_000), chunks(96_000)];
    cost(small);
    const [few, many] = [cost(small), cost(large)];
    // Eight times the bytes; squared it would be 64 times. A floor of 2 ms keeps the clock's grain out of it.
    expect(many / Math.max(few, 2000)).toBeLessThan(28);
  });
});
