import { queueEvent } from "./events";
import type { Loop } from "./loop";
import type { Link, Network, NetworkTarget } from "./network";
import type { Realm } from "./realm";

/** The most bytes that go in or out of a socket in one turn of the loop. */
export const CHUNK = 536;

const CLOSED = -1;
const UNSENT_DATA = -8;

/** A socket as the interpreter keeps it, beside the object that programs see. */
interface BoardSocket {
  object: Record<string, unknown>;
  /** Of the TCP/IP stack. */
  descriptor: number;
  link: Link;
  /** Bytes written and not yet taken by TCP. Nothing limits it. */
  outbox: string;
  inbox: string;
  /** Data that came while nobody listened, for `read` or a later handler. */
  unread: string;
  open: boolean;
  /** Something has come. */
  heard: boolean;
  /** A TLS handshake is under way: nothing is sent. */
  shaking: boolean;
  blocked: boolean;
  announced: boolean;
  ending: boolean;
  closeNow: boolean;
  gone: boolean;
  tlsError?: string;
}

export interface SocketsOptions {
  network: Network;
  /** A descriptor for a new connection; throws what the interpreter throws. */
  dial(target: NetworkTarget, ca: unknown): number;
  free(descriptor: number): void;
}

/** The interpreter's socket layer: works on its sockets once a turn and queues their events. */
export class Sockets {
  /** True while the Wi-Fi is away: sockets go silent, and none is closed. */
  silent = false;
  private readonly sockets = new Set<BoardSocket>();
  private readonly byObject = new WeakMap<object, BoardSocket>();
  private readonly prototype: object;

  constructor(
    private readonly realm: Realm,
    private readonly loop: Loop,
    private readonly options: SocketsOptions,
  ) {
    this.prototype = this.makePrototype();
  }

  /** `require("net").connect` and `require("tls").connect`. */
  connect(target: unknown, onConnect: unknown, tls: boolean): unknown {
    const given = target as { host?: unknown; port?: unknown; ca?: unknown };
    const address = { host: String(given.host ?? "127.0.0.1"), port: Number(given.port ?? (tls ? 443 : 0)), tls };
    const descriptor = this.options.dial(address, given.ca);
    const object = this.realm.own.Object.create(this.prototype) as Record<string, unknown>;
    if (typeof onConnect === "function") object["#onconnect"] = this.realm.array([onConnect]);
    const socket: BoardSocket = {
      object,
      descriptor,
      link: { write: () => false, end: () => undefined, destroy: () => undefined },
      outbox: "",
      inbox: "",
      unread: "",
      open: false,
      heard: false,
      shaking: false,
      blocked: false,
      announced: false,
      ending: false,
      closeNow: false,
      gone: false,
    };
    this.sockets.add(socket);
    this.byObject.set(object, socket);
    const then = (change: () => void) => {
      change();
      this.loop.wake();
    };
    socket.link = this.options.network.connect(address, {
      open: (shaking = false) =>
        then(() => {
          socket.open = true;
          socket.shaking = shaking;
        }),
      secured: () => then(() => (socket.shaking = false)),
      data: (bytes) =>
        then(() => {
          socket.inbox += Buffer.from(bytes).toString("latin1");
          socket.heard = true;
        }),
      drain: () => then(() => (socket.blocked = false)),
      close: (tlsError) =>
        then(() => {
          socket.gone = true;
          socket.tlsError = tlsError;
        }),
    });
    return object;
  }

  /** One turn's work; true when there is more to do at once. */
  idle(): boolean {
    let more = false;
    for (const socket of [...this.sockets]) more = this.serve(socket) || more;
    return more;
  }

  /** Bytes that wait inside the interpreter, either way. */
  queuedBytes(): number {
    let bytes = 0;
    for (const { outbox, inbox, unread } of this.sockets) bytes += outbox.length + inbox.length + unread.length;
    return bytes;
  }

  /** Whether one has not heard anything yet. */
  get connecting(): boolean {
    return [...this.sockets].some(({ heard }) => !heard);
  }

  get count(): number {
    return this.sockets.size;
  }

  /** What running out of memory does to what was written. */
  dropQueued(): void {
    for (const socket of this.sockets) socket.outbox = "";
  }

  /** The interpreter ends: socketKill closes all that it knows of. */
  destroy(): void {
    for (const { link, descriptor } of this.sockets) {
      link.destroy();
      this.options.free(descriptor);
    }
    this.sockets.clear();
  }

