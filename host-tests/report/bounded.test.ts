/** What a report keeps of a log does not grow with it. */
import { BoardStatistics } from "../../tools/report/board-statistics";
import { Durations } from "../../tools/report/durations";
import { FreeMemory } from "../../tools/report/free-memory";
import { Kept } from "../../tools/report/kept";
import { TimeBins } from "../../tools/report/time-bins";
import { BEGIN } from "../fixtures/field-log";
import { seed, Seeded } from "../fixtures/seeded";

const HOUR = 3_600_000;

test("bins double their width, and lose nothing", () => {
  const bins = new TimeBins(
    () => ({ sum: 0 }),
    (into, later) => (into.sum += later.sum),
    10,
    1000,
  );
  for (let second = 0; second < 5000; second++)
    bins.spread(second * 1000, (second + 1) * 1000, (bin, ms) => (bin.sum += ms));
  expect(bins.bins.length).toBeLessThanOrEqual(10);
  expect(bins.width).toBe(512_000);
  expect(bins.bins.reduce((sum, bin) => sum + (bin?.sum ?? 0), 0)).toBe(5_000_000);
  expect(bins.bins[0]!.sum).toBe(512_000);
});

test("of a hundred thousand outages the longest are kept, in order, and all are counted", () => {
  const kept = new Kept<{ at: number; ms: number }>(({ ms }) => ms, 3);
  for (let at = 0; at < 100_000; at++) kept.add({ at, ms: at % 40_000 === 7 ? 1000 + at : at % 900 });
  expect(kept.count).toBe(100_000);
  expect(kept.list().map(({ at }) => at)).toEqual([7, 40_007, 80_007]);
});

test("percentiles agree with a sort to two digits", () => {
  const random = new Seeded(3);
  const durations = new Durations();
  const all: number[] = [];
  for (let i = 0; i < 20_000; i++) {
    const ms = random.below(10 ** (1 + random.below(5)));
    all.push(ms);
    durations.add(ms);
  }
  for (const bad of [undefined, "23", -1, NaN]) durations.add(bad);
  all.sort((a, b) => a - b);
  expect(durations.count).toBe(20_000);
  expect([durations.minimum, durations.maximum]).toEqual([all[0], all.at(-1)]);
  for (const percent of [1, 50, 90, 99, 99.9]) {
    const exact = all[Math.ceil((percent / 100) * all.length) - 1];
    expect({ seed, percent, off: Math.abs(durations.percentile(percent) - exact) <= exact / 100 + 1 }).toEqual({
      seed,
      percent,
      off: true,
    });
  }
});

/** A memory that was told so many samples, a minute apart. */
function memory(
  samples: number,
  free: (i: number) => number,
  restart: (i: number) => boolean = () => false,
): FreeMemory {
  const memory = new FreeMemory();
  for (let i = 0; i < samples; i++) {
    if (restart(i)) memory.restart();
    memory.add(BEGIN + i * 60_000, free(i));
  }
  return memory;
}

describe("the slope of free memory", () => {
  test("a leak of 3 variables an hour among messages on their way is found, in a week of samples", () => {
    const random = new Seeded(1);
    const week = memory(10_080, (i) => Math.round(2400 - (3 * i) / 60) - (random.chance(4) ? random.below(40) : 0));
    const slope = week.slope()!;
    expect({ seed, leak: slope.leak }).toEqual({ seed, leak: true });
    expect(slope.low).toBeLessThan(-2.9);
    expect(slope.high).toBeGreaterThan(-3.1);
    expect(Math.abs(slope.perHour + 3)).toBeLessThan(0.1);
    expect(week.series().length).toBeLessThanOrEqual(801);
  });

  test("noise is no leak", () => {
    const random = new Seeded(2);
    const slope = memory(5000, () => 2400 - random.below(30)).slope()!;
    expect({ seed, leak: slope.leak && -slope.perHour * slope.hours > 30 }).toEqual({ seed, leak: false });
  });

  test("one step down, as the first error takes it, is no leak", () => {
    expect(memory(2000, (i) => (i < 1000 ? 2400 : 2396)).slope()!.leak).toBe(false);
  });

  test("a leak is found however often the board starts again, and its first allocations after each start are none", () => {
    const hourly = (i: number) => i % 60 === 59;
    for (const hours of [3, 24, 72, 168]) {
      const leak = memory(60 * hours, (i) => 2400 - Math.floor((((i + 1) % 60) * 4.75) / 60), hourly).slope()!;
      expect({ hours, leak: leak.leak }).toEqual({ hours, leak: true });
      expect(-leak.high).toBeGreaterThan(1);
    }
    const first = memory(60 * 72, (i) => ((i + 1) % 60 < 2 ? 2400 : 2396), hourly).slope()!;
    expect(first).toMatchObject({ perHour: 0, leak: false });
  });

  test("memory of different boots is not compared: a leak is found through daily reboots, a smaller start is none", () => {
    const daily = (i: number) => i % 1440 === 1439;
    const leak = memory(14_400, (i) => 2400 - Math.floor(((i + 1) % 1440) / 30), daily).slope()!;
    expect(Math.abs(leak.perHour + 2)).toBeLessThan(0.1);
    expect(leak.leak).toBe(true);
    const smaller = memory(14_400, (i) => 2400 - 20 * Math.floor((i + 1) / 1440), daily).slope()!;
    expect(smaller).toMatchObject({ perHour: 0, leak: false });
  });

  test("a leak of a board that restarts each hour is certain, though no boot loses more than noise", () => {
    const hourly = memory(
      72 * 60,
      (i) => 2400 - Math.round((4.75 * (i % 60)) / 60),
      (i) => i % 60 === 0,
    ).slope()!;
    expect(hourly.high).toBeLessThan(-4);
    expect(hourly).toMatchObject({ leak: true });
    // One such boot is not enough.
    expect(memory(60, (i) => 2400 - Math.round((4.75 * i) / 60)).slope()!.leak).toBe(false);
  });

  test("too little tells nothing, and neither do boots of one sample each", () => {
    expect(memory(7, (i) => 2400 - i).slope()).toBeUndefined();
    const flapping = memory(
      100_000,
      (i) => 2400 - i,
      () => true,
    );
    expect(flapping.slope()).toBeUndefined();
    expect(flapping.series().length).toBeLessThanOrEqual(801);
  });
});

test("codes and causes of a board gone mad fill no memory", () => {
  const statistics = new BoardStatistics("mad");
  for (let i = 0; i < 20_000; i++) {
    const code = `code-${i}`;
    statistics.add(BEGIN + i * 2000, { at: "", event: "offline", code, reason: "x".repeat(5000) });
    statistics.add(BEGIN + i * 2000 + 1000, { at: "", event: "online" });
    statistics.add(BEGIN + i * 2000 + 1000, { at: "", event: "boot" });
  }
  statistics.finish();
  expect(statistics.codes.size).toBeLessThanOrEqual(61);
  expect([...statistics.codes.values()].every(({ reason }) => reason!.length <= 200)).toBe(true);
  expect(statistics.outages.causes.size).toBeLessThanOrEqual(61);
  expect(statistics.outages.kept.list().length).toBeLessThanOrEqual(200);
  expect(statistics.reboots.kept.list().length).toBeLessThanOrEqual(200);
  expect(statistics.reboots.count).toBe(20_000);
  expect(statistics.bins.bins.length).toBeLessThanOrEqual(720);
  expect(statistics.last! - statistics.first!).toBeGreaterThan(11 * HOUR);
});
