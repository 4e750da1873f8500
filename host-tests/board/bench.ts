/** A simulated board in virtual time with a network in memory: everything a test does to it is over when the call returns. */
import { VirtualClock } from "../../tools/board/clock";
import type { LinkEvents, Network, NetworkTarget } from "../../tools/board/network";
import { SimulatedBoard } from "../../tools/board/simulated";
import type { SimulatedBoardOptions } from "../../tools/board/simulated";

/** One connection as its far end sees it. */
export interface Peer {
  target: NetworkTarget;
  events: LinkEvents;
  /** Everything the board sent, as bytes. */
  received: string;
  /** Each piece as it came. */
  pieces: string[];
  ended: boolean;
  destroyed: boolean;
  /** False: the peer's window is closed, writes report "full". */
  room: boolean;
  send(bytes: string): void;
}

export class MemoryNetwork implements Network {
  readonly peers: Peer[] = [];

  answer: "answers" | "refuses" | "silent" = "answers";

  constructor(private readonly opens = true) {}

  reach() {
    return this.answer;
  }

  connect(target: NetworkTarget, events: LinkEvents) {
    const peer: Peer = {
      target,
      events,
      received: "",
      pieces: [],
      ended: false,
      destroyed: false,
      room: true,
      send: (bytes) => events.data(Buffer.from(bytes, "latin1")),
    };
    this.peers.push(peer);
    if (this.opens) events.open();
    return {
      write(bytes: Uint8Array) {
        peer.pieces.push(Buffer.from(bytes).toString("latin1"));
        peer.received = peer.pieces.join("");
        return peer.room;
      },
      end: () => void (peer.ended = true),
      destroy: () => void (peer.destroyed = true),
    };
  }
}

export type BenchOptions = Partial<SimulatedBoardOptions> & { network?: MemoryNetwork };

export class Bench {
  readonly clock = new VirtualClock();
  readonly lines: string[] = [];
  readonly network: MemoryNetwork;
  readonly board: SimulatedBoard;

  constructor(options: BenchOptions = {}) {
    this.network = options.network ?? new MemoryNetwork();
    const chip = options.image ?? options.release ?? options.traits ?? options.wifi;
    this.board = new SimulatedBoard({
      // What the language and the sockets do is asked where the network is simply up.
      image: chip === undefined ? "LINUX" : undefined,
      clock: this.clock,
      onLine: (line) => this.lines.push(line),
      analogRead: () => 0.5,
      ...options,
      network: this.network,
    });
  }

  /** Boots this program and lets `ms` pass; returns all lines so far. */
  async boot(program: string, ms = 100): Promise<string[]> {
    await this.board.writeFile(".bootcde", program);
    await this.board.powerOn();
    return this.pass(ms);
  }

  pass(ms: number): string[] {
    this.clock.advance(ms);
    return this.lines;
  }

  /** Types a line; returns what it made the console say. */
  type(line: string): string[] {
    const before = this.lines.length;
    this.board.type(line);
    this.clock.advance(0);
    return this.lines.slice(before);
  }

  get peer(): Peer {
    const peer = this.network.peers.at(-1);
    if (!peer) throw new Error("nothing has connected");
    return peer;
  }
}
