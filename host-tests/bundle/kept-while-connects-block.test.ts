/** The compiled bundle whose connects block the interpreter, one after the other: what waits is kept in time all the same. */
import { Bench } from "../fixtures/recovery-bench";
import { MINUTE, next, onEachRelease, SECOND } from "../fixtures/site";
import { device } from "../fixtures/virtual-board";

/** SYNs that nobody answers, in milliseconds. */
const BLOCKED = 39 * SECOND;
/** Two looks, a minute apart; each may find the interpreter in a connect. */
const BOUND = 2 * (MINUTE + BLOCKED) + SECOND;

onEachRelease((options) => {
  test.each<[string, string, (bench: Bench) => void]>([
    ["a server that is silent", "ws://broker:8080/mqtt", silence],
    ["a server that is silent, by address", "ws://10.1.2.3:8080/mqtt", silence],
    ["name servers that are silent", "ws://broker:8080/mqtt", ({ board }) => board.deafenWifi()],
  ])("%s: a message that waits is in Storage after two looks at the most", async (_what, url, trouble) => {
    for (let i = 0; i < 6; i++) {
      const board = { ...options, serial: `240ac400-${1000 + i}` };
      const bench = await Bench.booted(2 * MINUTE, () => undefined, device({}, { url }), board);
      trouble(bench);
      bench.clock.advance((2 + i) * MINUTE);
      const published = bench.clock.now();
      bench.publish("waits");
      expect(next(bench, "stored", BOUND).at - published).toBeLessThanOrEqual(BOUND);
      await bench.board.powerOff();
    }
  });
});

function silence({ network }: Bench): void {
  network.answer = "silent";
  network.blackhole = true;
}
