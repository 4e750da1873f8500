import { findMosquitto, startMosquitto } from "../fixtures/mosquitto";
import { seed } from "../fixtures/seeded";
import { storm, STORM_TIMEOUT } from "./storm";
import { expectNothingLost } from "./storm-expectations";

const found = findMosquitto() ? test : test.skip;

describe(`500 random faults, 5,000 messages each way, against Mosquitto (SEED=${seed})`, () => {
  const size = { faults: 500, messages: 5000 };

  found.each([
    ["", undefined],
    [", the device killed after every tenth fault or so", 10],
  ])(
    "each arrives at least once, first arrivals in order both ways%s",
    async (_name, killEvery) => {
      const broker = await startMosquitto({ brisk: true });
      const settings = { target: broker.port, ...size, killEvery, still: 20 };
      try {
        const outcome = await storm(settings);
        expectNothingLost(outcome, settings);
        expect(outcome.down).toEqual([...outcome.down].sort((a, b) => a - b));
      } finally {
        await broker.kill();
      }
    },
    STORM_TIMEOUT,
  );
});
