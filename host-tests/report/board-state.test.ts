/** What a board's log says of when it was online, offline, or nobody knows. */
import { StateTracker } from "../../tools/report/board-state";
import { SteadyTime } from "../../tools/report/steady-time";
import { BEGIN, FieldLog } from "../fixtures/field-log";
import { seed, Seeded } from "../fixtures/seeded";

/** Spans as `state seconds cause`; neighbours that say the same are one. */
function spans(log: FieldLog): string[] {
  const told: { state: string; cause: string; seconds: number }[] = [];
  let end: number | undefined;
  const tracker = new StateTracker({
    span(from, to, state, cause) {
      expect(from).toBe(end ?? from);
      end = to;
      const last = told.at(-1);
      if (last?.state === state && last.cause === cause) last.seconds += (to - from) / 1000;
      else told.push({ state, cause, seconds: (to - from) / 1000 });
    },
    missing: (_time, what) => missing.push(what),
  });
  const missing: string[] = [];
  const clock = new SteadyTime();
  for (const entry of log.entries) tracker.add(clock.add(Date.parse(entry.at)), entry);
  tracker.settle();
  return [
    ...told.map(({ state, cause, seconds }) => `${state} ${seconds} ${cause}`.trim()),
    ...missing.map((what) => `missing ${what}`),
  ];
}

const begun = () => new FieldLog().start();

test.each<[string, FieldLog, string[]]>([
  [
    "a boot, online, a cut, back",
    begun()
      .told(1, "boot")
      .told(2, "online")
      .told(30, "ping")
      .told(9, "offline", { code: "socket-closed" })
      .told(4, "online")
      .told(6, "ping"),
    ["unknown 1 before its boot", "offline 2 boot", "online 39", "offline 4 socket-closed", "online 6"],
  ],
  [
    "the first line a ping: it has been online since the watch began, or it would have told",
    begun().quiet(120).told(10, "ping").told(10, "ping"),
    ["online 140"],
  ],
  [
    "the first line offline: it was online before",
    begun().told(50, "offline", { code: "kicked" }).told(5, "error", { code: "connect-failed", retry: 1 }),
    ["online 50", "offline 5 kicked"],
  ],
  [
    "the first line online: it was not before",
    begun().told(50, "online").told(1, "ping"),
    ["offline 50 offline before the watch began", "online 1"],
  ],
  [
    "the first line a failed attempt: offline since the watch began, with its code",
    begun().told(50, "error", { code: "connect-failed", retry: 3 }).told(3, "online").told(1, "ping"),
    ["offline 53 connect-failed", "online 1"],
  ],
  ["nothing told at all", begun().quiet(300), ["unknown 300 not told yet"]],
  [
    "a tool that was killed: unknown from its last sign of life",
    begun().told(1, "online").quiet(60).start(600).told(40, "ping"),
    ["offline 1 offline before the watch began", "online 60", "unknown 600 tool was not running", "online 40"],
  ],
  [
    "a computer that slept: the same, without a start",
    begun().told(0, "online").quiet(120).add(3600, { run: "alive" }).told(10, "ping"),
    ["online 120", "unknown 3600 tool was not running", "online 10"],
  ],
  [
    "a tool that was restarted in a moment",
    begun().told(0, "online").told(30, "ping").start(20).told(10, "ping"),
    ["online 30", "unknown 20 tool was not running", "online 10"],
  ],
  [
    "a tool that was ended and started again",
    begun()
      .told(0, "online")
      .told(30, "ping")
      .add(5, { run: "stop" })
      .start(100)
      .told(10, "offline", { code: "socket-error" })
      .told(5, "online"),
    ["online 35", "unknown 100 tool was not running", "online 10", "offline 5 socket-error"],
  ],
  [
    "a pulled cable",
    begun().told(0, "online").told(30, "ping").port(10, "gone").quiet(300).port(5, "open").told(60, "ping"),
    ["online 40", "unknown 305 port was gone", "online 60"],
  ],
  [
    "a port that is not there after a start",
    begun()
      .told(0, "online")
      .add(10, { run: "stop" })
      .add(0, { run: "start", name: "x", alive: 60 })
      .quiet(600)
      .port(0, "open")
      .told(5, "ping"),
    ["online 10", "unknown 600 port was gone", "online 5"],
  ],
  [
    "silence at an open port counts as offline since the last line",
    begun().told(0, "online").told(30, "ping").quiet(1200).told(0, "ping").told(7, "ping"),
    ["online 30", "offline 1200 silent", "online 7"],
  ],
  ["just not silence", begun().told(0, "online").told(30, "ping").quiet(900).told(0, "ping"), ["online 930"]],
  [
    "a lost offline line: offline since the last sign",
    begun().told(0, "online").told(30, "ping").told(50, "online").told(5, "ping"),
    ["online 30", "offline 50 line missing", "online 5", "missing offline"],
  ],
  [
    "a lost online line",
    begun()
      .told(0, "online")
      .told(9, "offline", { code: "socket-closed" })
      .told(20, "ping")
      .told(1, "offline", { code: "a" })
      .told(2, "offline", { code: "b" }),
    ["online 9", "offline 20 socket-closed", "online 1", "offline 2 a", "missing online", "missing online"],
  ],
  [
    "errors of a message or a sketch change nothing",
    begun()
      .told(0, "online")
      .told(5, "error", { code: "message-too-large", topic: "a" })
      .told(5, "error", { code: "uncaught" }),
    ["online 10"],
  ],
  [
    "a fault in device.json and safe mode are offline",
    begun()
      .told(0, "boot")
      .told(5, "error", { code: "config-missing", field: "url" })
      .told(5, "safe-mode", { boots: 3 })
      .quiet(60),
    ["offline 10 boot", "offline 60 safe-mode"],
  ],
  [
    "a clock that is set back: time goes on from the last moment that is known",
    begun().told(0, "online").told(100, "ping").told(-50, "ping").told(60, "ping"),
    ["online 160"],
  ],
])("%s", (_name, log, expected) => {
  expect(spans(log)).toEqual(expected);
});

