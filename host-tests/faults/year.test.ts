import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { FlashRecords } from "../fixtures/flash-records";
import { seed, Seeded } from "../fixtures/seeded";
import type { Status } from "../fixtures/virtual-board";
import { device, VirtualBoard } from "../fixtures/virtual-board";
import { VirtualClient } from "../fixtures/virtual-client";
import type { VirtualNetwork } from "../fixtures/virtual-network";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Seconds: the default, and what both clouds recommend. */
const KEEPALIVE = 300;

setFlagsFromString("--expose_gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Bytes of the host's heap that something still holds. */
function heapHeld(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** Watches attempts and packets without keeping them. */
class Watch {
  /** Attempts in the busiest minute. */
  busiest = 0;
  attempts = 0;
  /** The longest pause between two packets of the client's in one connection, in milliseconds. */
  longestPause = 0;
  pings = 0;
  messages = 0;
  private recent: number[] = [];
  private last = { connection: 0, at: 0 };

  constructor(network: VirtualNetwork) {
    network.onPacket = ({ packet, at, connection }) => {
      if (connection === this.last.connection) this.longestPause = Math.max(this.longestPause, at - this.last.at);
      this.last = { connection, at };
      if (packet.cmd === "pingreq") this.pings++;
      if (packet.cmd === "publish") this.messages++;
    };
  }

  readonly attempt = (at: number): void => {
    this.attempts++;
    this.recent = [...this.recent.filter((earlier) => at - earlier < MINUTE), at];
    this.busiest = Math.max(this.busiest, this.recent.length);
  };
}

/** What befalls a device: done by whoever has the device in hand. */
interface Trouble {
  advance(ms: number): void;
  cut(): void;
  /** The network goes or comes back, closing nothing. */
  wifi(present: boolean): void;
  refuse(on: boolean): void;
  step(ms: number): void;
}

/**
 * One day: the link breaks every hour, once for some minutes with the port refused, once without a word by the loss of the
 * Wi-Fi; the clock is set forward by up to a day and back by up to two seconds. The last half hour is quiet.
 */
function troubledDay(random: Seeded, trouble: Trouble): void {
  const lost = random.below(23);
  const refused = random.below(23);
  for (let hour = 0; hour < 24; hour++) {
    const before = random.below(10 * MINUTE);
    trouble.advance(before);
    if (hour === lost) {
      const away = MINUTE + random.below(19 * MINUTE);
      trouble.wifi(false);
      trouble.advance(away);
      trouble.wifi(true);
      trouble.advance(30 * MINUTE - before - away);
    } else {
      if (hour === refused) trouble.refuse(true);
      trouble.cut();
      trouble.advance(30 * MINUTE - before);
      trouble.refuse(false);
    }
    const rest = random.below(10 * MINUTE);
    trouble.advance(rest);
    if (hour === 7) trouble.step(1 + random.below(DAY));
    if (hour === 15) trouble.step(-1 - random.below(2 * SECOND));
    trouble.advance(30 * MINUTE - rest);
  }
}

test(`365 days of the client (SEED=${seed})`, () => {
  const random = new Seeded(1);
  const flash = new FlashRecords();
  const device = new VirtualClient({ keepalive: KEEPALIVE }, seed, flash);
  const { client, network, clock, timers } = device;
  const watch = new Watch(network);
  device.onAttempt = watch.attempt;
  let published = 0;
  let acknowledged = 0;
  let stored = 0;
  const codes = new Set<string>();
  const order: boolean[] = [];
  client.on("connect", () => void order.push(true));
  client.on("close", (error, _retry, online) => {
    codes.add(error.code);
    if (online) order.push(false);
  });
  client.on("error", (error) => {
    throw error;
  });
  client.on("stored", (_messages, writes) => (stored = writes));
  client.connect();

  const trouble: Trouble = {
    advance(ms) {
      const end = clock.now() + ms;
      for (let next = Math.ceil((clock.now() + 1) / (5 * MINUTE)) * 5 * MINUTE; next <= end; next += 5 * MINUTE) {
        clock.advance(next - clock.now());
        // An hour's worth is more than the queue holds: what it refuses is told at once.
        if (client.publish("t", `${published}`, { qos: 1 }, (error) => error ?? acknowledged++) !== "queue-full")
          published++;
      }
      clock.advance(end - clock.now());
    },
    cut: () => network.cut(),
    wifi: (present) => (network.blackhole = !present),
    refuse: (on) =>
      (device.connectFault = on ? Object.assign(new Error("refused"), { code: "connect-failed" }) : undefined),
    step: (ms) => timers.step(ms),
  };

  let heap = 0;
  for (let day = 1; day <= 365; day++) {
    troubledDay(random, trouble);
    // The quiet half hour has put everything right: three minutes after the last message nothing is left of the day.
    clock.advance(3 * MINUTE);
    expect({ day, online: client.connected, queued: client.queued, timers: timers.pending }).toEqual({
      day,
      online: true,
      queued: 0,
      timers: 1,
    });
    expect(flash.size).toBeLessThan(2 * (4096 + 200));
    // Exactly one end for each beginning, in turns; the last connection stands.
    expect(order.splice(0, order.length - 1).every((online, i) => online === (i % 2 === 0))).toBe(true);
    expect(order).toEqual([true]);
    if (day === 30) heap = heapHeld();
  }
  expect(heapHeld() - heap).toBeLessThan(2_000_000);
  expect(watch.busiest).toBeLessThanOrEqual(5);
  expect(watch.longestPause).toBeLessThanOrEqual(KEEPALIVE * SECOND);
  expect(watch.attempts).toBeGreaterThan(365 * 24);
  expect(watch.pings).toBeGreaterThan(365 * 200);
  expect(acknowledged).toBe(published);
  expect(published).toBeGreaterThan(365 * 24 * 11);
  expect(codes).toEqual(new Set(["ack-timeout", "connect-failed", "connect-timeout", "ping-timeout", "socket-closed"]));
  // Flash is written about outages only.
  expect(stored).toBeGreaterThan(365);
  expect(stored).toBeLessThan(365 * 40);
}, 120_000);

test(`30 days of the bundle on a board (SEED=${seed})`, async () => {
  const random = new Seeded(2);
  // What events leak is another test's: here all else must be flat.
  const board = new VirtualBoard({ traits: { "event-leak": false } });
  const { network, clock } = board;
  const watch = new Watch(network);
  board.onAttempt = watch.attempt;
  let statuses: Status[] = [];
  const codes = new Set<unknown>();
  board.onStatus = (status) => {
    if (status.event === "online" || status.event === "offline") statuses.push(status);
    if (status.code !== undefined) codes.add(status.code);
  };
  await board.boot(device({ keepalive: KEEPALIVE }, { telemetry: { topic: "t", qos: 1, period: 300 } }));
  const trouble: Trouble = {
    advance: (ms) => clock.advance(ms),
    cut: () => network.cut(),
    wifi: (present) => board.board.setWifiPresent(present),
    refuse: (on) => (board.connectFault = on ? "Unable to create socket" : undefined),
    step: (ms) => board.board.stepClock(ms / SECOND),
  };

  /** The least in use in one period: a message on its way takes some. */
  const usage = () => {
    const samples = Array.from({ length: 10 }, () => {
      clock.advance(31 * SECOND);
      return Number(board.evaluate("process.memory().usage"));
    });
    return Math.min(...samples);
  };
  const state = () => ({
    usage: usage(),
    flags: board.evaluate("E.getErrorFlags().length"),
    queued: board.evaluate("device.status().queued"),
    files: board.evaluate('require("Storage").list().length'),
  });
  let first;
  for (let day = 1; day <= 30; day++) {
    troubledDay(random, trouble);
    first ??= state();
    const { files, ...now } = state();
    expect({ day, ...first, ...now }).toEqual({ day, ...first });
    // Firmware, configuration, seed, and the two records once something had to wait.
    expect(Number(files)).toBeLessThanOrEqual(5);
    expect(statuses.every(({ event }, i) => event === (i % 2 === 0 ? "online" : "offline"))).toBe(true);
    statuses = statuses.slice(-1);
    expect(statuses).toMatchObject([{ event: "online" }]);
  }
  // The interpreter itself prints each refused connect.
  expect(board.printed.filter((line) => !line.startsWith("ERROR: Connect failed"))).toEqual([]);
  expect(watch.busiest).toBeLessThanOrEqual(5);
  expect(watch.longestPause).toBeLessThanOrEqual(KEEPALIVE * SECOND);
  expect(watch.pings).toBeGreaterThan(30 * 200);
  expect(watch.messages).toBeGreaterThan(30 * 280);
  const possible = [
    "ack-timeout",
    "connect-failed",
    "connect-timeout",
    "socket-closed",
    "wifi-lost",
    "wifi-not-found",
  ].concat(
    // Of planned reboots.
    ["memory", "ended"],
  );
  expect(possible).toEqual(expect.arrayContaining([...codes]));
  expect([...codes]).toEqual(
    expect.arrayContaining(["connect-failed", "socket-closed", "wifi-lost", "wifi-not-found"]),
  );
}, 120_000);
