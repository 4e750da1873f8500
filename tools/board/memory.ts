/**
 * How many variables are in use. The host cannot know what closures would take on a board, so a stated baseline is charged for
 * the firmware, as the README's "What it costs" has it (variables of 14 bytes, all features, code in Storage), and what the simulator
 * can see on top of it: timers, queued events, sockets and their bytes, a sketch behind the firmware, what Wi-Fi events leak.
 */
/** An empty board (measured on a 32-bit build). */
const IDLE = 60;
/** The firmware loaded, and connected: of that one socket and one timer are counted by themselves. */
const LOADED = 272;
const CONNECTED = 637;
/** Seen on a chip while it connects: until the server has said something. */
const CONNECTING = 1549;
const TIMER = 6;
const EVENT = 6;
const SOCKET = 30;
/** Bytes of a string that one variable holds; characters of a sketch's code that cost one. */
const STRING_BYTES = 10;
const SKETCH_CHARACTERS = 11;
/** A saved program whose first line is this long is the firmware; what follows it is a sketch. */
const FIRMWARE_CHARACTERS = 20_000;
/** Variables that BLE takes from the heap. */
const BLE = 2000;

export interface Counted {
  timers: number;
  events: number;
  sockets: number;
  /** A socket has not heard anything yet. */
  connecting: boolean;
  bytes: number;
}

export class Memory {
  private baseline = 0;
  private connected = 0;
  private peak = 0;
  private leaked = 0;

  constructor(
    readonly total: number,
    /** False: the chip runs without BLE. */
    ble = true,
  ) {
    if (!ble) this.total += BLE;
  }

  /** The saved program runs out of flash. */
  load(program: string): void {
    const end = program.indexOf("\n");
    const first = end < 0 ? program : program.slice(0, end);
    if (first.length < FIRMWARE_CHARACTERS) return;
    const sketch = program.slice(first.length).trim();
    this.baseline = LOADED + Math.ceil(sketch.length / SKETCH_CHARACTERS);
    this.peak = CONNECTING - CONNECTED;
    this.connected = CONNECTED - LOADED - SOCKET - TIMER;
  }

  leak(variables: number): void {
    this.leaked += variables;
  }

  usage(counted: Counted): number {
    return (
      IDLE +
      this.baseline +
      (counted.sockets > 0 ? this.connected : 0) +
      (counted.connecting ? this.peak : 0) +
      this.leaked +
      counted.timers * TIMER +
      counted.events * EVENT +
      counted.sockets * SOCKET +
      Math.ceil(counted.bytes / STRING_BYTES)
    );
  }
}
