/** Statuses for people: what came from the network must not steer their terminal. */
import { describeStatus } from "../../tools/status-line";

test.each([
  ["\n", "\\x0a"],
  ["\x1b[2J", "\\x1b[2J"],
  ["\x7f", "\\x7f"],
  ["\x9b2J", "\\x9b2J"],
])("the control characters of a topic %j are shown as escapes", (topic, shown) => {
  expect(describeStatus({ event: "message", topic: `a${topic}b` })).toBe(`message      topic a${shown}b`);
});

test("letters beyond ASCII are shown as they are", () => {
  expect(describeStatus({ event: "message", topic: "温度/é" })).toBe("message      topic 温度/é");
});
