/** Why a board started again: what its log gives away. */
import { figuresOf } from "../../tools/report/figures";
import { FieldLog } from "../fixtures/field-log";

const running = () => new FieldLog().start().told(1, "online").told(60, "ping");
const reboots = (log: FieldLog) => log.statistics().reboots.kept.list();

test.each<[string, FieldLog, RegExp]>([
  [
    "memory ran out",
    running().told(5, "error", { code: "uncaught", reason: "flags MEMORY" }).told(3, "boot"),
    /^out of memory: flags MEMORY$/,
  ],
  [
    "a fault before it",
    running().told(5, "error", { code: "uncaught", reason: "oops" }).told(120, "boot"),
    /^after a fault: oops$/,
  ],
  ["its port had gone", running().port(1, "gone").port(50, "open").told(1, "boot"), /unplugged, or without power/],
  ["nothing ran any more", running().quiet(130).told(0, "boot"), /watchdog/],
  ["by hand", running().told(5, "boot"), /reset, power/],
  [
    "its uptime went back",
    running().told(5, "ping", { uptime: 900 }).told(5, "ping", { uptime: 3 }),
    /uptime went back/,
  ],
])("%s", (_name, log, cause) => {
  expect(reboots(log)).toEqual([
    { time: expect.any(Number) as number, kind: "own", cause: expect.stringMatching(cause) as string },
  ]);
  expect(log.statistics().reboots.count).toBe(1);
});

test("a boot within ten seconds of the opening of its port is this tool's doing, not the board's", () => {
  const again = () => running().add(1, { run: "stop" }).start(60);
  const opened = again().told(9, "boot");
  expect(reboots(opened)).toMatchObject([{ kind: "opened", cause: "its port was opened, which restarts many boards" }]);
  expect(figuresOf(opened.statistics())).toMatchObject({
    reboots: { count: 0, opened: 1 },
    findings: expect.arrayContaining(["restarted once when its port was opened: this tool's doing"]) as string[],
  });
  expect(again().told(11, "boot").statistics().reboots.count).toBe(1);
});

test("TCP resets no board: a boot after that has a reason of its own", () => {
  const log = running().add(1, { run: "stop" }).start(60).add(0, { port: "tcp://h:23", state: "gone" });
  const boot = log.add(1, { port: "tcp://h:23", state: "open" }).told(20, "ping").told(1, "boot");
  expect(boot.statistics().reboots.counts).toEqual({ own: 1, planned: 0, opened: 0 });
});

test("a fault or a pulled cable explains more than the opening", () => {
  const fault = running().told(1, "error", { code: "uncaught", reason: "oops" }).port(1, "open").told(2, "boot");
  expect(reboots(fault)).toMatchObject([{ kind: "own", cause: "after a fault: oops" }]);
});

describe("a reboot that the firmware announces is a planned one", () => {
  const announced = (code: string) =>
    running().told(5, "reboot", { code, reason: "outbox saved" }).told(6, "boot").told(5, "online");

  test.each(["offline", "memory", "sockets"])("shown with its code %s, and not counted as the board's own", (code) => {
    const statistics = announced(code).statistics();
    expect(statistics.reboots.kept.list()).toMatchObject([
      { kind: "planned", cause: `planned (${code}): outbox saved` },
    ]);
    const figures = figuresOf(statistics);
    expect(figures.reboots).toMatchObject({ count: 0, planned: { [code]: 1 }, opened: 0 });
    expect(figures.findings).toContain(`planned reboots: 1 (${code} 1×)`);
    expect(figures.codes).toEqual({});
  });

  test("the time until it is online again has that cause", () => {
    const { causes } = figuresOf(announced("memory").statistics()).offline;
    expect(Object.keys(causes)).toEqual(["offline before the watch began", "planned reboot (memory)"]);
  });

  test("one that does not come within a minute announces nothing", () => {
    const log = running().told(5, "reboot", { code: "offline", reason: "r" }).quiet(60).told(0, "boot");
    expect(reboots(log)).toMatchObject([{ kind: "own" }]);
  });

  test("its boot line may be lost: the uptime shows the reboot", () => {
    const log = running().told(5, "ping", { uptime: 900 }).told(1, "reboot", { code: "offline", reason: "r" });
    expect(reboots(log.told(20, "ping", { uptime: 3 }))).toMatchObject([{ kind: "planned" }]);
  });

  test("only the next boot is planned", () => {
    expect(announced("offline").told(5, "boot").statistics().reboots.counts).toEqual({ own: 1, planned: 1, opened: 0 });
  });

  test("any value for a code takes bounded memory", () => {
    const log = running();
    for (let i = 0; i < 200; i++) log.told(1, "reboot", { code: i % 2 ? {} : `code-${i}` }).told(1, "boot");
    expect(log.statistics().reboots.planned.size).toBeLessThanOrEqual(61);
  });
});

test("the first boot in a log is no reboot", () => {
  expect(reboots(new FieldLog().start().told(11, "boot").told(5, "online"))).toEqual([]);
});

test("the first boot in a log counts as opened right after the opening of its port", () => {
  const statistics = new FieldLog().start().told(1, "boot").told(5, "online").statistics();
  expect(statistics.reboots.counts).toEqual({ own: 0, planned: 0, opened: 1 });
  expect(figuresOf(statistics).findings).toContain("restarted once when its port was opened: this tool's doing");
});

test("the first boot of a simulated board is no reboot: it is switched on with the run", () => {
  const log = new FieldLog().add(0, { run: "start", name: "simulated-1", alive: 60, speed: 1 });
  const boot = log.add(0, { port: "simulated-1", state: "open" }).told(1, "boot");
  expect(boot.statistics().reboots.counts.opened).toBe(0);
});

test("a fault that the firmware kept is told with the reboot it caused", () => {
  const log = running()
    .told(5, "boot")
    .told(9, "online")
    .told(0, "fault", { reason: "at .bootcde:2" })
    .told(1, "fault", { reason: "later" });
  expect(reboots(log)).toMatchObject([{ fault: "at .bootcde:2" }]);
});
