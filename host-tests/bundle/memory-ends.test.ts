/** The compiled bundle where memory runs out, at whichever step of the program: told, restarted, online again. */
import type { Traits } from "../../tools/board/traits";
import { Bench } from "../fixtures/recovery-bench";
import { backWithin, MINUTE, onEachRelease } from "../fixtures/site";
import { device } from "../fixtures/virtual-board";

/** Steps of a boot until it is online; a few more. */
const STEPS = 60;

onEachRelease((options) => {
  test("at each step of a boot: online within minutes, and no safe mode for one bad boot", async () => {
    for (let step = 1; step <= STEPS; step++) {
      const traits: Partial<Traits> = { "exhaust-at-step": step };
      const bench = new Bench({ ...options, traits });
      const tell = bench.onStatus;
      bench.onStatus = (status) => {
        tell(status);
        // Once: the boot after it has its memory.
        if (bench.all("boot").length > 1) (bench.board.traits as Traits)["exhaust-at-step"] = 0;
      };
      await bench.boot(device());
      bench.clock.advance(5 * MINUTE);
      if (!bench.online) backWithin(bench, MINUTE);
      expect({ step, safe: bench.all("safe-mode").length }).toEqual({ step, safe: 0 });
      expect({ step, boots: bench.all("boot").length <= 2 }).toEqual({ step, boots: true });
    }
  });
});
