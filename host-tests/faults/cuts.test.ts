/** A connection cut after every single byte of a whole exchange: the device comes back and loses nothing. */
import type { Direction, Plan } from "../../tools/fault-proxy";
import { startFaultProxy } from "../../tools/fault-proxy";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { findMosquitto, startMosquitto } from "../fixtures/mosquitto";
import { WireClient } from "../fixtures/wire-client";
import { Device } from "./device";

interface Broker {
  port: number;
  close(): Promise<unknown>;
}

/** Exchanges under way at a time: Mosquitto looks at its WebSockets ten times a second only. */
const AT_A_TIME = 32;

const brokers: [string, () => Promise<Broker>, typeof test][] = [
  ["aedes", () => startPlatform({ platform: "broker" }), test],
  [
    "Mosquitto",
    async () => {
      const broker = await startMosquitto();
      return { port: broker.port, close: () => broker.stop() };
    },
    findMosquitto() ? test : test.skip,
  ],
];

describe.each(brokers)("against %s", (_name, start, testHere) => {
  testHere.each(["up", "down"] as const)(
    "every cut %sward, by FIN and by RST",
    async (direction) => {
      const broker = await start();
      const observer = await Observer.open(broker.port);
      try {
        const whole = await exchange("whole", broker.port, observer, {});
        expect(whole).toMatchObject({ codes: ["ended"], attempts: 1, errors: [] });
        const total = whole.bytes[direction];
        // Request, CONNECT, SUBSCRIBE, PUBLISH, PUBACK; or their answers and the echo.
        expect(total).toBeGreaterThan(200);
        const cuts = (["fin", "rst"] as const).flatMap((how) =>
          Array.from({ length: total }, (_, after) => ({ kind: "cut" as const, after, how })),
        );
        await inParallel(cuts, async (cut) => {
          const name = `${cut.how}-${cut.after}`;
          const { bytes, ...outcome } = await exchange(name, broker.port, observer, { [direction]: [cut] });
          // A reset that meets the broker's own goodbye may look like an end.
          const code = cut.how === "fin" ? "socket-closed" : expect.stringMatching(/^socket-(error|closed)$/);
          expect({ name, ...outcome }).toEqual({ name, codes: [code, "ended"], attempts: 2, errors: [] });
          expect(bytes[direction]).toBe(cut.after);
        });
      } finally {
        observer.close();
        await broker.close();
      }
    },
    90_000,
  );
});

interface Exchange {
  /** Of the `close` events. */
  codes: string[];
  attempts: number;
  errors: string[];
  /** Passed by the first connection. */
  bytes: { [direction in Direction]: number };
}

/**
 * Connects, subscribes and publishes over a line of its own, until the observer has the message, the device has its
 * acknowledgement and the echo, and what was planned for the first connection has happened.
 */
async function exchange(clientId: string, target: number, observer: Observer, plan: Plan): Promise<Exchange> {
  const bytes = { up: 0, down: 0 };
  const proxy = await startFaultProxy({
    target,
    plan: (connection) => (connection === 0 ? plan : {}),
    onBytes: (passed, direction, connection) => {
      if (connection === 0) bytes[direction] += passed.length;
    },
  });
  // Longer than Mosquitto ever takes: only the faults may end a connection.
  const device = new Device(`ws://127.0.0.1:${proxy.port}/`, { clientId, still: 100 });
  const { client } = device;
  const topic = `state/${clientId}`;
  const answers: unknown[] = [];
  client.subscribe(topic, { qos: 1 });
  expect(client.publish(topic, clientId, { qos: 1 }, (error) => answers.push(error))).toBe("queued");
  client.connect();
  const planned = Object.keys(plan).length;
  const done = () =>
    answers.length > 0 &&
    device.received.length > 0 &&
    observer.seen.has(topic) &&
    device.closes.length === planned &&
    client.connected;
  observer.pulses.set(topic, () => device.pulse.beat());
  await device.until(`${clientId} is done`, done);
  // The device's last word, its PUBACK, may still be on its way.
  if (!planned) await device.until("all is still", () => false, 1).catch(() => undefined);
  device.end();
  await proxy.close();
  expect([answers, new Set(device.received)]).toEqual([[undefined], new Set([clientId])]);
  expect(proxy.connections).toBe(device.attempts);
  return { codes: device.closes.map((close) => close.code), attempts: device.attempts, errors: device.errors, bytes };
}

async function inParallel<T>(work: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const rest = [...work];
  const worker = async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await run(item);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}

/** A client of the broker's, without a proxy, that sees which topics get messages. */
class Observer {
  readonly seen = new Set<string>();
  /** Called when a topic is seen. */
  readonly pulses = new Map<string, () => void>();

  private constructor(private readonly wire: WireClient) {}

  static async open(port: number): Promise<Observer> {
    const wire = await WireClient.open(`ws://127.0.0.1:${port}/`);
    const observer = new Observer(wire);
    await wire.connect({ clientId: "observer", keepalive: 0 });
    await wire.subscribe(["state/#"], 0);
    void observer.listen();
    return observer;
  }

  close(): void {
    this.wire.terminate();
  }

  private async listen(): Promise<void> {
    try {
      for (;;) {
        const { topic } = await this.wire.next("publish");
        this.seen.add(topic);
        this.pulses.get(topic)?.();
      }
    } catch {
      // It was closed.
    }
  }
}
