/** Questions to a board, the answers between its other lines, and what a line looks like to a person. */
import { parseAnswer, question } from "../../tools/console/request";
import { readable } from "../../tools/console/line-mender";

test("a question clears what was typed, is not echoed, and does not hold its own answer's mark", () => {
  const line = question(7, 'print("#{}")').toString("latin1");
  expect(line.startsWith("\x1b[2H\x10")).toBe(true);
  expect(line.indexOf("\n")).toBe(line.length - 1);
  expect(parseAnswer(line)).toBeUndefined();
});

test.each([
  ['#7:{"v":1}', { id: 7, value: 1 }],
  ['>#7:{"v":"a\\u00E4"}', { id: 7, value: "a\u00e4" }],
  ["#7:{}", { id: 7, value: undefined }],
  ['#7:{"e":"Error: x"}', { id: 7, thrown: "Error: x" }],
  ['#7:{"g":1}', { id: 7, garbled: true }],
  ['#7:{"v":', undefined],
  ['#{"event":"boot"}', undefined],
  ["7", undefined],
])("%s is the answer %j", (line, answer) => {
  expect(parseAnswer(line)).toEqual(answer);
});

test.each([
  ['>\r\x1b[J#{"event":"boot"}\r', '#{"event":"boot"}'],
  ["\x11\x13plain\x1b[D", "plain"],
  [">hello", "hello"],
])("%j reads %j", (raw, line) => {
  expect(readable(raw)).toBe(line);
});
