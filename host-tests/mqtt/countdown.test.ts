import { Countdown } from "../../firmware/mqtt/countdown";
import { VirtualRuntime } from "../fixtures/virtual-time";

function build(feeds = true) {
  const { clock, runtime } = new VirtualRuntime();
  const due: number[] = [];
  return { clock, due, countdown: new Countdown(runtime, { due: () => void due.push(clock.now) }, feeds) };
}

it.each([
  ...[0, 1, 4999, 5000, 5001, 10000, 12345, 300000].map((ms) => [ms, true] as const),
  ...[0, 5001, 60000].map((ms) => [ms, false] as const),
])("a wait of %d ms is over exactly then, once (feeding: %s)", (ms, feeds) => {
  const { clock, due, countdown } = build(feeds);
  countdown.start(ms);
  expect(countdown.running).toBe(true);
  clock.advance(ms - 1);
  expect(due).toEqual([]);
  clock.advance(86400000);
  expect(due).toEqual([ms]);
  expect([countdown.running, clock.pending]).toEqual([false, 0]);
});

it.each([1, 3000, 5000, 3600000, 86400000 * 365])(
  "a clock that is stepped forward by %d ms shortens it by 5 s at most",
  (step) => {
    const { clock, due, countdown } = build();
    countdown.start(60000);
    clock.advance(7000);
    clock.jump(step);
    const stepped = clock.now;
    clock.advance(60000 - 7000 - 5000 - 1);
    expect(due).toEqual([]);
    clock.advance(5001);
    expect(due).toHaveLength(1);
    expect(due[0] - stepped).toBeLessThanOrEqual(53000);
  },
);

it("starting again starts anew, with one timer", () => {
  const { clock, due, countdown } = build();
  countdown.start(20000);
  clock.advance(19000);
  countdown.start(7000);
  expect(clock.pending).toBe(1);
  clock.advance(60000);
  expect(due).toEqual([26000]);
});

it("stop leaves no timer, at any moment, and may be called again", () => {
  const { clock, due, countdown } = build();
  countdown.stop();
  for (const ms of [0, 3000, 5000, 11000]) {
    countdown.start(12000);
    clock.advance(ms);
    countdown.stop();
    countdown.stop();
    expect([countdown.running, clock.pending]).toEqual([false, 0]);
  }
  clock.advance(60000);
  expect(due).toEqual([]);
});

it("may be started from within what it calls", () => {
  const { clock, runtime } = new VirtualRuntime();
  const due: number[] = [];
  const countdown: Countdown = new Countdown(runtime, {
    due: (which) => {
      expect(which).toBe(countdown);
      due.push(clock.now);
      if (due.length < 3) countdown.start(6000);
    },
  });
  countdown.start(6000);
  clock.advance(60000);
  expect(due).toEqual([6000, 12000, 18000]);
});

describe("what feeds the watchdog", () => {
  it("runs after each slice and after what was due", () => {
    const fed: number[] = [];
    const { clock, runtime } = new VirtualRuntime(1, { feed: () => void fed.push(clock.now) });
    const countdown = new Countdown(runtime, { due: () => undefined }, true);
    countdown.start(12000);
    clock.advance(60000);
    expect(fed).toEqual([5000, 10000, 12000]);
  });

  it("does not run where what was due throws", () => {
    const fed = jest.fn();
    const { clock, runtime } = new VirtualRuntime(1, { feed: fed });
    const due = () => {
      throw new Error("stuck");
    };
    const countdown = new Countdown(runtime, { due }, true);
    countdown.start(100);
    expect(() => clock.advance(100)).toThrow("stuck");
    expect(fed).not.toHaveBeenCalled();
  });
});
