import { Backoff } from "../../firmware/mqtt/backoff";
import { hostRuntime } from "../../tools/host/runtime";
import { seed } from "../fixtures/seeded";
import { VirtualRuntime } from "../fixtures/virtual-time";

/** A backoff whose every draw is the same 32 bits. */
const drawing = (bits: number) => new Backoff(hostRuntime({ random: () => bits }));
const drawn = (from: number) => new Backoff(new VirtualRuntime(from).runtime);

/** The most attempts in any minute, the end of it not counted. */
function mostInMinute(times: number[]): number {
  let most = 0;
  for (let from = 0, to = 0; to < times.length; to++) {
    while (times[to] - times[from] >= 60000) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

describe("full jitter", () => {
  it("draws from 0 up to 1, 2, 4, 8 s", () => {
    const [least, most] = [drawing(0), drawing(0xffffffff)];
    expect([least.next(0), least.next(0), least.next(0), least.next(0)]).toEqual([0, 0, 0, 0]);
    expect([most.next(0), most.next(0), most.next(0), most.next(0)]).toEqual([1000, 2000, 4000, 8000]);
  });

  it("takes a signed integer of 32 bits just as well", () => {
    expect(drawing(-1).next(0)).toBe(1000);
    expect(drawing(-0x80000000).next(0)).toBe(500);
  });

  it(`spreads evenly over the range (SEED=${seed})`, () => {
    const { runtime } = new VirtualRuntime(seed);
    const quarters = [0, 0, 0, 0];
    for (let i = 0; i < 4000; i++) quarters[Math.min(3, Math.floor(new Backoff(runtime).next(0) / 250))]++;
    // Six standard deviations on either side.
    for (const count of quarters) expect(Math.abs(count - 1000)).toBeLessThan(165);
  });

  it("waits are whole milliseconds, and 60 s is the longest", () => {
    for (const bits of [0, 0x12345678, 0x7fffffff, 0xffffffff]) {
      const backoff = drawing(bits);
      for (let i = 0; i < 2000; i++) {
        const wait = backoff.next(0);
        expect(Number.isInteger(wait) && wait >= 0 && wait <= 60000).toBe(true);
      }
    }
  });

  it("two boards that lose the server together do not come back together", () => {
    const [one, other] = [drawn(1), drawn(2)];
    for (let i = 0; i < 4; i++) expect(one.next(0)).not.toBe(other.next(0));
  });
});

describe("the rate of attempts", () => {
  it.each([
    ["the shortest draws", () => drawing(0)],
    ["the longest draws", () => drawing(0xffffffff)],
    [`random draws (SEED=${seed})`, () => drawn(seed)],
  ])("is never more than five in any minute over 10,000 attempts, with %s", (_name, make) => {
    const backoff = make();
    const times = [0];
    for (let i = 0; i < 10000; i++) times.push(times[i] + backoff.next(0));
    expect(mostInMinute(times)).toBeLessThanOrEqual(5);
  });

  it("does use the five", () => {
    const backoff = drawing(0);
    const times = [0];
    for (let i = 0; i < 100; i++) times.push(times[i] + backoff.next(0));
    expect(mostInMinute(times)).toBe(5);
  });

  it(`is kept across connections that last a minute each and then break (SEED=${seed})`, () => {
    const backoff = drawn(seed);
    const times: number[] = [];
    let now = 0;
    for (let i = 0; i < 500; i++) {
      for (let failed = i % 7; failed > 0; failed--) {
        times.push(now);
        now += backoff.next(0);
      }
      times.push(now);
      now += 60000;
      backoff.reset();
      now += backoff.next(0);
    }
    expect(mostInMinute(times)).toBeLessThanOrEqual(5);
  });
});

describe("the floor", () => {
  it("is kept, above the cap too", () => {
    const backoff = drawing(0x80000000);
    expect(backoff.next(700)).toBe(700);
    expect(backoff.next(700)).toBe(1000);
    expect(backoff.next(300000)).toBe(300000);
  });

  it("counts for one attempt only", () => {
    const backoff = drawing(0);
    backoff.next(300000);
    expect(backoff.next(0)).toBe(0);
  });
});

describe("reset", () => {
  it("starts again from the shortest waits", () => {
    const backoff = drawing(0xffffffff);
    for (let i = 0; i < 20; i++) backoff.next(0);
    backoff.reset();
    expect([backoff.next(0), backoff.next(0), backoff.next(0)]).toEqual([1000, 2000, 4000]);
  });
});
