/** What ESP-IDF logs, in its colours: `\x1b[0;32mI (1234) wifi: …\x1b[0m`. */
const LINES = [
  ["32", "I", "wifi: state: run -> init (fc0)"],
  ["32", "I", "wifi: new:<6,0>, old:<6,0>, ap:<255,255>, sta:<6,0>, prof:6"],
  ["33", "W", "wifi: alloc eb len=76 type=2 fail, heap:15320"],
  ["32", "I", "tcpip_adapter: sta ip: 192.168.4.17, mask: 255.255.255.0, gw: 192.168.4.1"],
  ["31", "E", "wifi: esf_buf: t=8, l=20, max:16, alloc:16 no eb, TXQ_BLOCK=10000"],
] as const;

/** Of how many console lines one gets a log line into its midst. */
const EVERY = 3;

/** The log of ESP-IDF, which another task prints, wherever the console's line has come to. The same on every run. */
export class IdfLog {
  private seed = 1;
  private count = 0;

  /** The line as it arrives. */
  disturb(line: string): string {
    if (++this.count % EVERY !== 0) return line;
    const [colour, level, text] = LINES[this.next(LINES.length)];
    const at = this.next(line.length + 1);
    const log = `\x1b[0;${colour}m${level} (${this.count * 1234}) ${text}\x1b[0m\r\n`;
    return line.slice(0, at) + log + line.slice(at);
  }

  private next(range: number): number {
    this.seed = (this.seed * 48_271) % 0x7fffffff;
    return this.seed % range;
  }
}
