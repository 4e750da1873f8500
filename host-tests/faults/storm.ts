/**
 * Fault after fault on the line between the firmware's client and a broker, while numbered QoS 1 messages go both ways at the
 * pace of the faults. SEED repeats the faults and the moments of the kills; how sockets interleave is the machine's own.
 */
import { performance } from "node:perf_hooks";
import { Journal } from "../../firmware/mqtt/journal";
import type { CodedError } from "../../firmware/seams";
import type { Fault } from "../../tools/fault-proxy";
import { startFaultProxy } from "../../tools/fault-proxy";
import { FlashRecords } from "../fixtures/flash-records";
import { Seeded } from "../fixtures/seeded";
import { WireClient } from "../fixtures/wire-client";
import type { Peaks } from "./device";
import { Device, noPeaks, raise } from "./device";
import { Arrivals, FILLER, numberOf, text } from "./storm-messages";
import { draw } from "./storm-plan";

/** How far a connection had come when it ended. */
type Phase = "handshake" | "connect" | "subscribe" | "flow";

export interface StormSettings {
  /** The broker's WebSocket port. */
  target: number;
  /** Connections that a fault ends. */
  faults: number;
  /** Messages each way. */
  messages: number;
  /** The device is killed, and another one started over the same records, after so many faults on average; never by default. */
  killEvery?: number;
  /** See `DeviceSettings`. */
  still?: number;
}

export interface StormOutcome {
  /** Faults that ended a connection. */
  total: number;
  /** How often each kind of fault took effect, those included that a connection survived. */
  kinds: Map<Fault["kind"], number>;
  /** How far the connections that a fault ended had come. */
  phases: Map<Phase, number>;
  /** Faults that struck while messages were on their way. */
  busy: number;
  /** Numbers in the order of their first arrival. */
  up: number[];
  down: number[];
  /** Messages that arrived again. */
  again: { up: number; down: number };
  /** Messages that nobody sent like this. */
  wild: string[];
  /** Messages to the device over its cap, and its `error` events. */
  oversize: number;
  errors: string[];
  /** Codes of `close` events. */
  codes: Set<string>;
  kills: number;
  /** Messages that a device took over from its predecessor's records. */
  kept: number;
  peaks: Peaks;
}

/** The client's caps, low enough that a storm reaches them. */
export const CAPS = { queueBytes: 4096, queueMessages: 20, maximumPacketSize: 1024, receiveMaximum: 5 };
/** Messages that are on their way to the device at a time. */
const BACKLOG = 100;
/** A device that comes no further for so long, in its own time, is stuck: many times the longest wait between attempts. */
const STUCK = 3_600_000;
/** Real milliseconds after which a storm is given up. */
const LIMIT = 240_000;
/** What jest allows for one storm, in milliseconds. */
export const STORM_TIMEOUT = LIMIT + 30_000;

const count = <Key>(counts: Map<Key, number>, key: Key) => counts.set(key, (counts.get(key) ?? 0) + 1);

class Storm {
  readonly kinds = new Map<Fault["kind"], number>();
  readonly phases = new Map<Phase, number>();
  readonly up = new Arrivals();
  readonly down = new Arrivals();
  readonly peaks = noPeaks();
  readonly errors: string[] = [];
  readonly codes = new Set<string>();
  total = 0;
  busy = 0;
  kills = 0;
  kept = 0;
  oversize = 0;
  private readonly faults = new Seeded(7);
  private readonly deaths = new Seeded(8);
  private readonly store = new FlashRecords();
  private readonly began = performance.now();
  private device: Device | undefined;
  /** The connection in use; a fault on another strikes nobody. */
  private connection = -1;
  private decisive: Fault | undefined;
  /** Numbers handed to the client, acknowledged to it, sent towards it. */
  private published = 0;
  private acknowledged = 0;
  private sent = 0;
  /** The server has a session with the subscription; SUBACK has come over the present connection. */
  private subscribed = false;
  private granted = false;
  /** The present connection's fault has struck. */
  private struck = false;
  private broken: Error | undefined;

  constructor(private readonly settings: StormSettings) {}

  async run(): Promise<void> {
    const { target, faults } = this.settings;
    const ends: (() => unknown)[] = [];
    try {
      const sink = await WireClient.open(`ws://127.0.0.1:${target}/`);
      ends.push(() => sink.terminate());
      const source = await WireClient.open(`ws://127.0.0.1:${target}/`);
      ends.push(() => source.terminate());
      const proxy = await startFaultProxy({
        target,
        plan: (connection) => {
          this.connection = connection;
          this.decisive = undefined;
          this.struck = false;
          if (this.total >= faults) return {};
          const { plan, decisive } = draw(this.faults);
          this.decisive = decisive;
          return plan;
        },
        onFault: (fault, _direction, connection) => connection === this.connection && this.strike(fault),
      });
      ends.push(() => proxy.close());
      ends.push(() => this.device?.kill());
      await sink.connect({ clientId: "sink", keepalive: 0 });
      await sink.subscribe(["storm/up"], 0);
      await source.connect({ clientId: "source", keepalive: 0 });
      this.listen(sink).catch((error: Error) => (this.broken = error));
      while (await this.live(proxy.port, source)) this.kills++;
    } finally {
      for (const end of ends.reverse()) await end();
    }
  }

