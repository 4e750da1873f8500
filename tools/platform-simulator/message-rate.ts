const WINDOW_MS = 1_000;

/** Counts what each device publishes over a sliding second. */
export class MessageRate {
  private readonly sent = new Map<string, number[][]>();

  /**
   * @param limits messages a second of QoS 0 and of QoS 1; where they are one number, of both together
   * @param now milliseconds since some fixed moment, at the platform's speed
   */
  constructor(
    private readonly limits: readonly [number, number] | number,
    private readonly now: () => number,
  ) {}

  /** Takes a message; false when it is one too many, which does not count. */
  take(device: string, qos: number): boolean {
    const now = this.now();
    const { limits } = this;
    const kind = typeof limits === "number" || qos === 0 ? 0 : 1;
    const recent = (this.sent.get(device) ?? [[], []]).map((times) => times.filter((at) => now - at < WINDOW_MS));
    this.sent.set(device, recent);
    if (recent[kind].length >= (typeof limits === "number" ? limits : limits[kind])) return false;
    recent[kind].push(now);
    return true;
  }
}
