/** The compiled bundle and when a message is acknowledged: after its handlers, but before the sketch has a cloud's set, command or desired. */
import { Bench } from "../fixtures/recovery-bench";
import { onEachRelease, powered, SECOND } from "../fixtures/site";
import { device, WIFI } from "../fixtures/virtual-board";

const UCLOUD = {
  wifi: WIFI,
  platform: "ucloud",
  ucloud: { productSN: "prod", deviceSN: "device-1", deviceSecret: "d3v1ce-s3cret" },
  url: "ws://broker:8080/mqtt",
};
const SEEN = "/prod/device-1/upload/seen";
const OWN = "/$system/prod/device-1";

/** What the board sent from `from` on: PUBACK, or the topic. */
function sent(bench: Bench, from: number): string[] {
  return bench.heard.slice(from).map(({ packet }) => (packet.cmd === "publish" ? packet.topic : packet.cmd));
}

onEachRelease((options) => {
  /** Sends the board one message of QoS 1, whose handler publishes at once. */
  async function heardAfter(json: object, event: string, topic: string, payload: unknown): Promise<string[]> {
    const sketch = `device.on("${event}",function(){device.publish("${SEEN}","x",{qos:0})});`;
    const bench = await powered(json, options, undefined, sketch);
    bench.clock.advance(10 * SECOND);
    const from = bench.heard.length;
    const text = JSON.stringify(payload);
    bench.network.tell({ cmd: "publish", topic, payload: text, qos: 1, messageId: 7, retain: false, dup: false });
    bench.clock.advance(SECOND);
    return sent(bench, from);
  }

  test.each([
    ["set", `${OWN}/tmodel/property/set`, { RequestID: "1", Property: { T: 1 } }],
    ["command", `${OWN}/tmodel/command`, { RequestID: "1", Identifier: "open", Input: {} }],
    ["desired", `${OWN}/shadow/downstream`, { Method: "control", State: { Desired: { T: 1 } }, Version: 2 }],
  ])(
    "`%s`: PUBACK first, then the sketch: what it must not lose the cloud has to ask again",
    async (event, topic, payload) => {
      const order = await heardAfter(UCLOUD, event, topic, payload);
      expect(order).toContain(SEEN);
      expect(order.indexOf("puback")).toBeGreaterThanOrEqual(0);
      expect(order.indexOf("puback")).toBeLessThan(order.indexOf(SEEN));
    },
  );

  test("`message`: the sketch first, then PUBACK: a handler that ends the board has the message again", async () => {
    const sketch = 'device.on("message",function(){print("had");E.reboot()});';
    const bench = await Bench.booted(10 * SECOND, () => undefined, device(), options, sketch);
    bench.network.tell({ cmd: "publish", topic: "t", payload: "x", qos: 1, messageId: 7, retain: false, dup: false });
    bench.clock.advance(SECOND);
    expect(bench.printed).toContain("had");
    expect(bench.times("puback")).toEqual([]);
  });
});
