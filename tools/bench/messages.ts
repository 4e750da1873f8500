/** Messages a second, out and in, and the memory after thousands of them. */
import type { Bundle } from "../measure/bundle";
import type { Peers } from "../measure/peers";
import type { MeasuringServer } from "../measure/server";
import { startServer } from "../measure/server";
import type { Rung } from "./ladder";
import { FLOOR, receiver, RUNGS } from "./ladder";
import type { Load, Memory } from "./speakers";
import { Speaker } from "./speakers";
import type { Series } from "./statistics";

const SIZES = [16, 64, 256, 1024];
const LEVELS = [0, 1] as const;
const DIRECTIONS = ["publish", "receive"] as const;
/** How the stock module is called in the tables. */
export const STOCK = "MQTT over bare TCP";

/** What the floor and the ladder are measured with, and its row. */
const FLOOR_LOAD = { size: 64, qos: 0 } as const;
const FLOOR_ROW = messageRow("receive", 64, 0);
/** The top of the ladder. */
const OURS_RUNG = "mqtt-ws.js: TLS, keepalive, QoS 1, rarer frames and packets, what handlers send";

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
      const floor = await receiver(RUNGS[0]);
      const turns = (stock?: Speaker) =>
        Speaker.use("bare", floor, binary, server, (bare) => measured({ [STOCK]: stock, [FLOOR]: bare }));
      const measured = async (others: Record<string, Speaker | undefined>) => {
        for (let run = 0; run < runs; run++) {
          for (const direction of DIRECTIONS) {
            for (const qos of LEVELS) {
              progress(`run ${run + 1} of ${runs}: ${direction}, QoS ${qos}`);
              for (const size of SIZES) await turn(series, { count, size, qos }, direction, ours, others);
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
  others: Record<string, Speaker | undefined>,
): Promise<void> {
  const what = messageRow(direction, load.size, load.qos);
  const series: Series = all.get(what) ?? { what, unit: "messages/s", ours: [], beside: {} };
  all.set(what, series);
  series.ours.push(await ours[direction](load));
  for (const [name, other] of Object.entries(others)) {
    if (!other || (name === FLOOR && what !== FLOOR_ROW)) continue;
    (series.beside[name] ??= []).push(await other[direction](load));
  }
}

/** Every rung of the ladder from the floor up to ours, in turns: messages a second that each receives. */
export function measureLadder({ binary, library, runs, count, progress }: MessagesOptions): Promise<Series[]> {
  return withServer(async (server) => {
    const series: Series[] = [...RUNGS.map(({ what }) => what), OURS_RUNG].map((what) => {
      return { what, unit: "messages/s", ours: [], beside: {} };
    });
    const speakers: Speaker[] = [];
    const turns = async () => {
      for (let run = 0; run < runs; run++) {
        progress(`run ${run + 1} of ${runs}: the ladder`);
        for (const [i, speaker] of speakers.entries())
          series[i].ours.push(await speaker.receive({ count, ...FLOOR_LOAD }));
      }
    };
    const climb = async (speaker?: Speaker): Promise<void> => {
      if (speaker) speakers.push(speaker);
      const rung = RUNGS[speakers.length] as Rung | undefined;
      if (rung) return Speaker.use("bare", await receiver(rung), binary, server, climb);
      if (speakers.length > RUNGS.length) return turns();
      return Speaker.use("ours", library.code, binary, server, climb);
    };
    await climb();
    return series;
  });
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
