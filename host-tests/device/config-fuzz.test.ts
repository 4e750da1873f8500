import type { Json } from "../fixtures/config-fuzz";
import { answer, anyJson, paths } from "../fixtures/config-fuzz";
import { deviceJson, set } from "../fixtures/device-json";
import { Seeded, seed } from "../fixtures/seeded";

const CASES = 3000;
describe(`device.json with random changes (SEED=${seed})`, () => {
  test.each(["aliyun", "ucloud", "broker"] as const)("%s: settings or faults, never an exception", (platform) => {
    let accepted = 0;
    for (let i = 0; i < CASES; i++) {
      const random = new Seeded(i);
      let json: Json = deviceJson(platform);
      for (let turns = 1 + random.below(3); turns > 0; turns--) {
        set(json, random.pick(paths(json)), anyJson(random));
        // What is on the board was text once: undefined and the like do not survive it.
        json = JSON.parse(JSON.stringify(json));
      }
      try {
        if (answer(json)) accepted++;
      } catch (error) {
        throw new Error(`SEED=${seed}, case ${i}: ${(error as Error).message} for ${JSON.stringify(json)}`, {
          cause: error,
        });
      }
    }
    // Changes that are all fatal, or all harmless, would test little.
    expect(accepted).toBeGreaterThan(CASES / 20);
    expect(accepted).toBeLessThan((CASES * 19) / 20);
  });

  test("any JSON at all has faults, never an exception", () => {
    for (let i = 0; i < CASES; i++) {
      const json = anyJson(new Seeded(100_000 + i));
      expect({ i, seed, accepted: answer(json) }).toEqual({ i, seed, accepted: false });
    }
  });
});
