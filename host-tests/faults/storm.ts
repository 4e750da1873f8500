/**
 * Fault after fault on the line between the firmware's client and a broker, while numbered QoS 1 messages go both ways at the
 * pace of the faults. Only faults that MQTT can notice: a byte changed inside a payload is for TCP's checksum to catch.
 */
import { Journal } from "../../firmware/mqtt/journal";
import type { Fault, Plan } from "../../tools/fault-proxy";
import { startFaultProxy } from "../../tools/fault-proxy";
import { FlashRecords } from "../fixtures/flash-records";
import { Seeded } from "../fixtures/seeded";
import { WireClient } from "../fixtures/wire-client";
import type { Peaks } from "./device";
import { Device } from "./device";

export interface StormSettings {
  /** The broker's WebSocket port. */
  target: number;
  faults: number;
  /** Messages each way. */
  messages: number;
  /** The device is killed, and another one started over the same records, after one fault in so many; never by default. */
  killEvery?: number;
  /** See `DeviceSettings`. */
  still?: number;
  /** Of the faults; the run's by default. */
  seed?: number;
}

export interface StormOutcome {
  /** How often each kind of fault struck. */
  struck: Map<Fault["kind"], number>;
  /** Numbers in the order of their first arrival. */
  up: number[];
  down: number[];
  /** Messages that arrived again. */
  again: { up: number; down: number };
  /** `close` events that a device got while it was online, by code. */
  offline: Map<string, number>;
  kills: number;
  peaks: Peaks;
}

/** Messages that wait in the client at a time. */
const WINDOW = 10;
/** Bytes within which a byte fault strikes: the handshake, CONNECT, SUBSCRIBE and the messages of one fault's time. */
const NEAR = { up: 600, down: 400 };
const FATAL = ["cut", "blackhole", "garbage", "insert", "corrupt", "truncate", "close", "status", "accept"] as const;
const KINDS = [...FATAL, "cut", "drip", "coalesce", "delay", "duplicate"] as const;

/** One fault, and an end of the connection behind it where a broker may bear the fault alone, as Mosquitto bears reserved bits. */
function draw(random: Seeded): Plan {
  const kind = random.pick(KINDS);
  const direction = random.pick(["up", "down"] as const);
  const cut: Fault = { kind: "cut", after: random.below(NEAR[direction]), how: random.pick(["fin", "rst"] as const) };
  const frame = random.below(8);
  switch (kind) {
    case "cut":
      return { [direction]: [cut] };
    case "blackhole":
      return { [direction]: [{ kind, after: random.below(NEAR[direction]) }] };
    case "garbage":
      // Inside the handshake: further on it would be part of a message, and a message like any other.
      return { [direction]: [{ kind, after: random.below(80), bytes: Buffer.from("\0\r\n\0\r\n\r\n") }, cut] };
    case "insert":
      // Reserved bits, as no frame has them, and no payload: Mosquitto bears the bits, and would take what follows for it.
      return { [direction]: [{ kind, frame, bytes: Buffer.from([0xf0 | random.below(16), 0]) }, cut] };
    case "corrupt":
      // A reserved bit, or data that is text.
      return { [direction]: [{ kind, frame, at: 0, mask: random.pick([0x10, 0x20, 0x40, 0x03]) }, cut] };
    case "truncate":
      // CONNECT or CONNACK: the other side waits for the rest.
      return { [direction]: [{ kind, frame: 0, bytes: 1 }] };
    case "close":
      return { down: [{ kind, frame, code: random.pick([1000, 1001, 1011, 1012, 1013, 3000, 4999]) }] };
    case "status":
      return { down: [{ kind, status: random.pick([200, 301, 400, 404, 429, 500, 503]) }] };
    case "accept":
      return { down: [{ kind }] };
    case "duplicate":
      return { [direction]: [{ kind, frame }, cut] };
    case "drip":
      return { [direction]: [{ kind }, cut] };
    case "coalesce":
    case "delay":
      return { [direction]: [{ kind, ms: 1 + random.below(4) }, cut] };
  }
}

