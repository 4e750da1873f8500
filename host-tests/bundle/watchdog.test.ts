/** The compiled bundle and its watchdog, on the simulated board in virtual time: it bites a session that stands still, and no other. */
import { polite } from "../fixtures/memory-broker";
import { Bench } from "../fixtures/recovery-bench";
import { device } from "../fixtures/virtual-board";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** In seconds; the longest that a connect blocks an ESP32 is half of it. */
const WATCHDOG = 120;

test("it is on, and the interpreter does not feed it", async () => {
  const bench = await Bench.booted();
  expect(bench.board.watchdog).toMatchObject({ timeout: WATCHDOG, automatic: false });
});

describe("a session that gets on is never bitten", () => {
  test.each<[string, (bench: Bench) => void, object?]>([
    ["online and idle", () => undefined, { keepalive: 300 }],
    ["online with the longest keepalive", () => undefined, { keepalive: 1200 }],
    ["online without a keepalive", () => undefined, { keepalive: 0 }],
    ["refused for hours", ({ network }) => (network.manners.connack = 5)],
    ["never answered", ({ network }) => (network.manners.handshake = false)],
    ["never answered, and patient", ({ network }) => (network.manners.handshake = false), { connectTimeout: 600_000 }],
    ["without a server", (bench) => (bench.connectFault = "Unable to create socket")],
    ["without its network", ({ board }) => board.changeWifi({ absent: true })],
    ["with a network that says nothing", ({ board }) => board.changeWifi({ mute: true })],
    ["connects that block for a minute each", (bench) => (bench.onAttempt = () => bench.clock.advance(MINUTE))],
  ])("%s", async (_name, prepare, mqtt = {}) => {
    const bench = new Bench();
    prepare(bench);
    await bench.boot(device(mqtt));
    bench.clock.advance(6 * HOUR);
    // The chip restarts where nobody is reached, once an hour, and says so before.
    const reboots = bench.all("reboot");
    expect(bench.all("boot")).toHaveLength(1 + reboots.length);
    const since = reboots.length ? reboots.at(-1)!.at : 0;
    expect(bench.board.watchdog.kicks).toBeGreaterThan(Math.floor((bench.clock.now() - since) / MINUTE) - 2);
  });
});

describe("a session whose timers are gone, as when memory has run out, is restarted within two minutes and comes back", () => {
  test.each<[string, (bench: Bench) => void]>([
    ["while online", () => undefined],
    ["while it waits for its next attempt", ({ network }) => (network.manners.connack = 5)],
    ["in an attempt", ({ network }) => (network.manners.handshake = false)],
    ["without a network", ({ board }) => board.changeWifi({ absent: true })],
    ["with a network that says nothing", ({ board }) => board.changeWifi({ mute: true })],
  ])("%s", async (_name, prepare) => {
    const bench = new Bench();
    prepare(bench);
    await bench.boot(device());
    bench.clock.advance(65 * SECOND);
    bench.board.type("clearTimeout()");
    bench.clock.advance(WATCHDOG * SECOND);
    expect(bench.all("boot")).toHaveLength(2);
    Object.assign(bench.network.manners, polite);
    bench.board.changeWifi({ absent: false, mute: false });
    bench.clock.advance(6 * MINUTE);
    expect(bench.online).toBe(true);
  });
});

test("a clock set back by an hour, which stops every timer for as long, costs two minutes and a boot", async () => {
  const bench = await Bench.booted(10 * MINUTE);
  bench.board.stepClock(-3600);
  bench.clock.advance((WATCHDOG + 1) * SECOND);
  expect(bench.all("boot")).toHaveLength(2);
  bench.clock.advance(MINUTE);
  expect(bench.online).toBe(true);
});

test("where there is no session it only minds the interpreter: a person may be at work", async () => {
  const bench = new Bench();
  await bench.boot({});
  bench.clock.advance(6 * HOUR);
  expect(bench.board.watchdog).toMatchObject({ timeout: WATCHDOG, automatic: true });
  expect(bench.all("boot")).toHaveLength(1);
});

test("in safe mode it only minds the interpreter, also where the boot before had it on", async () => {
  const bench = await Bench.booted(2 * MINUTE);
  await bench.board.writeFile("boot.count", "3");
  bench.board.type("load()");
  bench.clock.advance(10 * MINUTE);
  expect(bench.all("safe-mode")).toHaveLength(1);
  expect(bench.board.watchdog).toMatchObject({ timeout: WATCHDOG, automatic: true });
});
