/** Messages a second, out and in, and the memory after thousands of them. */
import type { Bundle } from "../measure/bundle";
import type { Peers } from "../measure/peers";
import type { MeasuringServer } from "../measure/server";
import { startServer } from "../measure/server";
import type { Load, Memory } from "./speakers";
import { Speaker } from "./speakers";
import type { Series } from "./statistics";

const SIZES = [16, 64, 256, 1024];
const LEVELS = [0, 1] as const;
const DIRECTIONS = ["publish", "receive"] as const;
/** How the stock module is called in the tables. */
export const STOCK = "MQTT over bare TCP";

export interface MessagesOptions {
  binary: string;
  library: Bundle;
  peers: Peers;
  runs: number;
  /** Messages of each load. */
  count: number;
  progress(what: string): void;
}

/** Every direction, level and size, ours over WebSocket and the stock module over bare TCP in turns. */
export function measureMessages(options: MessagesOptions): Promise<Series[]> {
  const { binary, library, peers, runs, count, progress } = options;
  return withServer((server) =>
    Speaker.use("ours", library.code, binary, server, async (ours) => {
      const series = new Map<string, Series>();
      const turns = async (stock?: Speaker) => {
        for (let run = 0; run < runs; run++) {
          for (const direction of DIRECTIONS) {
            for (const qos of LEVELS) {
              progress(`run ${run + 1} of ${runs}: ${direction}, QoS ${qos}`);
              for (const size of SIZES) await turn(series, { count, size, qos }, direction, ours, stock);
            }
          }
        }
        return [...series.values()];
      };
      return peers.MQTT ? Speaker.use("stock", peers.MQTT.code, binary, server, turns) : turns();
    }),
  );
}

async function turn(
  all: Map<string, Series>,
  load: Load,
  direction: (typeof DIRECTIONS)[number],
  ours: Speaker,
  stock?: Speaker,
): Promise<void> {
  const what = messageRow(direction, load.size, load.qos);
  const series = all.get(what) ?? { what, unit: "messages/s", ours: [], beside: stock ? { [STOCK]: [] } : {} };
  all.set(what, series);
  series.ours.push(await ours[direction](load));
  if (stock) series.beside[STOCK].push(await stock[direction](load));
}

/** A row's name. */
export function messageRow(direction: (typeof DIRECTIONS)[number], size: number, qos: number): string {
  return `${direction} ${size.toLocaleString("en-US")} bytes, QoS ${qos}`;
}

/** Variables in use above those before, and what the interpreter complained of. */
export interface Endurance {
  /** Messages each way. */
  count: number;
  before: Memory;
  after: Memory;
}

/** Memory of a connected client before and after `count` messages of 64 bytes with QoS 1 each way. */
export function measureEndurance({ binary, library, count, progress }: MessagesOptions): Promise<Endurance> {
  return withServer((server) =>
    Speaker.use("ours", library.code, binary, server, async (ours) => {
      const load: Load = { count: 100, size: 64, qos: 1 };
      // What a first message leaves behind, such as a longer list, is no growth.
      await ours.publish(load);
      await ours.receive(load);
      await ours.memory();
      const before = await ours.memory();
      progress(`${count} messages out and ${count} in`);
      await ours.publish({ ...load, count });
      await ours.receive({ ...load, count });
      return { count, before, after: await ours.memory() };
    }),
  );
}

async function withServer<T>(use: (server: MeasuringServer) => Promise<T>): Promise<T> {
  const server = await startServer();
  try {
    return await use(server);
  } finally {
    await server.close();
  }
}
