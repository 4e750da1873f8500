import { Events } from "../../firmware/events";
import { Outbox } from "../../firmware/mqtt/outbox";
import { publishPacket } from "../../firmware/mqtt/packets";
import { seed, Seeded } from "../fixtures/seeded";

interface Caps {
  bytes?: number;
  messages?: number;
  window?: number;
}

/** An outbox, and what it settled: each callback's name, with the error's code where there was one. */
function build({ bytes = 1000, messages = 10, window = 3 }: Caps = {}) {
  const settled: string[] = [];
  const outbox = new Outbox(bytes, messages, window, new Events());
  /** Adds a message of eight bytes (ten with QoS 1) with a name of one letter as its payload. */
  const add = (name: string, id = 0) =>
    outbox.add(packet(name, id), id, (error) => void settled.push(error ? `${name} ${error.code}` : name));
  /** Takes what may be sent next, and settles it where nobody answers, as the client does. */
  const take = () => {
    const entry = outbox.next();
    if (entry && !entry.id) entry.done?.();
    return entry && label(entry.packet);
  };
  /** Takes everything that may be sent now. */
  const send = () => {
    const sent: string[] = [];
    for (let next = take(); next !== undefined; next = take()) sent.push(next);
    return sent;
  };
  return { outbox, settled, add, take, send };
}

const packet = (name: string, id: number) => publishPacket("top", name, id ? 1 : 0, false, id);

/** A packet's payload and identifier, `again` where DUP is set. */
function label(bytes: string): string {
  const qos = (bytes.charCodeAt(0) >> 1) & 3;
  const id = qos ? `#${bytes.charCodeAt(8)}` : "";
  return bytes.charAt(bytes.length - 1) + id + (bytes.charCodeAt(0) & 8 ? " again" : "");
}

describe("order", () => {
  it("messages leave in the order they came, QoS 0 and QoS 1 mixed", () => {
    const { add, send } = build();
    add("a");
    add("b", 1);
    add("c");
    add("d", 2);
    add("e");
    expect(send()).toEqual(["a", "b#1", "c", "d#2", "e"]);
  });

  it("QoS 0 is let go and settled when it is taken", () => {
    const { outbox, settled, add, send } = build();
    add("a");
    expect(settled).toEqual([]);
    send();
    expect(settled).toEqual(["a"]);
    expect([outbox.length, outbox.bytes]).toEqual([0, 0]);
  });

  it("[MQTT-4.3.2-1] QoS 1 is held until its PUBACK, and settled by it", () => {
    const { outbox, settled, add, send } = build();
    add("a", 1);
    send();
    expect([settled, outbox.length, outbox.holds(1)]).toEqual([[], 1, true]);
    expect(outbox.acknowledge(1)).toBe(true);
    expect([settled, outbox.length, outbox.holds(1)]).toEqual([["a"], 0, false]);
  });

  it("a PUBACK may come out of order", () => {
    const { outbox, settled, add, send } = build();
    for (const [name, id] of [
      ["a", 1],
      ["b", 2],
      ["c", 3],
      ["d", 4],
    ] as const)
      add(name, id);
    send();
    outbox.acknowledge(2);
    expect(send()).toEqual(["d#4"]);
    outbox.acknowledge(4);
    outbox.acknowledge(1);
    expect(settled).toEqual(["b", "d", "a"]);
  });

  it.each([
    ["nothing has", 9],
    ["a message has that was not sent yet", 1],
    ["stands for QoS 0", 0],
  ])("a PUBACK with an identifier that %s changes nothing", (_name, id) => {
    const { outbox, settled, add } = build();
    add("a");
    add("b", 1);
    expect(outbox.acknowledge(id)).toBe(false);
    expect([settled, outbox.length]).toEqual([[], 2]);
  });

  it("a second PUBACK for the same message changes nothing", () => {
    const { outbox, settled, add, send } = build();
    add("a", 1);
    send();
    expect([outbox.acknowledge(1), outbox.acknowledge(1)]).toEqual([true, false]);
    expect(settled).toEqual(["a"]);
  });
});

describe("the window", () => {
  it("at most so many QoS 1 messages are unacknowledged at a time", () => {
    const { outbox, add, send } = build({ window: 2 });
    for (const [name, id] of [
      ["a", 1],
      ["b", 2],
      ["c", 3],
    ] as const)
      add(name, id);
    expect(send()).toEqual(["a#1", "b#2"]);
    expect(outbox.waiting).toBe(true);
    outbox.acknowledge(1);
    expect(send()).toEqual(["c#3"]);
    expect(outbox.waiting).toBe(false);
  });

  it("QoS 0 passes a full window, up to the next QoS 1 message", () => {
    const { add, send } = build({ window: 1 });
    add("a", 1);
    add("b");
    add("c", 2);
    add("d");
    expect(send()).toEqual(["a#1", "b"]);
  });
});

