import type { Fields } from "../../firmware/device/status";
import { say, toJson } from "../../firmware/device/status";
import { Seeded, seed } from "../fixtures/seeded";

/** What `say` prints. */
function printed(fields: Fields): string[] {
  const log = jest.spyOn(console, "log").mockImplementation(() => undefined);
  try {
    say(fields);
    return log.mock.calls.map((call) => call.join(" "));
  } finally {
    log.mockRestore();
  }
}

/** Runs `body` where JSON.stringify writes an escape for every byte over 126, as the board's does. */
function asOnTheBoard<T>(body: () => T): T {
  const stringify = JSON.stringify;
  const spy = jest
    .spyOn(JSON, "stringify")
    .mockImplementation((value: unknown) =>
      stringify(value)?.replace(/[\x7f-\xff]/g, (char) => `\\u00${char.charCodeAt(0).toString(16).toUpperCase()}`),
    );
  try {
    return body();
  } finally {
    spy.mockRestore();
  }
}

/** What would end a line or disturb a console. */
const controls = (line: string) => [...line].filter((char) => char < " ");

const allBytes = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join("");

describe("a status line", () => {
  test("is # and a JSON object, its fields in the order given", () => {
    expect(printed({ event: "ping", rtt: 23, free: 2311 })).toEqual(['#{"event":"ping","rtt":23,"free":2311}']);
  });

  test("leaves out what is undefined, and nothing else", () => {
    expect(printed({ event: "x", a: undefined, b: null, c: 0, d: "", e: false, f: -1.5 })).toEqual([
      '#{"event":"x","b":null,"c":0,"d":"","e":false,"f":-1.5}',
    ]);
    expect(printed({ a: undefined, event: "x" })).toEqual(['#{"event":"x"}']);
  });

  test("may be empty", () => {
    expect(printed({})).toEqual(["#{}"]);
    expect(printed({ a: undefined })).toEqual(["#{}"]);
  });

  test("has null for numbers that JSON does not know", () => {
    expect(toJson({ a: NaN, b: Infinity })).toBe('{"a":null,"b":null}');
  });
});

describe.each([
  ["here", (fields: Fields) => toJson(fields)],
  ["as on the board", (fields: Fields) => asOnTheBoard(() => toJson(fields))],
])("text in a line, %s", (_, json) => {
  const lineFor = (text: string) => json({ event: "message", topic: text, qos: 1 });

  test.each([
    ["plain", "plain"],
    ['say "hello"', 'say \\"hello\\"'],
    ["back\\slash", "back\\\\slash"],
    ["\\u0041 is no escape", "\\\\u0041 is no escape"],
    ['\x80"\\', '\x80\\"\\\\'],
    ["\xe6\xb8\xa9\xe5\xba\xa6", "\xe6\xb8\xa9\xe5\xba\xa6"],
  ])("%j is written %j", (text, written) => {
    expect(lineFor(text)).toBe(`{"event":"message","topic":"${written}","qos":1}`);
  });

  test("keeps every byte over 127 as it is", () => {
    const high = allBytes.slice(128);
    expect(lineFor(high)).toBe(`{"event":"message","topic":"${high}","qos":1}`);
  });

  test("gives back every byte there is, on one line", () => {
    for (const text of [allBytes, ...allBytes, ...[...allBytes].map((char) => `\x01${char}\xff`)]) {
      const line = lineFor(text);
      expect(controls(line)).toEqual([]);
      expect(JSON.parse(line)).toEqual({ event: "message", topic: text, qos: 1 });
    }
  });

  test(`gives back random text, on one line (SEED=${seed})`, () => {
    const random = new Seeded(0);
    for (let i = 0; i < 500; i++) {
      const text = random.bytes(random.below(60)) + random.pick(["", "\\", '"', "\\u00", "\n", "\r\n"]);
      const line = lineFor(text);
      expect(controls(line)).toEqual([]);
      expect(JSON.parse(line)).toEqual({ event: "message", topic: text, qos: 1 });
    }
  });
});

test("text beyond bytes is kept, where there is such text", () => {
  expect(JSON.parse(toJson({ a: "温度 😀", b: "\x01温" }))).toEqual({ a: "温度 😀", b: "\x01温" });
});

// The names of telemetry's fields are the user's, and go out unescaped.
test("a name with a quote in it is escaped", () => {
  expect(JSON.parse(toJson({ 'the "inner" one': 1 }))).toEqual({ 'the "inner" one': 1 });
});