  private async listen(sink: WireClient): Promise<void> {
    for (;;) {
      this.up.add((await sink.next("publish")).payload.toString());
      this.device?.pulse.beat();
    }
  }

  private strike(fault: Fault): void {
    count(this.kinds, fault.kind);
    if (fault === this.decisive) {
      const device = this.device!;
      this.decisive = undefined;
      this.struck = true;
      this.total++;
      if (device.client.queued > 0 || this.down.first.length < this.sent) this.busy++;
      // Nothing but time ends this connection.
      if (fault.kind === "blackhole" || fault.kind === "truncate") device.pulse.ms = 1;
    }
    this.device?.pulse.beat();
  }

  /** How many messages each way may have been sent by now: the last ones go under the last fault. */
  private get allowed(): number {
    const { messages, faults } = this.settings;
    return Math.min(messages, Math.ceil((messages / faults) * (this.total + 1)));
  }

  /** One device's life: until all is done, or its end. Returns whether there is more to do. */
  private async live(port: number, source: WireClient): Promise<boolean> {
    const { faults, messages, killEvery, still = 10 } = this.settings;
    const random = this.deaths;
    const device = new Device(`ws://127.0.0.1:${port}/`, {
      clientId: "storm",
      store: this.store,
      stream: 1000 + this.kills,
      options: CAPS,
      still,
    });
    const { client } = (this.device = device);
    // It goes on behind what was acknowledged, or is kept and comes by itself.
    const kept = new Journal(this.store, "mqtt.out").load().map(numberOf);
    if (this.kills) this.kept += kept.length;
    this.published = Math.max(this.acknowledged, ...kept);
    const granted = (error?: CodedError) => {
      if (!error) this.subscribed = this.granted = true;
    };
    client
      // Again and again, so that faults also meet it.
      .on("connect", () => client.subscribe("storm/down", { qos: 1 }, granted))
      .on("close", (_error, _retry, online) => {
        if (this.struck) count(this.phases, this.phase(device, online));
        this.struck = this.granted = false;
        device.pulse.ms = still;
      });
    client.connect();

    const killAt = killEvery ? this.total + 1 + random.below(2 * killEvery - 1) : Infinity;
    let turns = random.below(60);
    let progress = 0;
    let since = 0;
    let heard = 0;
    const done = () => {
      for (; heard < device.received.length; heard++) this.down.add(device.received[heard]);
      this.traffic(client, source);
      const further = this.total + this.acknowledged + this.up.first.length + this.down.first.length;
      if (further > progress) since = device.clock.now;
      progress = further;
      if (this.broken) throw this.broken;
      if (device.clock.now - since > STUCK || performance.now() - this.began > LIMIT) throw this.stuck(device);
      if (this.total < faults) return this.total >= killAt && turns-- <= 0;
      const arrived = Math.min(this.published, this.up.first.length, this.down.first.length);
      return arrived >= messages && client.queued === 0;
    };
    try {
      await device.until("storm", done, Infinity);
    } finally {
      // Half of those that lose their power leave a connection behind that nobody has ended.
      device.kill(random.chance(2));
      this.connection = -1;
      this.struck = this.granted = false;
      raise(this.peaks, device.peaks);
      for (const { code } of device.closes) this.codes.add(code);
      this.errors.push(...device.errors);
    }
    return this.total < faults;
  }

  private phase(device: Device, online: boolean): Phase {
    if (online) return this.granted ? "flow" : "subscribe";
    return device.opened ? "connect" : "handshake";
  }

  /** Sends what may be sent now, both ways. */
  private traffic(client: Device["client"], source: WireClient): void {
    const { allowed } = this;
    let answer = "";
    while (this.published < allowed && answer !== "queue-full") {
      const number = this.published + 1;
      answer = client.publish("storm/up", text(number), { qos: 1 }, (error) => {
        if (!error) this.acknowledged = Math.max(this.acknowledged, number);
      });
      if (answer !== "queue-full") this.published = number;
    }
    const send = (payload: string, qos: 0 | 1, messageId: number) =>
      source.send({ cmd: "publish", topic: "storm/down", payload, qos, messageId, dup: false, retain: false });
    while (this.subscribed && this.sent < allowed && this.sent - this.down.first.length < BACKLOG) {
      send(text(++this.sent), 1, this.sent);
      if (this.sent % 250 === 0) send("over the cap".repeat(200), 1, 60_000 + ++this.oversize);
    }
    if (this.decisive && client.connected && client.queued === 0 && this.down.first.length === this.sent) {
      client.publish("storm/filler", FILLER);
      send(FILLER, 0, 0);
    }
  }

  private stuck(device: Device): Error {
    const { total, published, acknowledged, sent, up, down } = this;
    const state = { total, published, acknowledged, up: up.first.length, sent, down: down.first.length };
    const closes = device.closes.slice(-3).map(({ code, message }) => `${code}: ${message}`);
    return new Error(`no further after ${device.clock.now} ms: ${JSON.stringify({ ...state, closes })}`);
  }
}

/** Resolves when all faults have struck and every message has arrived and is acknowledged; rejects when that comes no nearer. */
export async function storm(settings: StormSettings): Promise<StormOutcome> {
  const run = new Storm(settings);
  await run.run();
  const { up, down } = run;
  return {
    ...run,
    up: up.first,
    down: down.first,
    again: { up: up.again, down: down.again },
    wild: [...up.wild, ...down.wild],
  };
}