describe("[MQTT-4.4.0-1] a new connection", () => {
  it("what was not acknowledged is sent again first, in order, with DUP and the same identifier", () => {
    const { outbox, add, send } = build();
    for (const [name, id] of [
      ["a", 7],
      ["b", 8],
      ["c", 9],
      ["d", 10],
    ] as const)
      add(name, id);
    send();
    outbox.acknowledge(8);
    add("e");
    outbox.rewind();
    expect(send()).toEqual(["a#7 again", "c#9 again", "d#10", "e"]);
  });

  it("[MQTT-3.3.1-1] what was never sent has no DUP, however many connections end", () => {
    const { outbox, add, send } = build({ window: 1 });
    add("a", 1);
    add("b", 2);
    for (let i = 0; i < 3; i++) {
      send();
      outbox.rewind();
    }
    send();
    outbox.acknowledge(1);
    expect(send()).toEqual(["b#2"]);
  });

  it("a PUBACK from before is none after it", () => {
    const { outbox, add, send } = build();
    add("a", 1);
    send();
    outbox.rewind();
    expect(outbox.acknowledge(1)).toBe(false);
    expect(send()).toEqual(["a#1 again"]);
    expect(outbox.acknowledge(1)).toBe(true);
  });
});

describe("caps", () => {
  it("bytes held: a message that fits exactly is taken, one byte less room and it is not", () => {
    const size = packet("a", 1).length;
    expect(build({ bytes: 2 * size }).add("a", 1)).toBe(true);
    const { outbox, add } = build({ bytes: 3 * size - 1 });
    expect([add("a", 1), add("b", 2), add("c", 3)]).toEqual([true, true, false]);
    expect([outbox.length, outbox.bytes]).toEqual([2, 2 * size]);
  });

  it("messages held", () => {
    const { add } = build({ messages: 2 });
    expect([add("a", 1), add("b", 2), add("c", 3), add("d")]).toEqual([true, true, false, false]);
  });

  it("none at all", () => {
    expect(build({ messages: 0 }).add("a")).toBe(false);
    expect(build({ bytes: 0 }).add("a")).toBe(false);
  });

  it("QoS 0 gives way, oldest first, and is told so", () => {
    const { outbox, settled, add, send } = build({ messages: 4 });
    add("a", 1);
    add("b");
    add("c");
    add("d", 2);
    expect([add("e", 3), add("f")]).toEqual([true, true]);
    expect(settled).toEqual(["b queue-full", "c queue-full"]);
    expect(outbox.dropped).toBe(2);
    expect(send()).toEqual(["a#1", "d#2", "e#3", "f"]);
  });

  it("QoS 1 never gives way", () => {
    const { outbox, settled, add, send } = build({ messages: 2 });
    add("a", 1);
    add("b", 2);
    expect(add("c", 3)).toBe(false);
    expect([settled, outbox.dropped]).toEqual([[], 0]);
    expect(send()).toEqual(["a#1", "b#2"]);
  });

  it("a message longer than all room drops nothing", () => {
    const { outbox, add } = build({ bytes: 20 });
    add("a");
    expect(outbox.add("x".repeat(21), 1)).toBe(false);
    expect([outbox.length, outbox.dropped]).toEqual([1, 0]);
  });
  it("a message that does not fit beside the QoS 1 messages drops nothing", () => {
    const { outbox, add } = build({ bytes: 30 });
    add("a", 1);
    add("b");
    expect(outbox.add("x".repeat(25), 2)).toBe(false);
    expect([outbox.length, outbox.dropped]).toEqual([2, 0]);
  });
  it("a callback that publishes again what gave way comes to an end", () => {
    const outbox = new Outbox(1000, 2, 1, new Events());
    let calls = 0;
    const retry = (): void => {
      if (++calls < 1000) outbox.add(packet("a", 0), 0, retry);
    };
    outbox.add(packet("a", 0), 0, retry);
    outbox.add(packet("b", 0), 0, retry);
    outbox.add(packet("c", 0), 0, retry);
    expect(calls).toBeLessThan(10);
  });
});

it(`keeps its counts and its order through any sequence of calls (SEED=${seed})`, () => {
  const random = new Seeded(200);
  for (let round = 0; round < 100; round++) {
    const caps = { bytes: 40 + random.below(60), messages: 2 + random.below(8), window: 1 + random.below(4) };
    const { outbox, settled, add, take } = build(caps);
    let lastId = 0;
    let added = 0;
    let flying: string[] = [];
    for (let step = 0; step < 60; step++) {
      const action = random.below(8);
      if (action < 4) {
        const id = random.chance(2) ? ++lastId : 0;
        if (add(String.fromCharCode(97 + (added % 26)), id)) added++;
      } else if (action < 6) {
        const next = take();
        if (next?.includes("#")) flying.push(next);
      } else if (action < 7 && flying.length) {
        const [one] = flying.splice(random.below(flying.length), 1);
        expect(outbox.acknowledge(Number(one.split(/[# ]/)[1]))).toBe(true);
      } else if (random.chance(3)) {
        outbox.rewind();
        const again: string[] = [];
        for (let i = 0; i < flying.length; i++) again.push(take()!);
        expect(again).toEqual(flying.map((one) => one.replace(/ again$/, "") + " again"));
        flying = again;
      }
      expect(flying.length).toBeLessThanOrEqual(caps.window);
      expect(outbox.bytes).toBeLessThanOrEqual(caps.bytes);
      expect(outbox.length).toBeLessThanOrEqual(caps.messages);
      expect(outbox.length).toBe(added - settled.length);
      expect(outbox.waiting).toBe(outbox.length > flying.length);
    }
    expect(settled.filter((one) => one.endsWith("queue-full"))).toHaveLength(outbox.dropped);
  }
});
