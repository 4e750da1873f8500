import { textToBytes } from "./board";
import type { ByteConsole } from "./byte-console";
import { IdfLog } from "./idf-log";
import type { SimulatedBoardOptions } from "./simulated";
import { SimulatedBoard } from "./simulated";

const CTRL_C = 3;
const BACKSPACE = 8;
const NEWLINE = 10;
const RETURN = 13;
const NO_ECHO = 16;
const ESCAPE = 27;
const DELETE = 127;
/** How the board takes a prompt back before it prints. */
const REMOVE_INPUT = "\r\x1b[J";

/**
 * The simulated board as a serial line sees it: prompt, echo, lines that go on while brackets are open, and the control
 * characters that tools use. It does not edit inside a line, keeps no history, and knows no packets.
 */
export class SimulatedConsole implements ByteConsole {
  onBytes: (bytes: Buffer) => void = () => undefined;
  readonly board: SimulatedBoard;
  private readonly log = new IdfLog();
  private powered = false;
  private echo = true;
  private line = "";
  private lineEcho = true;
  /** What has come of an escape sequence. */
  private escape = "";
  /** The prompt stands at the end of what was printed. */
  private prompted = false;

  constructor(options: Omit<SimulatedBoardOptions, "onLine" | "onBoot" | "onEcho">) {
    this.board = new SimulatedBoard({
      ...options,
      onLine: (line) => this.print(textToBytes(line)),
      onBoot: () => this.begin(),
      onEcho: (on) => (this.echo = on),
    });
  }

  async powerOn(): Promise<void> {
    this.powered = true;
    await this.board.powerOn();
    this.prompt();
  }

  async powerOff(): Promise<void> {
    this.powered = false;
    await this.board.powerOff();
  }

  /** The reset line is pulled, as DTR and RTS do at the opening and closing of many a port. */
  reset(): void {
    if (!this.powered) return;
    void this.board.powerOff();
    void this.powerOn();
  }

  write(bytes: Buffer): void {
    if (this.powered && this.board.serialHasConsole) for (const code of bytes) this.receive(code);
  }

  private send(text: string): void {
    this.onBytes(Buffer.from(text, "latin1"));
  }

  /** A line, with a log line of ESP-IDF somewhere in it where the image has that. */
  private sendLine(line: string): void {
    this.send(`${this.board.traits["idf-log"] ? this.log.disturb(line) : line}\r\n`);
  }

  private begin(): void {
    this.echo = true;
    this.clear();
    // The banner of the interpreter, which ends whatever stood on the line.
    this.send("\r\n espruino.com\r\n");
    this.prompted = false;
    // Later: the saved program prints first.
    setImmediate(() => this.prompt());
  }

  private print(line: string): void {
    if (this.prompted) this.send(REMOVE_INPUT);
    this.sendLine(line);
    if (!this.prompted) return;
    this.prompted = false;
    this.prompt();
  }

  private prompt(): void {
    if (!this.echo || this.prompted || !this.powered || !this.board.serialHasConsole) return;
    this.send(">" + (this.lineEcho ? this.line : ""));
    this.prompted = true;
  }

  private clear(): void {
    this.line = "";
    this.lineEcho = true;
  }

  private receive(code: number): void {
    if (this.escape || code === ESCAPE) return this.receiveEscape(code);
    const letter = String.fromCharCode(code);
    if (code === CTRL_C) {
      this.clear();
      this.prompted = false;
      this.send("\r\n");
      this.prompt();
    } else if (code === NO_ECHO) {
      if (this.line === "") this.lineEcho = false;
    } else if (code === BACKSPACE || code === DELETE) this.line = this.line.slice(0, -1);
    else if (code === NEWLINE || code === RETURN) this.enter();
    else if (code >= 32) {
      this.line += letter;
      if (this.echo && this.lineEcho) this.send(letter);
    }
  }

  private receiveEscape(code: number): void {
    this.escape += String.fromCharCode(code);
    if (this.escape === "\x1b[2H") this.clear();
    // eslint-disable-next-line no-control-regex
    if (!/^\x1b(\[[0-9]*)?$/.test(this.escape)) this.escape = "";
  }

  private enter(): void {
    const echo = this.echo && this.lineEcho;
    if (openBrackets(this.line) > 0) {
      this.line += "\n";
      if (echo) this.send("\r\n:");
      return;
    }
    const { line } = this;
    this.clear();
    if (echo) this.send("\r\n");
    this.prompted = false;
    this.board.enter(
      line,
      (value) => {
        if (echo && this.echo && line.trim() !== "") this.send(`=${value}\r\n`);
      },
      () => this.prompt(),
    );
  }
}

/** How many brackets a line leaves open, those in strings not counted. */
function openBrackets(line: string): number {
  const code = line.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, "");
  return (code.match(/[([{]/g) ?? []).length - (code.match(/[)\]}]/g) ?? []).length;
}
