/** Medians and ratios. */
import { median, summarize } from "../../tools/bench/statistics";
import { against } from "../../tools/bench/targets";
import { describeSpeed } from "../../tools/bench/tables";

test.each([
  [[5], 5],
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[10, 9, 100], 10],
])("the median of %j is %d", (values, expected) => {
  const before = [...values];
  expect(median(values)).toBe(expected);
  expect(values).toEqual(before);
});

test("there is no median of nothing", () => {
  expect(() => median([])).toThrow(RangeError);
});

test("of times, the ratio says how many times as fast ours is", () => {
  const { ours, beside } = summarize({ what: "hash", unit: "ms", ours: [2, 2, 2], beside: { plain: [4, 5, 4] } });
  expect(ours).toBe(2);
  expect(beside.plain).toEqual({ value: 4, ratio: 2 });
});

test("of rates as well", () => {
  const { beside } = summarize({ what: "out", unit: "messages/s", ours: [1000], beside: { plain: [4000] } });
  expect(beside.plain.ratio).toBe(0.25);
});

test("a run that was slow for both does not change the ratio", () => {
  const quiet = summarize({ what: "a", unit: "ms", ours: [2, 2, 2], beside: { other: [3, 3, 3] } });
  const busy = summarize({ what: "a", unit: "ms", ours: [2, 20, 14], beside: { other: [3, 30, 21] } });
  expect(busy.beside.other.ratio).toBe(quiet.beside.other.ratio);
  expect(busy.ours).not.toBe(quiet.ours);
});

test("runs of which one side is missing are refused", () => {
  expect(() => summarize({ what: "a", unit: "ms", ours: [1, 2], beside: { other: [1] } })).toThrow(RangeError);
});

test.each([
  [
    "SHA-1, a block of 64 bytes",
    "ms",
    2.1,
    "straightforward",
    1.77,
    "≤ 2.1, met here; 2.09 where straightforward does 3.7, met; ≥ 1.75 × straightforward, met",
  ],
  [
    "SHA-1, a block of 64 bytes",
    "ms",
    2.11,
    "straightforward",
    1.74,
    "≤ 2.1, missed here; 2.13 where straightforward does 3.7, missed; ≥ 1.75 × straightforward, missed",
  ],
  [
    "publish 64 bytes, QoS 0",
    "messages/s",
    2000,
    "MQTT over bare TCP",
    0.3,
    "≥ 2,000, met here; 2,100 where MQTT over bare TCP does 7,000, met; ≥ 0.3 × MQTT over bare TCP, met",
  ],
  [
    "receive 64 bytes, QoS 0",
    "messages/s",
    3999,
    "MQTT over bare TCP",
    0.9,
    "≥ 4,000, missed here; 4,410 where MQTT over bare TCP does 4,900, met; ≥ 0.8 × MQTT over bare TCP, met",
  ],
] as const)("%s in %s, %d and %s %d: %s", (what, unit, ours, name, ratio, expected) => {
  expect(against({ what, unit, ours, beside: { [name]: { value: 1, ratio } } })).toBe(expected);
});

test("a row without a target has none, and one without its peer is held to the figure alone", () => {
  expect(against({ what: "mask", unit: "µs", ours: 1, beside: {} })).toBe("");
  expect(against({ what: "publish 64 bytes, QoS 0", unit: "messages/s", ours: 1, beside: {} })).toBe(
    "≥ 2,000, missed here",
  );
});

test("the table says build, runs, figures, ratios and memory", () => {
  const build = { version: "2v29", blocksize: 14, unicode: false, crypto: true, tls: true };
  const memory = (now: number, most: number, flags: string[]) => ({ now, most, flags });
  const text = describeSpeed({
    build,
    runs: 7,
    results: [
      { what: "hash", unit: "ms", ours: 2.1234, beside: { plain: { value: 4.4, ratio: 2.0721 } } },
      { what: "out", unit: "messages/s", ours: 2345.6, beside: {} },
    ],
    ladder: [
      { what: "least code", unit: "messages/s", ours: 10_000, beside: {} },
      { what: "checks", unit: "messages/s", ours: 8000, beside: {} },
    ],
    hashVariables: 57,
    endurance: { count: 10_000, before: memory(500, 510, []), after: memory(501, 900, ["LOW_MEMORY"]) },
  });
  expect(text).toContain("Espruino 2v29, variables of 14 bytes");
  expect(text).toContain("medians of 7 runs");
  expect(text).toContain("| hash | 2.12 ms | plain: 4.4 ms | 2.07 |");
  expect(text).toContain("| out | 2,346 messages/s |");
  expect(text).toContain("| least code | 10,000 messages/s | 100 |  |");
  expect(text).toContain("| + checks | 8,000 messages/s | 125 | +25 |");
  expect(text).toContain("57 variables");
  expect(text).toContain(
    "10,000 in, QoS 1, 501 variables are in use, before them 500; the most seen in between were 900",
  );
  expect(text).toContain("LOW_MEMORY");
});