  /** A handler for `data` was added: what came before it is handed over. */
  dataHandlerAdded(object: object): void {
    const socket = this.byObject.get(object);
    if (!socket || socket.unread === "") return;
    const bytes = socket.unread;
    socket.unread = "";
    queueEvent(this.loop, object, "data", [bytes]);
  }

  private serve(socket: BoardSocket): boolean {
    let close = socket.closeNow || Boolean(socket.object.clsNow);
    let code = 0;
    if (!close) {
      if (this.silent) return false;
      const hadOutput = socket.outbox !== "";
      if (hadOutput) this.send(socket);
      else if (socket.ending) close = true;
      if (socket.open && !socket.announced) {
        socket.announced = true;
        queueEvent(this.loop, socket.object, "connect", [socket.object]);
        if (socket.outbox === "") queueEvent(this.loop, socket.object, "drain", [socket.object]);
      }
      if (socket.inbox !== "") {
        const bytes = socket.inbox.slice(0, CHUNK);
        socket.inbox = socket.inbox.slice(CHUNK);
        this.receive(socket, bytes);
      } else if (socket.gone) {
        close = true;
        code = CLOSED;
      }
    }
    if (close) this.close(socket, code);
    const canSend = socket.outbox !== "" && socket.open && !socket.shaking && !socket.blocked;
    return !close && (canSend || socket.inbox !== "" || socket.gone || (socket.ending && socket.outbox === ""));
  }

  private send(socket: BoardSocket): void {
    if (!socket.open || socket.shaking || socket.blocked || socket.gone) return;
    const bytes = socket.outbox.slice(0, CHUNK);
    socket.outbox = socket.outbox.slice(CHUNK);
    if (!socket.link.write(Buffer.from(bytes, "latin1"))) socket.blocked = true;
    if (socket.outbox === "" && !socket.ending) queueEvent(this.loop, socket.object, "drain", [socket.object]);
  }

  /** Data handlers run at once, ahead of a `connect` that is only queued. */
  private receive(socket: BoardSocket, bytes: string): void {
    const handlers = socket.object["#ondata"] as ((this: object, bytes: string) => void)[] | undefined;
    if (!handlers) {
      socket.unread += bytes;
      return;
    }
    for (const handler of [...handlers]) this.loop.guard(() => handler.call(socket.object, bytes));
  }

  private close(socket: BoardSocket, reason: number): void {
    const code = reason === CLOSED && socket.outbox !== "" ? UNSENT_DATA : reason;
    const failed = code === UNSENT_DATA;
    this.sockets.delete(socket);
    this.options.free(socket.descriptor);
    socket.closeNow = true;
    if (reason !== CLOSED) {
      if (socket.object.clsNow) socket.link.destroy();
      else socket.link.end();
    }
    if (socket.tlsError !== undefined) {
      const { InternalError } = this.realm.own;
      const text = `mbedtls_ssl_handshake returned ${socket.tlsError}`;
      this.loop.guard(() => {
        throw new InternalError(text);
      });
    }
    if (failed) {
      queueEvent(this.loop, socket.object, "error", [this.realm.object({ code, message: "unsent data" })]);
    }
    queueEvent(this.loop, socket.object, "end", []);
    queueEvent(this.loop, socket.object, "close", [failed]);
  }

  private makePrototype(): object {
    const find = (object: object) => {
      const socket = this.byObject.get(object);
      if (!socket) throw new this.realm.own.Error("Not a socket");
      return socket;
    };
    const write = (object: object, data: unknown) => {
      const socket = find(object);
      if (socket.closeNow || socket.ending || object === undefined) {
        throw new this.realm.own.Error("This socket is closed");
      }
      if (data !== undefined) socket.outbox += lowBytes(String(data));
      this.loop.wake();
      return false;
    };
    const members: Record<string, unknown> = {
      write(this: object, data: unknown) {
        return write(this, data);
      },
      end: (() => {
        const end = (object: object, data: unknown) => {
          const socket = find(object);
          if (data !== undefined) write(object, data);
          if (socket.outbox === "") socket.closeNow = true;
          socket.ending = true;
          this.loop.wake();
        };
        return function (this: object, data: unknown) {
          end(this, data);
        };
      })(),
      available(this: object) {
        return find(this).unread.length;
      },
      read(this: object, count?: number) {
        const socket = find(this);
        const bytes = count ? socket.unread.slice(0, count) : socket.unread;
        socket.unread = socket.unread.slice(bytes.length);
        return bytes;
      },
    };
    const prototype = this.realm.object();
    for (const [name, member] of Object.entries(members)) this.realm.define(prototype, name, member);
    return prototype;
  }
}

function lowBytes(text: string): string {
  return Buffer.from(text, "latin1").toString("latin1");
}
