import { startPlatform } from "../../tools/platform-simulator/simulator";
import { seed } from "../fixtures/seeded";
import { storm, STORM_TIMEOUT } from "./storm";
import { expectNothingLost } from "./storm-expectations";

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
      const settings = { target: broker.port, ...size, killEvery };
      try {
        const outcome = await storm(settings);
        expectNothingLost(outcome, settings);
      } finally {
        await broker.close();
      }
    },
    STORM_TIMEOUT,
  );
});
