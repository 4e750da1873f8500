import { connect as connectTcp } from "node:net";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** Where a simulated board's connections go. Plug in one of your own to run without real sockets. */
export interface Network {
  connect(target: NetworkTarget, events: LinkEvents): Link;
  /** How a server answers a connect, where that can be known before: real sockets tell it later, by closing. */
  reach?(target: NetworkTarget): "answers" | "refuses" | "silent";
}

export interface NetworkTarget {
  host: string;
  port: number;
  tls: boolean;
}

/** What a connection tells the board. `close` comes once, last. */
export interface LinkEvents {
  /** TCP is established; `shaking`: a TLS handshake is still under way, whose end `secured` tells. */
  open(shaking?: boolean): void;
  /** Bytes may be sent. */
  secured(): void;
  data(bytes: Uint8Array): void;
  /** Room again, after a `write` that returned false. */
  drain(): void;
  /** Ended, reset or never established: a board cannot tell which. `tlsError`: the handshake failed. */
  close(tlsError?: string): void;
}

export interface Link {
  /** False: hold further writes until `drain`. */
  write(bytes: Uint8Array): boolean;
  /** Sends what was written, then closes; no more events are wanted. */
  end(): void;
  /** Closes at once; no more events are wanted. */
  destroy(): void;
}

/** Real sockets of the host. */
export const hostNetwork: Network = {
  connect({ host, port, tls }, events) {
    const tcp: Socket = connectTcp({ host, port, noDelay: true });
    let stream = tcp;
    let secured = !tls;
    let tlsError: string | undefined;
    let wanted = true;
    let open = false;
    tcp.on("connect", () => {
      open = true;
      if (wanted) events.open(tls);
    });
    if (tls) {
      // Espruino verifies neither certificate nor host name and does not name the host to the server: a simulator that
      // did would hide that from its users. Nor does it speak TLS 1.3, or with a server whose key is not RSA.
      const secure = connectTls({ socket: tcp, rejectUnauthorized: false, maxVersion: "TLSv1.2", ciphers: "aRSA" });
      secure.on("secureConnect", () => {
        secured = true;
        if (wanted) events.secured();
      });
      // The TLS layer reports what goes wrong below it, but not before it has begun.
      tcp.on("error", () => secure.destroy());
      stream = secure;
    }
    stream.on("data", (bytes: Buffer) => wanted && events.data(bytes));
    stream.on("drain", () => wanted && events.drain());
    stream.on("error", (error) => {
      if (open && !secured) tlsError = error.message;
    });
    // A board has no half-open connections: the peer's end is the end.
    stream.on("end", () => stream.destroy());
    stream.on("close", () => {
      if (!wanted) return;
      wanted = false;
      events.close(tlsError);
    });
    return {
      write: (bytes) => stream.write(bytes),
      end() {
        wanted = false;
        stream.end();
        stream.resume();
      },
      destroy() {
        wanted = false;
        stream.destroy();
      },
    };
  },
};
