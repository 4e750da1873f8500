import type { AddressInfo, Socket } from "node:net";
import { createServer } from "node:net";

/** A board's console as a serial line sees it: bytes both ways, echo and prompt among them. */
export interface ByteConsole {
  /** Bytes to the board; lost where it is off. */
  write(bytes: Buffer): void;
  /** Where the board's bytes go. */
  onBytes: (bytes: Buffer) => void;
}

/** A console on a TCP port of this computer, for tools that connect to `tcp://127.0.0.1:port`. */
export interface ConsoleServer {
  port: number;
  /** Hangs up on everybody and listens no more. */
  close(): Promise<void>;
}

/**
 * Serves a console on loopback. `port` 0 takes any free one. What the board prints goes to everybody who is connected. `onLine` is
 * called when somebody opens or closes the line: on many boards DTR and RTS then reset the chip.
 */
export function serveConsole(board: ByteConsole, port = 0, onLine?: () => void): Promise<ConsoleServer> {
  const clients = new Set<Socket>();
  board.onBytes = (bytes) => {
    for (const client of clients) client.write(bytes);
  };
  const server = createServer((socket) => {
    clients.add(socket.setNoDelay(true));
    socket.on("data", (bytes) => board.write(bytes));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clients.delete(socket);
      onLine?.();
    });
    onLine?.();
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            for (const client of clients) client.destroy();
          }),
      });
    });
  });
}