test(`whatever a log holds, its spans are its whole time, each once (SEED=${seed})`, () => {
  const random = new Seeded(7);
  const events = [
    "boot",
    "online",
    "offline",
    "ping",
    "published",
    "error",
    "safe-mode",
    "network",
    "stored",
    "fault",
    "?",
  ];
  for (let round = 0; round < 200; round++) {
    const log = new FieldLog();
    for (let i = 0; i < 60; i++) {
      const after = random.pick([0, 1, 30, 59, 151, 1000, -20]);
      const kind = random.below(8);
      if (kind === 0) log.add(after, { run: random.pick(["start", "stop", "alive", "unwritten", "?"]), alive: 60 });
      else if (kind === 1) log.port(after, random.pick(["open", "gone"]));
      else if (kind === 2) log.quiet(random.below(2000));
      else log.told(after, random.pick(events), random.pick([{}, { code: "a" }, { code: "a", retry: 2 }, { code: 7 }]));
    }
    const times = log.entries.map(({ at }) => Date.parse(at));
    const { time, outages, bins } = log.statistics();
    const sum = time.online + time.offline + time.unknown;
    const forward = times.slice(1).reduce((total, time, i) => total + Math.max(0, time - times[i]), 0);
    expect({ round, sum }).toEqual({ round, sum: forward });
    const binned = bins.bins.reduce(
      (total, bin) => total + (bin ? bin.time.online + bin.time.offline + bin.time.unknown : 0),
      0,
    );
    expect(Math.round(binned)).toBe(sum);
    const causes = [...outages.causes.values()].reduce((total, { ms }) => total + ms, 0);
    expect(causes).toBe(time.offline);
    expect(times[0]).toBeGreaterThanOrEqual(BEGIN - 20_000);
  }
});
