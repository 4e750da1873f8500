/** Variables that the bundles take on the interpreter, counted by it. */
import { generate } from "mqtt-packet";
import { Failure } from "../command-line/exit";
import { runOnBoard } from "../measure/board-run";
import type { MeasuringServer } from "../measure/server";
import { startServer } from "../measure/server";
import type { Variables } from "./figures";
import { sampled } from "./sampled";
import { Snapshot } from "./snapshot";
import type { BundleName, Use } from "./uses";
import {
  BURST,
  EMPTY,
  firmwareUse,
  idling,
  libraryUse,
  loading,
  moduleUse,
  PAYLOAD,
  peaking,
  stockUse,
  TOPIC,
} from "./uses";

/** So many samples at first are of coming to rest; of those that follow the most frequent counts. */
const UNSETTLED = 8;
const SAMPLES = 25;

/** The firmware's line, or the sketch's. */
const isSubscribed = (line: string) => line === "~subscribed" || line.includes('"event":"subscribed"');

/** Counts on one interpreter, with a server of its own for the board to talk to. */
export class VariableCounter {
  private readonly empty = new Map<string, Promise<number>>();
  private server?: MeasuringServer;

  /** `binary`: the interpreter's file. `progress` hears what is being done. */
  constructor(
    private readonly binary: string,
    private readonly progress: (what: string) => void,
  ) {}

  async open(): Promise<void> {
    const messages = Array.from({ length: BURST }, (_, i) => message(i + 1));
    this.server = await startServer();
    this.server.onVisitor = (visitor) => {
      visitor.onPublish = ({ topic }) => {
        if (topic !== TOPIC) return;
        visitor.onPublish = undefined;
        visitor.send(messages);
      };
    };
  }

  async close(): Promise<void> {
    await this.server?.close();
  }

  /** Counts a bundle of ours. */
  async bundle(name: BundleName, code: string): Promise<Variables> {
    const port = this.server!.webSocketPort;
    const use = (text: string, inMemory: boolean) =>
      name === "firmware.js" ? firmwareUse(text, port) : libraryUse(text, port, inMemory);
    // They mostly wait, and nothing here is timed.
    const [loaded, loadedInMemory, connected, connectedInMemory, peaks] = await Promise.all([
      this.loaded(name, use(code, false), false),
      this.loaded(name, use(code, true), true),
      this.connected(name, use(code, false), false),
      this.connected(name, use(code, true), true),
      this.peaks(name, use(sampled(code), false)),
    ]);
    return { loaded, loadedInMemory, connected, connectedInMemory, ...peaks };
  }

  /** Counts the firmware at rest, out of Storage. */
  async firmware(name: string, code: string): Promise<Pick<Variables, "loaded" | "connected">> {
    const use = firmwareUse(code, this.server!.webSocketPort);
    return { loaded: await this.loaded(name, use, false), connected: await this.connected(name, use, false) };
  }

  /** Counts a stock module; `MQTT` connected over bare TCP as well. */
  async peer(name: string, code: string): Promise<Partial<Variables>> {
    return {
      loaded: await this.loaded(name, moduleUse(name, code, false), false),
      loadedInMemory: await this.loaded(name, moduleUse(name, code, true), true),
      ...(name === "MQTT" && {
        connected: await this.connected(name, stockUse(code, this.server!.tcpPort), false),
      }),
    };
  }

  /** All variables of the firmware when it is connected, subscribed and idle. */
  async snapshot(code: string): Promise<Snapshot> {
    const { load, settings } = firmwareUse(code, this.server!.webSocketPort);
    this.progress("firmware.js, every variable");
    const dump = `setInterval(function(){if(!device.status().online)return;E.dumpVariables();print("~end")},2000);`;
    return runOnBoard({ code: `${load}\n${dump}`, files: settings, binary: this.binary }, async (board) => {
      await board.told("~end");
      if (!board.lines.some(isSubscribed)) throw new Failure("the firmware did not subscribe in time");
      return new Snapshot(board.lines);
    });
  }

  private async loaded(name: string, use: Use, inMemory: boolean): Promise<number> {
    this.progress(`${name} out of ${inMemory ? "RAM" : "Storage"}, loaded`);
    const empty = this.once(`loaded ${inMemory}`, () => this.atRest(loading(EMPTY), {}, inMemory));
    return (await this.atRest(loading(use), use.files, inMemory)) - (await empty);
  }

  private async connected(name: string, use: Use, inMemory: boolean): Promise<number> {
    this.progress(`${name} out of ${inMemory ? "RAM" : "Storage"}, connected`);
    const empty = this.once(`idle ${inMemory}`, () => this.atRest(idling(EMPTY), {}, inMemory));
    return (await this.atRest(idling(use), { ...use.files, ...use.settings }, inMemory, isSubscribed)) - (await empty);
  }

  private async peaks(name: string, use: Use): Promise<Pick<Variables, "peakConnecting" | "peakBurst">> {
    this.progress(`${name} at its peaks`);
    const told = (run: Use, what: string[]) =>
      runOnBoard(
        { code: peaking(run), files: { ...run.files, ...run.settings }, binary: this.binary },
        async (board) => {
          const counts: number[] = [];
          for (const mark of what) counts.push(Number(await board.told(mark)));
          return counts;
        },
      );
    // On the empty board nothing but the burst is sampled.
    const empty = await this.once("peak", async () => (await told(EMPTY, ["~burst"]))[0]);
    const [connecting, burst] = await told(use, ["~connecting", "~burst"]);
    return { peakConnecting: connecting - empty, peakBurst: burst - empty };
  }

  /** The usual figure among the samples that follow the first line to pass `from`. */
  private atRest(
    code: string,
    files: Record<string, string>,
    inMemory: boolean,
    from: (line: string) => boolean = () => true,
  ): Promise<number> {
    const isSample = (line: string) => line.startsWith("~idle ");
    return runOnBoard({ code, files, inMemory, binary: this.binary }, async (board) => {
      await board.line(from, "subscription");
      const first = board.lines.length;
      const samples = () => board.lines.slice(first).filter(isSample);
      await board.line(() => samples().length >= UNSETTLED + SAMPLES, "samples");
      const counts = new Map<number, number>();
      for (const line of samples().slice(UNSETTLED)) {
        const count = Number(line.split(" ")[1]);
        counts.set(count, (counts.get(count) ?? 0) + 1);
      }
      return [...counts].sort(([, a], [, b]) => b - a)[0][0];
    });
  }

  private once(key: string, count: () => Promise<number>): Promise<number> {
    const known = this.empty.get(key) ?? count();
    this.empty.set(key, known);
    return known;
  }
}

function message(messageId: number): Buffer {
  const payload = "y".repeat(PAYLOAD);
  return generate({ cmd: "publish", topic: TOPIC, payload, qos: 1, messageId, dup: false, retain: false });
}
