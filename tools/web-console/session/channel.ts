/** A browser's WebSocket as the firmware's channel: rows of bytes here, binary messages there. */
import { fail } from "../../../firmware/errors";
import type { Channel, ChannelSink } from "../../../firmware/seams";
import type { Timers } from "./runtime";
import { arrayOf, bytesOf } from "./runtime";

/** What is used of a browser's WebSocket. */
export interface BrowserSocket {
  binaryType: string;
  readonly bufferedAmount: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number): void;
}

/** The firmware's `OpenChannel`, where the runtime is known. */
export type OpenBrowserChannel = (url: string, subprotocol: string, sink: ChannelSink) => Channel;

/** Bytes in the browser's buffer at which the client shall wait. */
const HIGH_WATER = 65_536;
/** Milliseconds between two looks at that buffer: a browser does not tell when it is empty. */
const LOOK = 50;

class BrowserChannel implements Channel {
  private opened = false;
  private over = false;
  private looking = false;

  constructor(
    private readonly socket: BrowserSocket,
    private readonly sink: ChannelSink,
    private readonly timers: Timers,
  ) {
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      if (this.over) return;
      this.opened = true;
      sink.channelOpen();
    };
    socket.onmessage = ({ data }: { data: unknown }) => {
      if (this.over) return;
      if (data instanceof ArrayBuffer) sink.channelBytes(bytesOf(new Uint8Array(data)));
      else this.fail("websocket-protocol", "1003: a text frame");
    };
    socket.onclose = ({ code, reason }: { code: number; reason: string }) => {
      if (this.over) return;
      if (!this.opened) this.fail("browser-connect-failed", "the browser gives no reason");
      // 1006 is no code of the server's: there was no Close frame (RFC 6455, section 7.4.1).
      else if (code === 1006) this.fail("socket-closed", "the connection was closed without a Close frame");
      else this.fail("websocket-closed", `${code}${reason === "" ? "" : ` ${reason}`}`);
    };
  }

  send(bytes: string): boolean {
    this.socket.send(arrayOf(bytes));
    if (this.socket.bufferedAmount <= HIGH_WATER) return true;
    if (!this.looking) this.look();
    return false;
  }

  close(code: number): void {
    if (this.over) return;
    this.over = true;
    // A page may send 1000 and 3000 to 4999 only.
    if (code === 1000) this.socket.close(1000);
    else this.socket.close();
  }

  private look(): void {
    this.looking = true;
    this.timers.setTimeout(() => {
      this.looking = false;
      if (this.over) return;
      if (this.socket.bufferedAmount > 0) this.look();
      else this.sink.channelDrain();
    }, LOOK);
  }

  private fail(code: string, message: string): void {
    this.over = true;
    this.socket.close();
    this.sink.channelClose(fail(code, message));
  }
}

/** Opens channels through `make`, which may throw as a browser's constructor does (`browser-blocked`). */
export function channelOpener(
  make: (url: string, subprotocol: string) => BrowserSocket,
  timers: Timers,
): OpenBrowserChannel {
  return (url, subprotocol, sink) => {
    let socket;
    try {
      socket = make(url, subprotocol);
    } catch (error) {
      throw fail("browser-blocked", (error as Error).message);
    }
    return new BrowserChannel(socket, sink, timers);
  };
}
