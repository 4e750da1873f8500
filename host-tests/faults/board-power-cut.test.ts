/** The compiled firmware and a power cut: QoS 1 messages that had waited for longer than a minute come again. */
import type { DeviceUnderTest } from "../fixtures/boards";
import { onEachBoard } from "../fixtures/boards";
import { RecordingBroker } from "../fixtures/recording-broker";

const SPEED = 100;

/** The journal's records by the numbers of the saves that write them. */
const FIRST_SAVE = "mqtt.out1";
const SECOND_SAVE = "mqtt.out0";

jest.setTimeout(60_000);

/** Publishes whatever it is sent. */
const echo = 'device.on("message",function(t,p){device.publish("up",p,{qos:1});});';

onEachBoard((make) => {
  let broker: RecordingBroker;
  let device: DeviceUnderTest;

  /** Boots, hands the device messages that nobody acknowledges, waits until each has been stored, and cuts the power. */
  beforeEach(async () => {
    broker = await RecordingBroker.start();
    device = make(SPEED);
    const mqtt = { keepalive: 600, connectTimeout: 600_000 };
    await device.start({ platform: "broker", broker: { clientId: "device-1" }, url: broker.url, mqtt }, echo);
    await device.status("online");
    broker.send("down", "one");
    broker.send("down", "two");
    expect(await device.status("stored")).toMatchObject({ messages: 2, writes: 1 });
    broker.send("down", "three");
    expect(await device.status("stored", 2)).toMatchObject({ messages: 3, writes: 2 });
    await device.board.powerOff();
  });

  afterEach(async () => {
    await device.stop();
    await broker.stop();
  });

  /** Powers the board on and gives what it sends by itself, `count` messages; they are acknowledged unless told otherwise. */
  const powerOn = async (count: number, acknowledges = true) => {
    broker.published = [];
    broker.acknowledges = acknowledges;
    const boots = device.all("boot").length;
    await device.board.powerOn();
    await device.status("online", device.all("online").length + 1);
    expect(device.all("boot")).toHaveLength(boots + 1);
    return [...(await broker.messages(count))];
  };

  test("they come with their identifiers, in order, once, and leave Storage when they are acknowledged", async () => {
    const before = broker.published.filter(({ dup }) => !dup);
    const stored = device.all("stored").length;
    expect(before.map(({ payload }) => payload)).toEqual(["one", "two", "three"]);
    expect(await powerOn(3)).toEqual(before.map((message) => ({ ...message, dup: true })));
    expect(await device.status("stored", stored + 1)).toMatchObject({ messages: 0, writes: 1 });
    expect(broker.published).toHaveLength(3);

    await device.board.powerOff();
    await powerOn(0);
    broker.send("down", "four");
    expect(await broker.messages(1)).toMatchObject([{ payload: "four", dup: false }]);
  });

  test("a new message goes behind them, with an identifier that none of them has", async () => {
    const ids = (await powerOn(3, false)).map(({ messageId }) => messageId);
    broker.send("down", "four");
    const [, , , four] = await broker.messages(4);
    expect(four).toMatchObject({ payload: "four", dup: false });
    expect(new Set([...ids, four.messageId]).size).toBe(4);
  });

  test.each<[string, (record: string) => string]>([
    [
      "a changed byte",
      (record) => record.slice(0, 9) + String.fromCharCode(record.charCodeAt(9) ^ 1) + record.slice(10),
    ],
    ["an end that was never written", (record) => record.slice(0, -5)],
    ["nothing but its first byte", (record) => record.slice(0, 1)],
    ["erased flash for an end", (record) => record.slice(0, -5) + "\xff".repeat(5)],
  ])("a record with %s is skipped: the older one stands", async (_what, tear) => {
    await device.board.writeFile(SECOND_SAVE, tear((await device.board.readFile(SECOND_SAVE))!));
    expect(await powerOn(2)).toMatchObject([
      { payload: "one", dup: true },
      { payload: "two", dup: true },
    ]);
    expect(device.all("error")).toEqual([]);
  });

  test("two torn records: it boots with nothing to send", async () => {
    for (const name of [FIRST_SAVE, SECOND_SAVE]) {
      await device.board.writeFile(name, (await device.board.readFile(name))!.slice(0, -1));
    }
    expect(await powerOn(0)).toEqual([]);
    broker.send("down", "four");
    expect(await broker.messages(1)).toMatchObject([{ payload: "four", dup: false }]);
    expect(device.all("error")).toEqual([]);
  });
});
