/** The compiled firmware on the real interpreter, for long: messages by the ten thousand and cuts by the hundred leave nothing behind. */
import { EspruinoBoard, findEspruino } from "../../tools/board/espruino";
import type { Platform } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { DeviceUnderTest } from "../fixtures/boards";
import { Traffic } from "../fixtures/traffic";

const MESSAGES = 10_000;
const CUTS = 200;

/**
 * Numbers of the firmware's that only count up: the packet identifier it gave last, the one that came last, and the handle of
 * the keepalive's timer. On small variables each takes one of its own once it is large.
 */
const COUNTERS = 3;

jest.setTimeout(600_000);

(findEspruino() ? describe : describe.skip)("on the real interpreter", () => {
  let platform: Platform;
  let device: DeviceUnderTest;
  let traffic: Traffic;
  /** Variables in use before the test's load. */
  let before: number;

  /** At a higher `speed` a busy computer has less time for an acknowledgement: 60 s of the device's. */
  const start = async (speed: number) => {
    platform = await startPlatform({ platform: "broker", speed });
    device = new DeviceUnderTest((options) => new EspruinoBoard({ ...options, inMemory: true }), speed);
    traffic = await Traffic.start(platform, device, speed);
    before = await traffic.usualUsage();
  };

  const expectMemoryAsBefore = async () => {
    const wide = COUNTERS * (await traffic.wideNumber());
    expect(await traffic.usualUsage()).toBeLessThanOrEqual(before + wide);
    expect(traffic.flags()).toEqual([]);
    expect(device.all("error")).toEqual([]);
  };

  afterEach(async () => {
    await device.stop();
    await platform.close();
  });

  test(`${MESSAGES} messages each way: none lost, none twice, in order, and memory as before`, async () => {
    await start(50);
    const first = { ...traffic.told.at(-1)! };
    const again = traffic.again;
    const cuts = device.all("offline").length;

    const last = await traffic.exchange(MESSAGES);
    expect(last).toMatchObject({ down: first.down + MESSAGES, again: first.again, wild: 0, refused: 0 });
    expect(last.acknowledged).toBe(first.acknowledged + MESSAGES);
    expect(traffic).toMatchObject({ up: last.acknowledged, again, wild: 0 });
    expect(device.all("offline")).toHaveLength(cuts);
    await expectMemoryAsBefore();
  });

  test(`${CUTS} cuts, half of them amidst messages: none lost, in order, and memory as before`, async () => {
    await start(120);
    const cuts = device.all("offline").length;
    const again = { up: traffic.again, down: traffic.told.at(-1)!.again };

    for (let i = 0; i < CUTS; i++) {
      const how = i % 2 ? "end" : "reset";
      if (i % 4 < 2) await traffic.cutAmidst(how, 1 + (i % 20));
      else await traffic.cutIdle(how);
    }

    const last = traffic.told.at(-1)!;
    expect(last).toMatchObject({ acknowledged: last.down, wild: 0, refused: 0 });
    expect(traffic).toMatchObject({ up: last.down, wild: 0 });
    // Cuts that caught nothing on its way would prove nothing.
    expect(traffic.again).toBeGreaterThan(again.up);
    expect(last.again).toBeGreaterThan(again.down);
    expect(device.all("offline")).toHaveLength(cuts + CUTS);
    for (const { code } of device.all("offline")) expect(code).toMatch(/^socket-(closed|error)$/);
    await expectMemoryAsBefore();
  });
});
