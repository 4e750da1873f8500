import { BoardConsole } from "../console/board-console";
import { forgetBoots, mayReset, OPENED_MS } from "../console/opening";
import type { Port } from "../console/port";
import { parseStatus } from "../status-line";

export interface FollowOptions {
  onLine(line: string): void;
  /** Told once when the port opens and once when it goes. */
  onPort(state: "open" | "gone"): void;
  /** Called with the board's console each time that the port opens. */
  onConsole?(board: BoardConsole): void;
  /** Ends it. */
  signal: AbortSignal;
  /** Milliseconds between two attempts to open a port that is gone. Default 1000. */
  pause?: number;
  /** Milliseconds since some fixed moment; real time by default. */
  now?(): number;
}

/**
 * Reads a board's console until the signal, opening the port again as often as it goes. Rejects where it cannot be opened
 * at first: then the name is wrong. It only listens, but for one thing: a boot that the opening has caused is taken out of the board's count.
 */
export async function follow(open: () => Promise<Port>, options: FollowOptions): Promise<void> {
  const { signal, pause = 1000, now = () => performance.now() } = options;
  const aborted = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  let port: Port | undefined = await open();
  while (!signal.aborted) {
    if (port) {
      options.onPort("open");
      const board = new BoardConsole(port);
      const opened = now();
      const resets = mayReset(port.name);
      const stop = board.onLine((line) => {
        if (resets && now() - opened < OPENED_MS && parseStatus(line)?.event === "boot") {
          void forgetBoots(board).catch(() => undefined);
        }
        options.onLine(line);
      });
      options.onConsole?.(board);
      await Promise.race([port.gone, aborted]);
      await board.close();
      stop();
      if (signal.aborted) return;
      options.onPort("gone");
    }
    await Promise.race([aborted, new Promise((resolve) => setTimeout(resolve, pause))]);
    port = signal.aborted ? undefined : await open().catch(() => undefined);
  }
  await port?.close();
}
