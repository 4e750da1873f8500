/**
 * Fewer messages than against aedes: Mosquitto looks at its WebSockets ten times a second only. The faults are the same in each
 * run unless SEED says otherwise: with some seeds a fault waits for bytes that pings alone bring, minutes at that pace.
 */
import { env } from "node:process";
import { findMosquitto, startMosquitto } from "../fixtures/mosquitto";
import { expectNothingLost, storm } from "./storm";

const seed = Number(env.SEED ?? 1754843932);
const found = findMosquitto() ? test : test.skip;

describe(`60 random faults, 600 messages each way, against Mosquitto (SEED=${seed})`, () => {
  const size = { faults: 60, messages: 600 };

  found.each([
    ["", undefined],
    [", the device killed after every tenth fault or so", 10],
  ])(
    "each arrives at least once, first arrivals in order both ways%s",
    async (_name, killEvery) => {
      const broker = await startMosquitto();
      try {
        const outcome = await storm({ target: broker.port, ...size, killEvery, still: 150, seed });
        expectNothingLost(outcome, size);
        expect(outcome.down).toEqual([...outcome.down].sort((a, b) => a - b));
        if (killEvery) expect(outcome.kills).toBeGreaterThan(1);
      } finally {
        await broker.kill();
      }
    },
    300_000,
  );
});
