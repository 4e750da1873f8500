import { textToBytes } from "../../tools/board/board";
import { Bench } from "../fixtures/recovery-bench";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

describe("a power cut", () => {
  const records = ["mqtt.out0", "mqtt.out1"];

  /** A board whose messages the server does not acknowledge, some minutes later, without power. */
  async function unacknowledged(): Promise<Bench> {
    const bench = await Bench.booted(SECOND, ({ network }) => (network.manners.puback = false));
    for (const topic of ["a", "b"]) bench.publish(topic);
    bench.clock.advance(3 * MINUTE);
    expect(bench.all("stored")).toMatchObject([{ messages: 2, writes: 1 }]);
    bench.publish("c");
    bench.clock.advance(3 * MINUTE);
    expect(bench.all("stored")[1]).toMatchObject({ messages: 3, writes: 2 });
    await bench.board.powerOff();
    bench.statuses.splice(0);
    bench.heard.splice(0);
    bench.network.manners.puback = true;
    return bench;
  }

  /** As a new flash: what follows is not taken for a crash loop, however short the boots are. */
  const trust = (bench: Bench) => bench.board.writeFile("boot.count", "");

  const ids = (bench: Bench) => bench.published().map(({ topic, messageId, dup }) => [topic, messageId, dup]);

  test("messages that wait are sent again, as duplicates, in order, with their identifiers; then the record is emptied", async () => {
    const bench = await unacknowledged();
    await bench.board.powerOn();
    bench.clock.advance(3 * MINUTE);
    expect(ids(bench)).toEqual([
      ["a", 1, true],
      ["b", 2, true],
      ["c", 3, true],
    ]);
    expect(bench.all("stored")).toMatchObject([{ messages: 0 }]);
    await bench.board.powerOff();
    bench.heard.splice(0);
    await bench.board.powerOn();
    bench.clock.advance(MINUTE);
    expect(bench.published()).toEqual([]);
  });

  test("of two records, the newer one torn at any byte: the older one is sent, and the board boots", async () => {
    const bench = await unacknowledged();
    const files = await Promise.all(records.map((name) => bench.board.readFile(name)));
    const newer = files[0]!.length > files[1]!.length ? 0 : 1;
    for (let length = 0; length < files[newer]!.length; length += 1) {
      for (const [i, name] of records.entries()) {
        await bench.board.writeFile(name, i === newer ? files[i]!.slice(0, length) : files[i]!);
      }
      bench.heard.splice(0);
      await trust(bench);
      await bench.board.powerOn();
      bench.clock.advance(2 * SECOND);
      expect({ length, sent: ids(bench) }).toEqual({
        length,
        sent: [
          ["a", 1, true],
          ["b", 2, true],
        ],
      });
      await bench.board.powerOff();
    }
    expect(bench.printed).toEqual([]);
  });

  test("records that are no records are no obstacle", async () => {
    const bench = await unacknowledged();
    for (const content of ["\xff", "\0\0\0\0", textToBytes("灯"), "x".repeat(5000)]) {
      for (const name of records) await bench.board.writeFile(name, content);
      await trust(bench);
      await bench.board.powerOn();
      bench.clock.advance(2 * SECOND);
      expect(bench.online).toBe(true);
      await bench.board.powerOff();
    }
    expect([bench.published(), bench.printed]).toEqual([[], []]);
  });
});
