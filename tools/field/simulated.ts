/** Simulated boards against the platform simulator, in time of their own, with trouble put in where it is wanted. */
import { textToBytes } from "../board/board";
import type { Clock } from "../board/clock";
import { hostClock } from "../board/clock";
import type { Link, LinkEvents, NetworkTarget } from "../board/network";
import { hostNetwork } from "../board/network";
import { SimulatedBoard } from "../board/simulated";
import { LineMender } from "../console/line-mender";
import type { Platform } from "../platform-simulator/simulator";
import { startPlatform } from "../platform-simulator/simulator";
import { parseStatus } from "../status-line";
import type { FieldClock, Source, SourceSink } from "./sources";

export interface FleetOptions {
  count: number;
  /** Times as fast as real time. */
  speed: number;
  /** The compiled firmware. */
  bundle: string;
  /** When its time begins, in milliseconds since 1970. */
  begin: number;
}

/** What both clouds recommend, in seconds. */
const KEEPALIVE = 300;

/** The simulated air has a network for whatever name a board asks for. */
const WIFI = { ssid: "simulated", password: "simulated" };

/** One simulated board, and what can befall it. */
export class FieldBoard implements Source {
  /** Told of each status line's event and code. */
  onStatus: (event: string, code: unknown) => void = () => undefined;
  private readonly board: SimulatedBoard;
  private sink?: SourceSink;
  private plugged = true;
  private line?: { link: Link; events: LinkEvents };
  private refusing = false;
  private readonly mender = new LineMender();

  constructor(
    readonly name: string,
    clock: Clock,
    private readonly bundle: string,
    private readonly device: object,
  ) {
    this.board = new SimulatedBoard({
      clock,
      serial: name,
      network: { connect: (target, events) => this.connect(target, events) },
      connectFault: () => (this.refusing ? "Unable to create socket" : undefined),
      onLine: (line) => this.hear(line),
    });
  }

  async follow(sink: SourceSink, signal: AbortSignal): Promise<void> {
    this.sink = sink;
    sink.port("open");
    await this.start();
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    this.sink = undefined;
    await this.stop();
  }

  async start(): Promise<void> {
    await this.board.writeFile(".bootcde", textToBytes(this.bundle));
    await this.board.writeFile("device.json", textToBytes(JSON.stringify(this.device)));
    await this.board.powerOn();
  }

  stop(): Promise<void> {
    return this.board.powerOff();
  }

  /** Its connection breaks; until `refuse(false)` there is no other. */
  cut(): void {
    this.refusing = true;
    const { line } = this;
    this.line = undefined;
    line?.link.destroy();
    line?.events.close();
  }

  allow(): void {
    this.refusing = false;
  }

  /** Types at its console. */
  type(code: string): void {
    this.board.type(code);
  }

  async switchOff(): Promise<void> {
    await this.board.powerOff();
  }

  async switchOn(): Promise<void> {
    if (this.sink) await this.board.powerOn();
  }

  /** The cable of its console is pulled or put back; it runs on. */
  plug(plugged: boolean): void {
    this.plugged = plugged;
    this.sink?.port(plugged ? "open" : "gone");
  }

  private hear(raw: string): void {
    for (const line of this.mender.push(raw)) {
      const status = parseStatus(line);
      if (this.plugged) this.sink?.line(line);
      if (status) this.onStatus(status.event, status.code);
    }
  }

  private connect(target: NetworkTarget, events: LinkEvents): Link {
    const link = hostNetwork.connect(target, events);
    this.line = { link, events };
    return link;
  }
}

export class Fleet {
  readonly clock: FieldClock;
  readonly boards: FieldBoard[];

  private constructor(
    private readonly platform: Platform,
    private readonly options: FleetOptions,
  ) {
    const { count, speed, begin } = options;
    const clock = hostClock(speed);
    this.boardClock = clock;
    const epoch = begin - clock.now();
    const after = (ms: number, fn: () => void) => {
      const handle = clock.setTimeout(fn, ms);
      return () => clock.clearTimeout(handle);
    };
    this.clock = {
      now: () => Math.round(epoch + clock.now()),
      after,
      every(ms, fn) {
        let stop: () => void;
        const next = () => {
          stop = after(ms, () => {
            next();
            fn();
          });
        };
        next();
        return () => stop();
      },
    };
    this.boards = Array.from({ length: count }, (_, i) => this.makeBoard(`simulated-${i + 1}`, `simulated-${i + 1}`));
  }

  static async start(options: FleetOptions): Promise<Fleet> {
    return new Fleet(await startPlatform({ platform: "broker", speed: options.speed }), options);
  }

  /** Another board, which nobody follows, with the identity of one that is there. */
  double(board: FieldBoard): FieldBoard {
    return this.makeBoard(`${board.name}-double`, board.name);
  }

  close(): Promise<void> {
    return this.platform.close();
  }

  private readonly boardClock: Clock;

  private makeBoard(name: string, clientId: string): FieldBoard {
    const topic = `${name}/update`;
    return new FieldBoard(name, this.boardClock, this.options.bundle, {
      wifi: WIFI,
      platform: "broker",
      broker: { clientId },
      url: this.platform.url,
      // At least a second of real time: the sockets are real.
      mqtt: { keepalive: KEEPALIVE, connectTimeout: Math.min(600_000, Math.max(30_000, this.options.speed * 1000)) },
      // It hears what it says: messages both ways.
      subscribe: [{ topic, qos: 1 }],
      telemetry: { topic, qos: 1, period: 300 },
    });
  }
}
