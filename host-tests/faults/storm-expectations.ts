import type { Peaks } from "./device";
import type { StormOutcome, StormSettings } from "./storm";
import { CAPS } from "./storm";
import { LONGEST } from "./storm-messages";
import { KINDS } from "./storm-plan";

/** Of the WebSocket client: the longest response head, and the bytes handed to the socket before it waits. */
const [HEAD, WINDOW] = [2048, 2048];
/**
 * What may go out besides for one chunk of 536 bytes: acknowledgements of 10 bytes for the shortest messages of 20, SUBSCRIBE,
 * PINGREQ, Close, and what the longest message has in front of it.
 */
const BESIDES = 350;

/**
 * Asserts that each message arrived at least once, those of the device in order, that every cap held, and that the storm
 * met the traffic everywhere. The order of those to the device is the broker's to keep.
 */
export function expectNothingLost(outcome: StormOutcome, { faults, messages, killEvery }: StormSettings) {
  const numbers = Array.from({ length: messages }, (_, i) => i + 1);
  expect(outcome.wild).toEqual([]);
  expect(outcome.up).toEqual(numbers);
  expect([...outcome.down].sort((a, b) => a - b)).toEqual(numbers);
  expect(outcome.total).toBe(faults);
  expect(new Set(outcome.kinds.keys())).toEqual(new Set(KINDS));
  for (const phase of ["handshake", "connect", "subscribe", "flow"] as const) {
    expect([phase, outcome.phases.get(phase)]).toEqual([phase, expect.any(Number)]);
    expect(outcome.phases.get(phase)).toBeGreaterThan(faults / 50);
  }
  // The traffic lasted, and met the faults.
  expect(outcome.busy).toBeGreaterThan(0.9 * faults);
  expect(outcome.again.up).toBeGreaterThan(0);
  expect(outcome.again.down).toBeGreaterThan(0);
  expect(outcome.oversize).toBeGreaterThan(0);
  expect(new Set(outcome.errors)).toEqual(new Set(["message-too-large: 2400 bytes on storm/down"]));
  expect(outcome.codes).not.toContain("send-overflow");
  if (killEvery) {
    expect(outcome.kills).toBeGreaterThan(faults / killEvery / 2);
    expect(outcome.kept).toBeGreaterThan(0);
  } else expect([outcome.kills, outcome.kept]).toEqual([0, 0]);
  const most: Peaks = {
    outbox: CAPS.queueBytes,
    messages: CAPS.queueMessages,
    flying: CAPS.receiveMaximum,
    packet: CAPS.maximumPacketSize,
    frame: HEAD,
    handed: WINDOW + LONGEST + BESIDES,
  };
  for (const [name, cap] of Object.entries(most)) {
    const peak = outcome.peaks[name as keyof Peaks];
    expect([name, peak, peak <= cap]).toEqual([name, peak, true]);
    // A storm that comes nowhere near a cap does not show that it holds.
    expect([name, peak, peak > cap / 2]).toEqual([name, peak, true]);
  }
}
