import type { Timers } from "../session/runtime";

/** Waits on the page's behalf, and says when: `[id, ms]` starts, `[id]` stops. */
const WORKER = `const timers = new Map();
onmessage = ({ data: [id, ms] }) => {
  clearTimeout(timers.get(id));
  timers.delete(id);
  if (ms === undefined) return;
  timers.set(id, setTimeout(() => { timers.delete(id); postMessage(id); }, ms));
};`;

/**
 * Timers in a worker: a page that nobody looks at may run its own once a minute, too late for a keepalive. Where there
 * can be no worker, the page's own.
 */
export class WorkerTimers implements Timers {
  private readonly pending = new Map<number, { fn: () => void; ms: number }>();
  private worker: Worker | undefined;
  private lastId = 0;

  constructor() {
    try {
      const address = URL.createObjectURL(new Blob([WORKER], { type: "text/javascript" }));
      this.worker = new Worker(address);
      this.worker.onmessage = ({ data }: MessageEvent<number>) => this.fire(data);
      this.worker.onerror = () => this.doWithout();
    } catch {
      this.doWithout();
    }
  }

  setTimeout(fn: () => void, ms: number): number {
    const id = ++this.lastId;
    this.pending.set(id, { fn, ms });
    this.start(id, ms);
    return id;
  }

  clearTimeout(handle: unknown): void {
    this.pending.delete(handle as number);
    this.worker?.postMessage([handle]);
  }

  private start(id: number, ms: number): void {
    if (this.worker) this.worker.postMessage([id, ms]);
    else window.setTimeout(() => this.fire(id), ms);
  }

  private fire(id: number): void {
    const entry = this.pending.get(id);
    this.pending.delete(id);
    entry?.fn();
  }

  private doWithout(): void {
    this.worker = undefined;
    for (const [id, { ms }] of this.pending) this.start(id, ms);
  }
}
