import type { Realm } from "./realm";
import type { SocketTable } from "./socket-table";

/** `require("net").createServer` as far as its socket goes: it listens, and nobody ever connects. */
export class Servers {
  private readonly listening = new Map<object, { port: number; socket?: number }>();

  constructor(
    private readonly realm: Realm,
    private readonly sockets: SocketTable,
    private readonly print: (line: string) => void,
  ) {}

  get ports(): number[] {
    return [...this.listening.values()].filter(({ socket }) => socket !== undefined).map(({ port }) => port);
  }

  create(handler: unknown): object | undefined {
    if (typeof handler !== "function") {
      this.print(`ERROR: Expecting Callback Function but got ${typeof handler}`);
      return undefined;
    }
    const server = this.realm.object();
    this.realm.define(server, "listen", (port: number) => {
      const socket = this.sockets.take();
      // Without one createsocket returns 0, which counts as a socket (network_esp32.c:120).
      if (socket === undefined) this.print("ERROR: Socket creation failed");
      server.sckt = socket === undefined ? 1 : socket + 1;
      this.listening.set(server, { port: Number(port), socket });
      return server;
    });
    this.realm.define(server, "close", () => this.close(server));
    return server;
  }

  /** load(): those that a program's servers have are closed. */
  stop(): void {
    for (const server of [...this.listening.keys()]) this.close(server);
  }

  private close(server: object): void {
    const socket = this.listening.get(server)?.socket;
    if (socket !== undefined) this.sockets.free(socket);
    this.listening.delete(server);
    Reflect.deleteProperty(server, "sckt");
  }
}
