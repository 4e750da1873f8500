/** A million inputs for the parsers of what comes from outside: WebSocket frames, MQTT packets, the handshake, device.json. */
import type { Bytes } from "../../firmware/seams";
import { ClientBench } from "../fixtures/client-bench";
import type { Json } from "../fixtures/config-fuzz";
import { answer, anyJson, paths } from "../fixtures/config-fuzz";
import { deviceJson, set } from "../fixtures/device-json";
import { anyFrame, expectOneEnd, feed, judge, mutated, validFrames } from "../fixtures/frame-fuzz";
import { changedAt, lyingPacket } from "../fixtures/packet-fuzz";
import { cases, seed, Seeded } from "../fixtures/seeded";
import { CAP, cut, randomPacket, Reader } from "../fixtures/server-packets";
import { VirtualRuntime } from "../fixtures/virtual-time";
import { acceptance, clientFrames, opcodes, Session } from "../fixtures/websocket-peer";

jest.setTimeout(120_000);

/** Inputs by kind: a million in all. */
const COUNTS = {
  packetsChanged: 300_000,
  packetsLying: 40_000,
  packetsNoise: 200_000,
  packetsToClient: 100_000,
  framesChanged: 40_000,
  framesAny: 50_000,
  handshakes: 150_000,
  configsChanged: 60_000,
  configsAny: 60_000,
};

test("a million in all", () => {
  expect(Object.values(COUNTS).reduce((sum, count) => sum + count)).toBe(1_000_000);
});

/** Pushes bytes cut at random into a parser, and checks what must hold for any bytes at all. */
function parse(random: Seeded, bytes: Bytes): Reader {
  const reader = new Reader().push(...cut(random, bytes, random.pick([1, 3, 50, 536])));
  const { fault, held, packets } = reader;
  if (held > CAP) throw new Error(`${held} bytes are kept`);
  if (packets.length > bytes.length / 2) throw new Error(`${packets.length} packets of ${bytes.length} bytes`);
  if (fault !== undefined && !/^malformed-packet: ./.test(fault)) throw new Error(fault);
  return reader;
}

describe(`MQTT packets (SEED=${seed})`, () => {
  /** Packets to put inputs together from: to encode each afresh would take most of the time. */
  const pool = Array.from({ length: 2000 }, (_, i) => randomPacket(new Seeded(i), 40));

  test("with a change somewhere: what came before it comes out right", () => {
    let faults = 0;
    cases(COUNTS.packetsChanged, 1_000_000, (random) => {
      const packets = Array.from({ length: 1 + random.below(4) }, () => random.pick(pool));
      const bytes = packets.map(([packet]) => packet).join("");
      const at = random.below(bytes.length);
      const reader = parse(random, changedAt(random, bytes, at));
      if (reader.fault !== undefined) faults++;
      let end = 0;
      let whole = 0;
      while ((end += packets[whole][0].length) <= at) whole++;
      for (let i = 0; i < whole; i++) {
        if (JSON.stringify(reader.packets[i]) !== JSON.stringify(packets[i][1], Object.keys(reader.packets[i] ?? {}))) {
          throw new Error(`packet ${i}: ${JSON.stringify(reader.packets[i])} for ${JSON.stringify(packets[i][1])}`);
        }
      }
    });
    expect(faults).toBeGreaterThan(COUNTS.packetsChanged / 20);
    expect(faults).toBeLessThan(COUNTS.packetsChanged);
  });

  test("with lengths that lie", () => {
    const faults = new Set<string | undefined>();
    cases(COUNTS.packetsLying, 2_000_000, (random) => {
      faults.add(parse(random, lyingPacket(random) + lyingPacket(random)).fault);
    });
    // Else the generator would not reach what it is here for.
    expect(faults.size).toBeGreaterThan(8);
  });

  test("of no structure at all", () => {
    let packets = 0;
    cases(COUNTS.packetsNoise, 3_000_000, (random) => {
      packets += parse(random, random.bytes(1 + random.below(16))).packets.length;
    });
    expect(packets).toBeGreaterThan(0);
  });

  test("that reach a client: it stays connected, or closes once, with 1002, as malformed-packet", () => {
    let closed = 0;
    cases(COUNTS.packetsToClient, 4_000_000, (random) => {
      const bench = new ClientBench({ seed: random.below(2 ** 28) }).online();
      bench.client.subscribe("t");
      bench.client.publish("t", "x", { qos: 1 });
      const { channel } = bench;
      const bytes = random.pick(pool)[0] + random.pick(pool)[0];
      for (const chunk of cut(random, changedAt(random, bytes, random.below(bytes.length)), 50)) channel.receive(chunk);
      if (bench.client.connected) {
        if (bench.closes.length || channel.closed !== undefined) throw new Error("closed, but connected");
      } else {
        closed++;
        const [close, ...more] = bench.closes;
        if (more.length || close.code !== "malformed-packet" || !close.online || channel.closed !== 1002) {
          throw new Error(`closed with ${channel.closed}: ${JSON.stringify(bench.closes)}`);
        }
      }
    });
    expect(closed).toBeGreaterThan(COUNTS.packetsToClient / 10);
    expect(closed).toBeLessThan((COUNTS.packetsToClient * 9) / 10);
  });
});

