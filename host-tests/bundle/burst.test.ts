/** The compiled bundle where many messages come in one piece and each is answered: what handlers send leaves between two of them. */
import { Bench } from "../fixtures/recovery-bench";
import { arrived, onEachRelease, SECOND } from "../fixtures/site";
import { device } from "../fixtures/virtual-board";

/** As many small messages as the interpreter hands over at once, and more than the queue has room for answers. */
const MESSAGES = 30;
const ANSWER = 200;

const ANSWERING = `var n=0;device.on("message",function(){
  device.publish("answer/"+ ++n,E.toString(new Uint8Array(${ANSWER}).fill(65)),{qos:0});
});`;

onEachRelease((options) => {
  test("thirty in one piece, each answered with 200 bytes of QoS 0: one is lost at most", async () => {
    const bench = await Bench.booted(5 * SECOND, () => undefined, device(), options, ANSWERING);
    for (let i = 0; i < MESSAGES; i++) {
      bench.network.tell({ cmd: "publish", topic: "c", payload: "x", qos: 0, retain: false, dup: false });
    }
    bench.clock.advance(10 * SECOND);
    const answers = arrived(bench);
    expect(bench.all("message")).toHaveLength(MESSAGES);
    // While the socket takes no more, the queue fills.
    expect(answers.length).toBeGreaterThanOrEqual(MESSAGES - 1);
    expect(answers).toEqual([...answers].sort((a, b) => Number(a.slice(7)) - Number(b.slice(7))));
    expect(bench.evaluate("device.status().dropped")).toBe(String(MESSAGES - answers.length));
    expect(bench.online).toBe(true);
  });
});
