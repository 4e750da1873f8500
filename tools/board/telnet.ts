import type { ConsoleDevice } from "./console-device";
import { SERIAL, TELNET } from "./console-device";
import type { SocketTable } from "./socket-table";
import { Stranger } from "./stranger";

/**
 * The telnet console (libs/network/telnet/jswrap_telnet.c). Its sockets are C statics that outlive load(), and each start of the interpreter
 * switches it on again (149); options take effect in the idle loop (167).
 */
export class Telnet {
  private on = false;
  private server?: number;
  private client?: { socket: number; stranger: Stranger };

  constructor(
    private readonly present: boolean,
    private readonly sockets: SocketTable,
    private readonly console: ConsoleDevice,
    private readonly preferred: () => string,
  ) {}

  get listens(): boolean {
    return this.server !== undefined;
  }

  /** The interpreter begins: MODE_ON, hardcoded. */
  begin(): void {
    this.on = this.present;
  }

  switch(on: boolean): void {
    this.on = on;
  }

  idle(): void {
    if (this.on) this.server ??= this.sockets.take();
    else if (this.server !== undefined) this.stop();
  }

  /** Somebody connects; undefined where nothing listens or no socket is left. */
  accept(type: (line: string) => void): Stranger | undefined {
    if (this.server === undefined) return undefined;
    const socket = this.sockets.take();
    if (socket === undefined) return undefined;
    this.hangUp();
    if (!this.console.forced) this.console.move(TELNET, false);
    const stranger = new Stranger(
      (line) => {
        if (this.console.device === TELNET) type(line);
      },
      () => this.release(stranger),
    );
    this.client = { socket, stranger };
    return stranger;
  }

  show(line: string): void {
    this.client?.stranger.lines.push(line);
  }

  /** telnetStop (220) leaves the console on telnet: then nobody has it. */
  private stop(): void {
    this.hangUp();
    this.sockets.free(this.server!);
    this.server = undefined;
  }

  private hangUp(): void {
    if (!this.client) return;
    this.client.stranger.open = false;
    this.sockets.free(this.client.socket);
    this.client = undefined;
  }

  private release(stranger: Stranger): void {
    if (this.client?.stranger !== stranger) return;
    this.hangUp();
    if (this.console.device === TELNET && !this.console.forced) this.console.move(this.preferred() || SERIAL, false);
  }
}
