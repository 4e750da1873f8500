/** Listens in on a channel: every packet with its time, in both directions. */
import type { Bytes, Channel, ChannelSink, Runtime } from "../../../firmware/seams";
import type { OpenBrowserChannel } from "./channel";
import { PacketSplitter } from "../inspect/stream";

export interface PacketRecord {
  id: number;
  /** Milliseconds since 1970. */
  at: number;
  direction: "out" | "in";
  bytes: Bytes;
  /** 3 for MQTT 3.1, 4 for 3.1.1. */
  level: number;
  /** Bytes of the WebSocket message that it came or went in, and how many packets ended in it. */
  message: { bytes: number; packets: number };
}

export interface TapSink {
  opening(url: string): void;
  packet(packet: PacketRecord): void;
  /** Something passed. */
  changed(): void;
}

export class Tap {
  level = 4;
  /** When a packet last left and last came, in the runtime's milliseconds. */
  lastOut = 0;
  lastIn = 0;
  private lastId = 0;
  private current = 0;

  constructor(
    private readonly channels: OpenBrowserChannel,
    private readonly runtime: Runtime,
    private readonly sink: TapSink,
  ) {}

  readonly open: OpenBrowserChannel = (url, subprotocol, client): Channel => {
    const connection = ++this.current;
    const incoming = new PacketSplitter();
    const outgoing = new PacketSplitter();
    this.sink.opening(url);
    const note = (direction: "out" | "in", bytes: Bytes) => {
      if (connection !== this.current) return;
      this[direction === "out" ? "lastOut" : "lastIn"] = this.runtime.now();
      const packets = (direction === "out" ? outgoing : incoming).push(bytes);
      const message = { bytes: bytes.length, packets: packets.length };
      for (const packet of packets) {
        const record = { id: ++this.lastId, at: Date.now(), direction, bytes: packet, level: this.level, message };
        this.sink.packet(record);
      }
    };
    const heard: ChannelSink = {
      channelOpen: () => client.channelOpen(),
      channelBytes: (bytes) => {
        // Before the client answers it.
        note("in", bytes);
        client.channelBytes(bytes);
        this.sink.changed();
      },
      channelDrain: () => client.channelDrain(),
      channelClose: (error) => client.channelClose(error),
    };
    const channel = this.channels(url, subprotocol, heard);
    return {
      send: (bytes) => {
        note("out", bytes);
        this.sink.changed();
        return channel.send(bytes);
      },
      close: (code) => channel.close(code),
    };
  };

  /** Forgets the connection: what it still has to say is nobody's any more. */
  stop(): void {
    this.current++;
  }
}
