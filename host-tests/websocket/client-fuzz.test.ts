import { anyFrame, expectOneEnd, feed, mutated, validFrames } from "../fixtures/frame-fuzz";
import type { Seeded } from "../fixtures/seeded";
import { cases, seed } from "../fixtures/seeded";
import { VirtualRuntime } from "../fixtures/virtual-time";
import { acceptance, opcodes, serverFrame, Session } from "../fixtures/websocket-peer";

const { binary, continuation, ping, pong } = opcodes;

/** As `feed`, but the server takes what it is sent, and what was sent stays to be read. */
function feedWithDrains(session: Session, random: Seeded, bytes: string) {
  for (let at = 0; at < bytes.length;) {
    const size = 1 + random.below(200);
    session.socket.receive(bytes.slice(at, at + size));
    session.socket.drain();
    at += size;
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
