import { fail } from "../../firmware/errors";
import { Backoff } from "../../firmware/mqtt/backoff";
import { hostRuntime } from "../../tools/host/runtime";
import { seed } from "../fixtures/seeded";
import { VirtualRuntime } from "../fixtures/virtual-time";

/** A backoff whose every draw is the same 32 bits. */
const drawing = (bits: number) => new Backoff(hostRuntime({ random: () => bits }));
const drawn = (from: number) => new Backoff(new VirtualRuntime(from).runtime);

const MINUTE = 60000;
const broken = fail("socket-closed", "the connection was closed");

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

  it("waits are whole milliseconds; the rate asks for 65 s at most, and 60 s is the longest draw", () => {
    for (const bits of [0, 0x12345678, 0x7fffffff, 0xffffffff]) {
      const backoff = drawing(bits);
      const waits = Array.from({ length: 2000 }, () => backoff.next(0));
      expect(waits.filter((wait) => !Number.isInteger(wait) || wait < 0 || wait > 65000)).toEqual([]);
    }
    const longest = drawing(0xffffffff);
    const waits = Array.from({ length: 20 }, () => longest.next(0));
    expect(waits.slice(-10)).toEqual(Array(10).fill(60000));
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
      backoff.ended(60000, broken);
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

describe("the end of a connection", () => {
  const worn = () => {
    const backoff = drawing(0xffffffff);
    for (let i = 0; i < 20; i++) backoff.next(0);
    return backoff;
  };

  it("after a minute starts again from the shortest waits", () => {
    const backoff = worn();
    expect(backoff.ended(MINUTE, broken)).toBe(broken);
    expect([backoff.next(0), backoff.next(0), backoff.next(0)]).toEqual([1000, 2000, 4000]);
  });

  it("earlier than that changes nothing", () => {
    const backoff = worn();
    expect(backoff.ended(MINUTE - 1, broken)).toBe(broken);
    expect(backoff.next(0)).toBe(60000);
  });
});

describe("brief connections that the server ends", () => {
  const brief = 29999;
  const ends = (backoff: Backoff, count: number, lasted = brief, code = "socket-closed") =>
    Array.from({ length: count }, () => backoff.ended(lasted, fail(code, "")).code);

  it.each(["socket-closed", "socket-error", "websocket-closed"])("%s: the third in a row is called kicked", (code) => {
    expect(ends(drawing(0), 4, brief, code)).toEqual([code, code, "kicked", "kicked"]);
  });

  it.each([
    ["that broke of themselves", brief, "ping-timeout"],
    ["that broke a rule", brief, "websocket-protocol"],
    ["that lasted 30 s", 30000, "socket-closed"],
  ])("those %s are not", (_name, lasted, code) => {
    const backoff = drawing(0);
    expect(ends(backoff, 10, lasted, code)).toEqual(Array(10).fill(code));
    expect(backoff.next(0)).toBe(0);
  });

  it("then each makes the wait a minute longer, up to ten", () => {
    const backoff = drawing(0);
    const waits = Array.from({ length: 15 }, () => {
      backoff.ended(brief, broken);
      return backoff.next(0);
    });
    expect(waits.slice(0, 2)).toEqual([0, 0]);
    expect(waits.slice(2)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10, 10].map((minutes) => minutes * MINUTE));
  });

  it("a refusal's own patience still counts where it is longer", () => {
    const backoff = drawing(0);
    ends(backoff, 3);
    expect(backoff.next(5 * MINUTE)).toBe(5 * MINUTE);
  });

  it("only a connection of ten minutes clears the suspicion", () => {
    const backoff = drawing(0);
    ends(backoff, 5);
    expect(ends(backoff, 1, 10 * MINUTE - 1)).toEqual(["kicked"]);
    expect(backoff.next(0)).toBe(3 * MINUTE);
    expect(ends(backoff, 1, 10 * MINUTE)).toEqual(["socket-closed"]);
    expect(backoff.next(0)).toBe(0);
    expect(ends(backoff, 3)).toEqual(["socket-closed", "socket-closed", "kicked"]);
  });
});
