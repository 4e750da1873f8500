/** The main job from power on to summary: a board, a platform, and everything that should happen between them. */
import { performance } from "node:perf_hooks";
import type { Board } from "../board/board";
import { textToBytes } from "../board/board";
import { Failure } from "../command-line/exit";
import type { Platform, PlatformEvent } from "../platform-simulator/simulator";
import { describeEvent } from "../platform-simulator/simulator";
import type { StatusLine } from "../status-line";
import { describeStatus, parseStatus } from "../status-line";
import type { DeviceFile } from "./device-file";
import type { Summary } from "./tally";
import { Tally } from "./tally";

export interface ScenarioOptions {
  /** The compiled firmware. */
  bundle: string;
  device: DeviceFile;
  /** Makes the board; `onLine` gets its console, `onExit` is told when it ends by itself. */
  board(onLine: (line: string) => void, onExit: (reason: string) => void): Board;
  /** The simulator; without it (a broker of the user's own) there is neither a downlink nor a cut. */
  platform?: Platform;
  /** Milliseconds of real time to run at least, or exactly once everything has been seen. */
  duration: number;
  /** Times as fast as real time. */
  speed: number;
  /** What a round trip that the board tells is multiplied with to make it real. */
  rttScale: number;
  /** Told what happens, as it happens: milliseconds since power on, who says it, and it. */
  show(ms: number, source: "board" | "platform" | "run", event: StatusLine | PlatformEvent, text: string): void;
}

/** Milliseconds of real time that a step may take on top of what the timers need. */
const PATIENCE = 15_000;

/** Something that should not have happened, or did not happen in time. */
export class ScenarioError extends Failure {}

/** Runs until everything has been seen and the time is over. Throws a ScenarioError that says what went wrong. */
export async function runScenario(options: ScenarioOptions, interrupted: Promise<void>): Promise<Summary> {
  const { device, platform, speed, show } = options;
  const tally = new Tally(options.rttScale);
  // The board judges its file; until then nothing in it is known to be what it should.
  const subscriptions = Array.isArray(device.subscribe) ? device.subscribe.filter((entry) => entry?.topic) : [];
  const begun = performance.now();
  const elapsed = () => performance.now() - begun;
  let waiting: { test(status: StatusLine): boolean; resolve(status: StatusLine): void }[] = [];
  let cutting = false;
  let complete = false;
  let fail: (error: Error) => void = () => undefined;
  const failure = new Promise<never>((_, reject) => (fail = reject));
  failure.catch(() => undefined);

  function judge(status: StatusLine): string | undefined {
    if (status.event === "error" && !cutting) return `the board tells an error: ${describeStatus(status)}`;
    if (status.event === "offline" && !cutting) return `the board went offline: ${describeStatus(status)}`;
    return undefined;
  }

  function onLine(line: string): void {
    const status = parseStatus(line);
    if (!status) {
      if (/Uncaught|Execution Interrupted|out of memory|New interpreter error/i.test(line)) {
        fail(new ScenarioError(`the board's console says: ${line.trim()}`));
      }
      return;
    }
    show(elapsed(), "board", status, describeStatus(status));
    tally.add(status, performance.now());
    const fault = judge(status);
    if (fault) fail(new ScenarioError(fault));
    waiting = waiting.filter(({ test, resolve }) => {
      if (!test(status)) return true;
      resolve(status);
      return false;
    });
  }

  /** The next status that passes the test, counted from now, or a failure after `seconds` of the device's time. */
  function next(what: string, seconds: number, test: (status: StatusLine) => boolean): Promise<StatusLine> {
    const limit = PATIENCE + (seconds * 1000) / speed;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const error = new ScenarioError(`${what} did not happen within ${Math.round(limit / 1000)} s`);
      timer = setTimeout(() => reject(error), limit);
    });
    const happened = new Promise<StatusLine>((resolve) => waiting.push({ test, resolve }));
    return Promise.race([happened, late, failure]).finally(() => clearTimeout(timer));
  }
  const keepalive = device.mqtt?.keepalive || 300;
  const event = (name: string) => (status: StatusLine) => status.event === name;

  /**
   * What shows that the link is alive: a PINGRESP, or, where telemetry comes often enough to make pings needless, its
   * acknowledgement.
   */
  const often = (device.telemetry?.qos ?? 0) > 0 && (device.telemetry?.period ?? 60) < (keepalive * 7) / 16;
  const lively = (status: StatusLine) => status.event === "ping" || (often && status.event === "published");

  const stop = platform?.on((entry) => show(elapsed(), "platform", entry, describeEvent(entry)));
  const board = options.board(onLine, (reason) => fail(new ScenarioError(`the board ended: ${reason}`)));

  async function play(): Promise<void> {
    await board.writeFile("device.json", textToBytes(JSON.stringify(device)));
    await board.writeFile(".bootcde", textToBytes(options.bundle));
    const first = [
      next("network", 30, event("network")),
      next("online", 60, event("online")),
      ...subscriptions.map(({ topic }) =>
        next(`subscribed to ${topic}`, 60, (status) => status.event === "subscribed" && status.topic === topic),
      ),
      ...(device.telemetry ? [next("telemetry acknowledged", 60, event("published"))] : []),
    ];
    const pinged = next("a PINGRESP or an acknowledgement", 2 * keepalive, lively);
    pinged.catch(() => undefined);
    await Promise.all([board.powerOn(), ...first]);
    const topic = subscriptions[0]?.topic;
    if (platform && topic && !/[#+]/.test(topic)) {
      const message = next("the downlink message", 60, event("message"));
      await platform.publish(topic, JSON.stringify({ lamp: "on" }), { qos: 1 });
      await message;
    }
    await pinged;
    if (platform) {
      cutting = true;
      const back = Promise.all([
        next("offline after the cut", keepalive, event("offline")),
        next("online again", 120, event("online")),
      ]);
      back.catch(() => undefined);
      platform.cut("reset");
      await back;
      cutting = false;
      await next("a PINGRESP or an acknowledgement after the cut", 2 * keepalive, lively);
    }
    complete = true;
    const left = options.duration - elapsed();
    if (left <= 0) return;
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, left)));
    // A board that falls silent is noticed at the next ping that does not come.
    const alive = async () => {
      for (;;) await next("a PINGRESP or an acknowledgement", 2 * keepalive, lively);
    };
    await Promise.race([over, alive(), failure, interrupted]).finally(() => clearTimeout(timer));
  }

  try {
    let played = false;
    const playing = play().then(() => (played = true));
    await Promise.race([playing, failure, interrupted]);
    // An interruption is a way to end a run that has shown everything; before that it leaves the question open.
    if (!played && !complete) throw new ScenarioError("interrupted before everything was seen");
    return tally.summary(elapsed() / 1000, performance.now());
  } finally {
    stop?.();
    await board.powerOff();
  }
}
