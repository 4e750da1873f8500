import type { ClientOptions } from "../../firmware/mqtt/options";
import { hostRuntime } from "../../tools/host/runtime";
import { checkOptions, isWhole } from "../../firmware/mqtt/options";
import type { Limits } from "../../firmware/seams";

const cloud: Limits = { keepalive: [30, 1200], plain: true };

/** Every fault as `code field: message`, and what came out. Options may be anything: they come from a file. */
function check(options: { [name: string]: unknown }, limits: Limits = {}) {
  const faults: string[] = [];
  const checked = checkOptions(options as ClientOptions, limits, hostRuntime(), (code, field, message) => {
    faults.push(`${code} ${field}: ${message}`);
  });
  return { faults, checked };
}

it("fills in the defaults", () => {
  expect(check({})).toEqual({
    faults: [],
    checked: {
      protocolVersion: 4,
      keepalive: 300,
      clean: true,
      will: undefined,
      subprotocol: "mqtt",
      connectTimeout: 30000,
      maximumPacketSize: 4096,
      queueBytes: 4096,
      queueMessages: 50,
      receiveMaximum: 5,
      outgoingStore: "mqtt.out",
    },
  });
});

it("the defaults suit the clouds", () => {
  expect(check({}, cloud).faults).toEqual([]);
});

it("null counts as left out", () => {
  expect(check({ keepalive: null, clean: null, protocolVersion: null, subprotocol: null })).toEqual(check({}));
});

it("keeps what was given and leaves the caller's object alone", () => {
  const given = Object.freeze({ protocolVersion: 3, keepalive: 60, clean: false, subprotocol: "mqttv3.1" });
  expect(check(given).checked).toMatchObject(given);
});

const ranges: [string, number, number, Limits][] = [
  ["keepalive", 0, 65535, {}],
  ["keepalive", 30, 1200, cloud],
  ["protocolVersion", 3, 4, {}],
  ["connectTimeout", 1000, 600000, {}],
  ["maximumPacketSize", 128, 268435455, {}],
  ["queueBytes", 0, 268435455, {}],
  ["queueMessages", 0, 65535, {}],
  ["receiveMaximum", 1, 65535, {}],
];

describe.each(ranges)("%s from %d to %d", (name, least, most, limits) => {
  it.each([least, most])("takes %d", (value) => {
    expect(check({ [name]: value }, limits)).toMatchObject({ faults: [], checked: { [name]: value } });
  });

  it.each([least - 1, most + 1, least + 0.5, String(least), NaN, Infinity, true, {}])("refuses %p", (value) => {
    expect(check({ [name]: value }, limits).faults).toEqual([
      `option-out-of-range ${name}: must be a whole number from ${least} to ${most}`,
    ]);
  });
});

describe("clean", () => {
  it.each(["false", 0, 1, {}])("refuses %p", (clean) => {
    expect(check({ clean }).faults).toEqual([expect.stringMatching(/^option-out-of-range clean: /)]);
  });
});

describe("will", () => {
  const will = { topic: "w", payload: "gone" };

  it.each([{}, { qos: 0 }, { qos: 1, retain: true }])("is taken with %p", (more) => {
    expect(check({ will: { ...will, ...more } })).toMatchObject({
      faults: [],
      checked: { will: { ...will, ...more } },
    });
  });

  it("is refused where the platform takes none", () => {
    expect(check({ will }, cloud).faults).toEqual([expect.stringMatching(/^will-forbidden will: /)]);
  });

  it.each([
    [{ ...will, qos: 2 }, "qos-unsupported will.qos"],
    [{ ...will, qos: 3 }, "option-out-of-range will.qos"],
    [{ ...will, qos: "1" }, "option-out-of-range will.qos"],
    [{ payload: "gone" }, "option-missing will.topic"],
    [{ topic: "", payload: "gone" }, "option-missing will.topic"],
    [{ topic: 7, payload: "gone" }, "topic-invalid will.topic"],
    ["w", "option-out-of-range will"],
  ])("%p is refused", (given, fault) => {
    expect(check({ will: given }).faults).toEqual([expect.stringContaining(fault)]);
  });
  it.each([
    ["[MQTT-4.7.1-1] with a wildcard of many levels", "a/#"],
    ["[MQTT-4.7.1-1] with a wildcard of one level", "+"],
    ["[MQTT-4.7.3-2] with U+0000", "a\0b"],
    ["[MQTT-4.7.3-3] of over 65535 bytes", "x".repeat(65536)],
  ])("a topic %s is refused", (_name, topic) => {
    expect(check({ will: { ...will, topic } }).faults).toHaveLength(1);
  });
});

it("tells every fault at once", () => {
  const { faults } = check({ keepalive: 5, protocolVersion: 5, clean: "no", will: { payload: "x", qos: 2 } }, cloud);
  expect(faults.map((fault) => fault.split(":")[0])).toEqual([
    "option-out-of-range keepalive",
    "option-out-of-range protocolVersion",
    "will-forbidden will",
    "qos-unsupported will.qos",
    "option-missing will.topic",
    "option-out-of-range clean",
  ]);
});

describe("outgoingStore", () => {
  it.each(["", "x", "mqtt.out", "x".repeat(27)])("%j is taken", (outgoingStore) => {
    expect(check({ outgoingStore })).toMatchObject({ faults: [], checked: { outgoingStore } });
  });

  // A digit is added, and Storage cuts a name off after 28 bytes.
  it.each(["x".repeat(28), "a b", "\u706f", 7, false, {}])("%j is refused", (outgoingStore) => {
    expect(check({ outgoingStore }).faults).toEqual([expect.stringMatching(/^option-out-of-range outgoingStore: /)]);
  });
});

describe("isWhole", () => {
  it.each([
    [0, true],
    [5, true],
    [-1, false],
    [6, false],
    [2.5, false],
    ["2", false],
    [null, false],
    [undefined, false],
    [NaN, false],
  ])("%p from 0 to 5: %p", (value, whole) => expect(isWhole(value, 0, 5)).toBe(whole));
});
