import { Keepalive } from "../../firmware/mqtt/keepalive";
import { VirtualRuntime } from "../fixtures/virtual-time";

const seconds = [1, 30, 60, 300, 1200, 65535];

/** A keepalive over a link whose server answers after `latency` milliseconds, or with undefined never. */
function build(latency: number | undefined) {
  const { clock, runtime } = new VirtualRuntime();
  const pings: number[] = [];
  const deaths: number[] = [];
  const link = { latency };
  const keepalive: Keepalive = new Keepalive(runtime, {
    ping() {
      pings.push(clock.now);
      keepalive.quiet = 0;
      if (link.latency !== undefined) clock.setTimeout(answer, link.latency);
    },
    dead() {
      deaths.push(clock.now);
      keepalive.stop();
    },
  });
  function answer(): void {
    keepalive.silent = 0;
    keepalive.answered();
  }
  return { clock, keepalive, pings, deaths, link };
}

/** The longest pause between neighbours. */
const longest = (times: number[]) => Math.max(...times.slice(1).map((time, i) => time - times[i]));

describe.each(seconds)("with a keepalive of %d s", (keep) => {
  const ms = keep * 1000;
  /** Ticks of the unit under test, as its description gives them. */
  const tick = Math.min(5000, ms / 16);
  const grace = Math.min(ms / 4, 20000);

  it("[MQTT-3.1.2-23] an idle client sends a packet at least every half interval", () => {
    const { clock, keepalive, pings, deaths } = build(20);
    keepalive.start(keep);
    clock.advance(10 * ms);
    expect(longest([0, ...pings])).toBeLessThanOrEqual(ms / 2);
    expect(deaths).toEqual([]);
  });

  it("and not much more often than that", () => {
    const { clock, keepalive, pings } = build(20);
    keepalive.start(keep);
    clock.advance(10 * ms);
    expect(pings.length).toBeGreaterThanOrEqual(20);
    expect(pings.length).toBeLessThanOrEqual(23);
  });

  it("[MQTT-3.1.2-23] whatever else it sends meanwhile", () => {
    const { clock, keepalive, pings } = build(20);
    const sent: number[] = [0];
    keepalive.start(keep);
    // Packets at a pause that is no multiple of a tick, each just short of making a PINGREQ needless or just late.
    for (const pause of [0.3, 0.43, 0.47, 0.49, 0.61, 0.11, 0.52]) {
      clock.advance(ms * pause);
      keepalive.quiet = 0;
      sent.push(clock.now);
    }
    expect(longest([...sent, ...pings].sort((a, b) => a - b))).toBeLessThanOrEqual(ms / 2);
  });

  it("sends no PINGREQ while packets go and come", () => {
    const { clock, keepalive, pings } = build(20);
    keepalive.start(keep);
    for (let i = 0; i < 40; i++) {
      clock.advance(ms / 4);
      keepalive.quiet = keepalive.silent = 0;
    }
    expect(pings).toEqual([]);
  });

  it("section 3.12: asks a server that is silent, however much the client sends", () => {
    const { clock, keepalive, pings } = build(20);
    keepalive.start(keep);
    for (let i = 0; i < 80; i++) {
      clock.advance(ms / 8);
      keepalive.quiet = 0;
    }
    expect(longest([0, ...pings])).toBeLessThanOrEqual(ms / 2);
  });

  // The last packet may come anywhere between two ticks.
  it.each([0, 0.01, 0.5, 0.99])("notices a dead link in time, last heard of %f ticks after a tick", (phase) => {
    const { clock, keepalive, pings, deaths } = build(undefined);
    keepalive.start(keep);
    clock.advance(tick * (2 + phase));
    keepalive.silent = keepalive.quiet = 0;
    const heard = clock.now;
    clock.advance(ms);
    expect(deaths).toHaveLength(1);
    expect(deaths[0] - heard).toBeLessThanOrEqual(ms / 2 + grace);
    expect(pings).toHaveLength(1);
  });

  it("notices a dead link in time while the client goes on sending", () => {
    const { clock, keepalive, deaths } = build(undefined);
    keepalive.start(keep);
    for (let i = 0; i < 32 && !deaths.length; i++) {
      clock.advance(ms / 32);
      keepalive.quiet = 0;
    }
    expect(deaths).toHaveLength(1);
    expect(deaths[0]).toBeLessThanOrEqual(ms / 2 + grace);
  });

  it("is patient with a slow server", () => {
    const { clock, keepalive, deaths } = build(grace * 0.9);
    keepalive.start(keep);
    clock.advance(10 * ms);
    expect(deaths).toEqual([]);
  });

  it("counts other packets as signs of life, but not as the answer to a PINGREQ", () => {
    const { clock, keepalive, deaths } = build(undefined);
    keepalive.start(keep);
    for (let i = 0; i < 64; i++) {
      clock.advance(ms / 16);
      keepalive.silent = 0;
    }
    expect(deaths).toHaveLength(1);
  });

  it("a clock that is stepped forward costs one early tick: no storm of pings and no false alarm", () => {
    for (const before of [0, 0.5, 1, 5.5, 6.9, 7.5].map((ticks) => ticks * tick)) {
      const { clock, keepalive, pings, deaths } = build(20);
      keepalive.start(keep);
      clock.advance(before);
      const was = { pings: pings.length, ticks: keepalive.ticks };
      clock.jump(50 * 365 * 86400000);
      expect(keepalive.ticks).toBe(was.ticks + 1);
      expect(pings.length - was.pings).toBeLessThanOrEqual(1);
      const since = clock.now;
      clock.advance(4 * ms);
      const after = pings.filter((time) => time >= since);
      expect(longest([since, ...after])).toBeLessThanOrEqual(ms / 2);
      expect(after.length).toBeLessThanOrEqual(10);
      expect(deaths).toEqual([]);
    }
  });
});

