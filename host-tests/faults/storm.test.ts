import { startPlatform } from "../../tools/platform-simulator/simulator";
import { seed } from "../fixtures/seeded";
import { expectNothingLost, storm } from "./storm";

describe(`500 random faults, 5,000 messages each way, against aedes (SEED=${seed})`, () => {
  const size = { faults: 500, messages: 5000 };

  // aedes sends the messages of a resumed session in an order of its own: the downlink's is Mosquitto's to show.
  test.each([
    ["", undefined],
    [", the device killed after every tenth fault or so", 10],
  ])(
    "each arrives at least once, what the device sends in order%s",
    async (_name, killEvery) => {
      const broker = await startPlatform({ platform: "broker" });
      try {
        const outcome = await storm({ target: broker.port, ...size, killEvery });
        expectNothingLost(outcome, size);
        expect(outcome.struck.size).toBe(13);
        expect(outcome.again.up).toBeGreaterThan(0);
        if (killEvery) expect(outcome.kills).toBeGreaterThan(20);
        else expect(outcome.kills).toBe(0);
      } finally {
        await broker.close();
      }
    },
    300_000,
  );
});