/** The number of a message, or of a packet with one; the bytes in front of it may be digits too. */
const numberOf = (text: string) => Number(/#(\d+)$/.exec(text)?.[1]);

/** The numbers in order of first arrival, and how many came again. */
class Arrivals {
  readonly first: number[] = [];
  again = 0;
  private readonly seen = new Set<number>();

  add(payload: string): void {
    const number = numberOf(payload);
    if (this.seen.has(number)) this.again++;
    else this.first.push(number);
    this.seen.add(number);
  }
}

/** Resolves when all faults have struck and every message has arrived and is acknowledged; rejects when that stops to come nearer. */
export async function storm({
  target,
  faults,
  messages,
  killEvery,
  still,
  seed,
}: StormSettings): Promise<StormOutcome> {
  const random = new Seeded(7, seed);
  const struck = new Map<Fault["kind"], number>();
  const offline = new Map<string, number>();
  const [up, down] = [new Arrivals(), new Arrivals()];
  const peaks: Peaks = { outbox: 0, messages: 0, packet: 0, frame: 0 };
  const store = new FlashRecords();
  let total = 0;
  let killAt = Infinity;
  let kills = 0;
  let device: Device | undefined;
  const observer = await WireClient.open(`ws://127.0.0.1:${target}/`);
  const proxy = await startFaultProxy({
    target,
    plan: () => (total < faults ? draw(random) : {}),
    onFault: (fault) => {
      total++;
      struck.set(fault.kind, (struck.get(fault.kind) ?? 0) + 1);
      device?.pulse.beat();
    },
  });
  const listen = async () => {
    for (;;) {
      up.add((await observer.next("publish")).payload.toString());
      device?.pulse.beat();
    }
  };
  /** How many messages may have been sent by now: as many in each fault's time, the rest after the last. */
  const allowed = () => Math.min(messages, Math.ceil((messages / faults) * (total + 1)));
  let asked = 0;
  let acknowledged = 0;
  let subscribed = false;

  /** One device's life: until all is done, or its end. Returns whether there is more to do. */
  const live = async (): Promise<boolean> => {
    const mine = new Device(`ws://127.0.0.1:${proxy.port}/`, { clientId: "storm", store, stream: kills, still });
    device = mine;
    const { client } = mine;
    // It goes on behind what was acknowledged, or is kept and comes by itself.
    const kept = new Journal(store, "mqtt.out").load().map((packet) => numberOf(packet));
    let next = Math.max(acknowledged, ...kept);
    let heard = 0;
    if (killEvery) killAt = total + 1 + random.below(2 * killEvery - 1);
    client.subscribe("storm/down", { qos: 1 }, () => (subscribed = true));
    client.connect();
    const done = () => {
      for (; heard < mine.received.length; heard++) down.add(mine.received[heard]);
      while (next < allowed() && client.queued < WINDOW) {
        const number = ++next;
        client.publish("storm/up", `#${number}`, { qos: 1 }, (error) => {
          if (!error) acknowledged = Math.max(acknowledged, number);
        });
      }
      while (subscribed && asked < allowed()) observer.publish("storm/down", `#${++asked}`, { qos: 1 });
      if (total >= killAt && total < faults) return true;
      return total >= faults && client.queued === 0 && next === messages && down.first.length >= messages;
    };
    try {
      // Half a day without an end is for a device that is stuck; the first numbers missing say on what.
      await mine.until(`storm with ${total} faults`, done, 30 * 86_400_000);
    } finally {
      mine.kill();
      for (const key of Object.keys(peaks) as (keyof Peaks)[]) peaks[key] = Math.max(peaks[key], mine.peaks[key]);
      for (const { code, online } of mine.closes) if (online) offline.set(code, (offline.get(code) ?? 0) + 1);
    }
    return total < faults;
  };

  try {
    await observer.connect({ clientId: "observer", keepalive: 0 });
    await observer.subscribe(["storm/up"], 0);
    void listen().catch(() => undefined);
    while (await live()) kills++;
    // The last messages may still be on their way to the observer.
    while (up.first.length < messages) await device!.pulse.still();
  } finally {
    device?.kill();
    observer.terminate();
    await proxy.close();
  }
  return {
    struck,
    up: up.first,
    down: down.first,
    again: { up: up.again, down: down.again },
    offline,
    kills,
    peaks,
  };
}

/** What holds after every storm. */
export function expectNothingLost(outcome: StormOutcome, { faults, messages }: { faults: number; messages: number }) {
  const numbers = Array.from({ length: messages }, (_, i) => i + 1);
  expect(outcome.up).toEqual(numbers);
  expect([...outcome.down].sort((a, b) => a - b)).toEqual(numbers);
  const total = [...outcome.struck.values()].reduce((sum, count) => sum + count, 0);
  expect(total).toBeGreaterThanOrEqual(faults);
  // A pair that strikes together may pass the mark by one.
  expect(total).toBeLessThanOrEqual(faults + 1);
  // The caps of `queueBytes`, `queueMessages`, `maximumPacketSize`, and of the handshake's head.
  expect(outcome.peaks.outbox).toBeLessThanOrEqual(4096);
  expect(outcome.peaks.messages).toBeLessThanOrEqual(50);
  expect(outcome.peaks.packet).toBeLessThanOrEqual(4096);
  expect(outcome.peaks.frame).toBeLessThanOrEqual(2048);
}
