/** Where a field run's lines come from. A source only listens; what `follow` does about a boot of its own making is the one exception. */
import { setTimeout as delay } from "node:timers/promises";
import { openPort } from "../console/open-port";
import type { Port } from "../console/port";
import { follow } from "../monitor/follow";

export interface SourceSink {
  /** One line of the board's console. */
  line(text: string): void;
  port(state: "open" | "gone"): void;
}

export interface Source {
  /** How it was named: `/dev/ttyUSB0`, `tcp://host:port`, `simulated-1`. */
  readonly name: string;
  /** Follows until the signal. Rejects where it cannot begin, unless it is `patient`. */
  follow(sink: SourceSink, signal: AbortSignal, patient: boolean): Promise<void>;
}

/** The time that a run's log is written in. */
export interface FieldClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `fn` each `ms` milliseconds of this time; returns how to stop that. */
  every(ms: number, fn: () => void): () => void;
  /** Calls `fn` once; returns how to stop that. */
  after(ms: number, fn: () => void): () => void;
}

/** The longest delay Node's timers take. */
const LONGEST = 0x7fffffff;

/** The computer's own. */
export const realClock: FieldClock = {
  now: () => Date.now(),
  every(ms, fn) {
    const timer = setInterval(fn, ms);
    return () => clearInterval(timer);
  },
  after(ms, fn) {
    let timer: NodeJS.Timeout;
    const wait = (left: number) => {
      timer = setTimeout(() => (left > LONGEST ? wait(left - LONGEST) : fn()), Math.min(left, LONGEST));
    };
    wait(ms);
    return () => clearTimeout(timer);
  },
};

/** A board's console at a serial or TCP port. `pause`: milliseconds between two attempts to open it. */
export function portSource(name: string, pause = 1000): Source {
  return {
    name,
    async follow(sink, signal, patient) {
      const open = (): Promise<Port> => openPort(name);
      const first = async (): Promise<Port> => {
        for (;;) {
          try {
            return await open();
          } catch (error) {
            if (!patient) throw error;
            await delay(pause, undefined, { signal });
          }
        }
      };
      let begun = false;
      const next = () => {
        if (begun) return open();
        begun = true;
        return first();
      };
      await follow(next, {
        onLine: (line) => sink.line(line),
        onPort: (state) => sink.port(state),
        signal,
        pause,
      }).catch((error: Error) => {
        if (!signal.aborted) throw error;
      });
    },
  };
}
