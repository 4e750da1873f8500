import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { parser } from "mqtt-packet";
import type { Packet } from "mqtt-packet";
import { WebSocket } from "ws";
import type { Violation } from "./rules";

/** `reset`: TCP RST. `end`: FIN without a close frame. `blackhole`: the socket stays open and nothing gets through. */
export type Cut = "reset" | "end" | "blackhole";

export type Direction = "in" | "out";

/**
 * One device's WebSocket as the byte stream that a broker reads and writes, with a tap that shows every MQTT packet.
 * Packets leave one to a frame. Destroying it sends a close frame, so that what was written before still arrives.
 */
export class Link extends Duplex {
  /** Why it ended: the first reason that was given. */
  cause?: Violation;
  private status = 1000;
  private dark = false;
  private readonly incoming: (bytes: Buffer) => void;
  private readonly outgoing: (bytes: Buffer) => void;

  /** `socket` carries the WebSocket; `tcp` is the same, or what lies below its TLS. */
  constructor(
    private readonly ws: WebSocket,
    private readonly socket: Socket,
    private readonly tcp: Socket,
    tap: (direction: Direction, packet: Packet) => void,
  ) {
    super({ allowHalfOpen: false });
    this.incoming = tapped((packet) => tap("in", packet));
    this.outgoing = tapped((packet) => tap("out", packet));
    ws.on("message", (data: Buffer, isBinary) => this.receive(data, isBinary));
    ws.on("error", (error) => this.blame("websocket-error", error.message));
    ws.on("close", (code, reason) => {
      if (code === 1006) this.blame("link-lost", "the connection ended without a close frame");
      else this.blame("closed", `the device closed the WebSocket: ${`${code} ${reason}`.trim()}`);
      this.push(null);
    });
  }

  blame(code: string, reason: string): void {
    this.cause ??= { code, reason };
  }

  /** Ends the connection with a WebSocket status code and a reason. */
  hangUp(status: number, { code, reason }: Violation): void {
    this.blame(code, reason);
    this.status = status;
    this.destroy();
  }

  cut(how: Cut): void {
    this.blame("cut", how);
    this.dark = true;
    if (how === "blackhole") {
      // Read on and throw away, so that the device's own close of the socket is still noticed.
      this.socket.removeAllListeners("data");
      this.socket.on("data", () => undefined).resume();
      return;
    }
    if (how === "reset") this.tcp.resetAndDestroy();
    else this.socket.end();
    this.destroy();
  }

  private receive(data: Buffer, isBinary: boolean): void {
    if (this.dark || this.destroyed) return;
    if (!isBinary) {
      this.hangUp(1003, { code: "text-frame", reason: "MQTT takes binary frames only" });
      return;
    }
    this.incoming(data);
    if (!this.destroyed && !this.push(data)) this.ws.pause();
  }

  override _read(): void {
    if (this.ws.isPaused) this.ws.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.dark || this.ws.readyState !== WebSocket.OPEN) {
      done();
      return;
    }
    this.outgoing(chunk);
    this.ws.send(chunk, { binary: true }, () => done());
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), "binary", done);
  }

  override _destroy(_error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.dark) {
      if (this.ws.isPaused) this.ws.resume();
      this.ws.close(this.status, this.status === 1000 ? "" : this.cause?.code);
    }
    done(null);
  }
}

/** A parser that only watches: what it cannot read, the broker refuses. */
function tapped(onPacket: (packet: Packet) => void): (bytes: Buffer) => void {
  const watching = parser();
  let broken = false;
  watching.on("packet", onPacket);
  watching.on("error", () => (broken = true));
  return (bytes) => {
    if (!broken) watching.parse(bytes);
  };
}