describe("an interpreter that is blocked for 20 s", () => {
  it.each([30, 60, 300])(
    "raises no false alarm with a keepalive of %d s, even when a PINGREQ is unanswered",
    (keep) => {
      const { clock, keepalive, pings, deaths, link } = build(undefined);
      keepalive.start(keep);
      while (!pings.length) clock.advance(500);
      link.latency = 20;
      // The answer lies in the socket's buffer, and is read after the timers have run.
      clock.jump(20000);
      keepalive.silent = 0;
      keepalive.answered();
      expect(pings).toHaveLength(1);
      clock.advance(keep * 2000);
      expect(deaths).toEqual([]);
      expect(longest(pings.slice(1))).toBeLessThanOrEqual(keep * 500);
    },
  );

  it("sends at most one PINGREQ for it", () => {
    const { clock, keepalive, pings } = build(20);
    keepalive.start(30);
    clock.advance(12000);
    clock.jump(20000);
    expect(pings.length).toBeLessThanOrEqual(1);
    clock.advance(1);
    expect(pings.length).toBeLessThanOrEqual(1);
  });
});

describe("starting and stopping", () => {
  it("section 3.1.2.10: a keepalive of 0 never pings, and only counts how long the connection has lasted", () => {
    const { clock, keepalive, pings, deaths } = build(undefined);
    keepalive.start(0);
    clock.advance(86400000);
    expect([pings, deaths]).toEqual([[], []]);
    expect(keepalive.ticks * keepalive.tick).toBe(86400000);
    keepalive.stop();
    expect(clock.pending).toBe(0);
  });

  it("stop leaves no timer, at any moment", () => {
    const { clock, keepalive, pings, deaths } = build(undefined);
    keepalive.stop();
    keepalive.start(30);
    clock.advance(3000);
    keepalive.stop();
    keepalive.stop();
    expect(clock.pending).toBe(0);
    clock.advance(600000);
    expect([pings, deaths]).toEqual([[], []]);
  });

  it("stop from within dead leaves no timer", () => {
    const { clock, keepalive, deaths } = build(undefined);
    keepalive.start(30);
    clock.advance(30000);
    expect(deaths).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it("start counts afresh, with one timer", () => {
    const { clock, keepalive, pings, deaths } = build(undefined);
    keepalive.start(30);
    clock.advance(14000);
    expect(pings).toHaveLength(1);
    keepalive.start(60);
    expect(clock.pending).toBe(1);
    expect([keepalive.ticks, keepalive.quiet, keepalive.silent]).toEqual([0, 0, 0]);
    clock.advance(26000);
    expect([pings.length, deaths]).toEqual([1, []]);
    clock.advance(1000);
    expect(pings).toHaveLength(2);
  });

  it("ticks tell how long the connection has lasted", () => {
    const { clock, keepalive } = build(20);
    keepalive.start(300);
    clock.advance(600000);
    expect(keepalive.ticks * keepalive.tick).toBe(600000);
  });
});

describe("the watchdog", () => {
  it.each([0, ...seconds])("with a keepalive of %d s is fed at each tick, every 5 s at least", (keep) => {
    const fed: number[] = [];
    const { clock, runtime } = new VirtualRuntime(1, { feed: () => void fed.push(clock.now) });
    const keepalive = new Keepalive(runtime, { ping: () => undefined, dead: () => undefined });
    keepalive.start(keep);
    clock.advance(60000);
    expect(longest([0, ...fed])).toBeLessThanOrEqual(5000);
  });

  it("is not fed by a tick that throws", () => {
    const feed = jest.fn();
    const { clock, runtime } = new VirtualRuntime(1, { feed });
    const keepalive = new Keepalive(runtime, {
      ping() {
        throw new Error("no memory");
      },
      dead: () => undefined,
    });
    keepalive.start(60);
    clock.advance(26000);
    const fed = feed.mock.calls.length;
    expect(() => clock.advance(4000)).toThrow("no memory");
    expect(feed.mock.calls.length).toBe(fed);
  });
});