describe(`WebSocket frames (SEED=${seed})`, () => {
  /** Feeds frames to a new client, and holds what it makes of them against the RFC. Returns how it closed, 0 for not at all. */
  function compare(random: Seeded, bytes: Bytes): number {
    const session = new Session(new VirtualRuntime(random.below(2 ** 28))).open();
    const sent = clientFrames(feed(session, random, bytes));
    const { payload, pongs, codes } = judge(bytes);
    const last = sent.at(-1);
    const closed = last?.opcode === opcodes.close ? sent.pop() : undefined;
    const code = closed && (closed.payload ? Buffer.from(closed.payload, "latin1").readUInt16BE() : 1005);
    if (session.sink.received !== payload) throw new Error("another payload");
    if (
      JSON.stringify(sent.map((frame) => [frame.opcode, frame.payload])) !==
      JSON.stringify(pongs.map((each) => [opcodes.pong, each]))
    ) {
      throw new Error("other Pongs");
    }
    if (codes.length ? !codes.includes(code ?? 0) : code !== undefined) throw new Error(`${code} for ${codes.join()}`);
    if ((code === undefined) !== (session.sink.closes.length === 0)) throw new Error(session.outcome.join());
    expectOneEnd(session);
    return code ?? 0;
  }

  test.each<[string, number, number, (random: Seeded) => Bytes]>([
    ["with changes", COUNTS.framesChanged, 5_000_000, (random) => mutated(random, validFrames(random, 3).bytes)],
    ["of any form", COUNTS.framesAny, 6_000_000, (random) => anyFrame(random) + anyFrame(random) + anyFrame(random)],
  ])("%s are understood or refused as RFC 6455 has it", (_name, count, stream, make) => {
    const codes = new Map<number, number>();
    cases(count, stream, (random) => {
      const code = compare(random, make(random));
      codes.set(code, (codes.get(code) ?? 0) + 1);
    });
    expect(codes.get(0)).toBeGreaterThan(count / 20);
    expect([...codes.keys()]).toEqual(expect.arrayContaining([1002, 1003, 1009]));
  });
});

test(`handshakes with changes: opened once and in order, or left once (SEED=${seed})`, () => {
  let opened = 0;
  let refused = 0;
  cases(COUNTS.handshakes, 7_000_000, (random) => {
    const session = new Session(new VirtualRuntime(random.below(2 ** 28)));
    const head = acceptance(session.request, "Sec-WebSocket-Protocol: mqtt", `Server: ${random.bytes(9)}`);
    feed(session, random, mutated(random, head));
    if (session.sink.opened) opened++;
    if (session.sink.closes.length) {
      refused++;
      if (session.sink.opened === 0 && session.socket.take() !== "") throw new Error("frames before the opening");
    }
    expectOneEnd(session);
  });
  expect(opened).toBeGreaterThan(COUNTS.handshakes / 20);
  expect(refused).toBeGreaterThan(COUNTS.handshakes / 20);
});

describe(`device.json (SEED=${seed})`, () => {
  test("with changes: settings that work, or faults that name their fields", () => {
    let accepted = 0;
    cases(COUNTS.configsChanged, 8_000_000, (random) => {
      let json: Json = deviceJson(random.pick(["aliyun", "ucloud", "broker"] as const));
      for (let turns = 1 + random.below(2); turns > 0; turns--) set(json, random.pick(paths(json)), anyJson(random));
      // What is on the board was text once: undefined and the like do not survive it.
      json = JSON.parse(JSON.stringify(json));
      if (answer(json)) accepted++;
    });
    expect(accepted).toBeGreaterThan(COUNTS.configsChanged / 20);
    expect(accepted).toBeLessThan((COUNTS.configsChanged * 19) / 20);
  });

  test("of any JSON at all: faults", () => {
    cases(COUNTS.configsAny, 9_000_000, (random) => {
      if (answer(anyJson(random))) throw new Error("accepted");
    });
  });
});
