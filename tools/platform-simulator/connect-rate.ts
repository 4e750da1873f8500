const WINDOW_MS = 60_000;

/** Counts connection requests over a sliding minute, for each device on its own. */
export class ConnectRate {
  private readonly requests = new Map<string, number[]>();

  /**
   * @param limit requests a minute
   * @param now milliseconds since some fixed moment, at the platform's speed
   */
  constructor(
    private readonly limit: number,
    private readonly now: () => number,
  ) {}

  /** Takes a request; false when it is one too many. Refused ones do not count, or a steady retry could never recover. */
  take(device: string): boolean {
    const now = this.now();
    const recent = (this.requests.get(device) ?? []).filter((at) => now - at < WINDOW_MS);
    const admitted = recent.length < this.limit;
    if (admitted) recent.push(now);
    this.requests.set(device, recent);
    return admitted;
  }
}
