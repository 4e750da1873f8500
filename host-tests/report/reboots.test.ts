/** Why a board started again: what its log gives away. */
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
  ["its port was opened", running().add(1, { run: "stop" }).start(60).told(1, "boot"), /port was opened/],
  ["nothing ran any more", running().quiet(130).told(0, "boot"), /watchdog/],
  ["by hand", running().told(5, "boot"), /reset, power/],
  [
    "its uptime went back",
    running().told(5, "ping", { uptime: 900 }).told(5, "ping", { uptime: 3 }),
    /uptime went back/,
  ],
])("%s", (_name, log, cause) => {
  expect(reboots(log)).toEqual([{ time: expect.any(Number) as number, cause: expect.stringMatching(cause) as string }]);
});

test("the first boot in a log is no reboot", () => {
  expect(reboots(new FieldLog().start().told(1, "boot").told(5, "online"))).toEqual([]);
});

test("a fault that the firmware kept is told with the reboot it caused", () => {
  const log = running()
    .told(5, "boot")
    .told(9, "online")
    .told(0, "fault", { reason: "at .bootcde:2" })
    .told(1, "fault", { reason: "later" });
  expect(reboots(log)).toMatchObject([{ fault: "at .bootcde:2" }]);
});
