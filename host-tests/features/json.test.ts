/** JSON as the clouds send it, read from bytes, and written so that nothing is spoilt. */
import { readJson, writeJson } from "../../firmware/features/json";
import { hostRuntime } from "../../tools/host/runtime";
import { Seeded, seed } from "../fixtures/seeded";

const runtime = hostRuntime();
const bytes = (text: string) => Buffer.from(text, "utf8").toString("latin1");
const read = (text: string) => readJson(bytes(text), runtime);
const code = (text: string) => {
  try {
    read(text);
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return "read";
};

test.each([
  ['{"T":21.5,"on":true,"off":false,"none":null}', { T: 21.5, on: true, off: false, none: null }],
  [" [ 1 , [ ] , { } , -0.5e3 ] \n", [1, [], {}, -500]],
  ['"a\\"b\\\\c\\/d\\b\\f\\n\\r\\t"', 'a"b\\c/d\b\f\n\r\t'],
  ['"温度 é \\u6e29\\u5ea6 \\u00e9 \\ud83d\\ude00 😀"', "温度 é 温度 é 😀 😀"],
  ['"\\ud83d"', "\ufffd"],
  ['{"温":"值"}', { 温: "值" }],
  ['{"a":{"b":[{"c":1}]}}', { a: { b: [{ c: 1 }] } }],
])("%s is read", (text, value) => {
  expect(read(text)).toEqual(value);
});

test("whole numbers are numbers up to 2^53 - 1, and their digits beyond", () => {
  expect(read("[9007199254740991,-9007199254740991]")).toEqual([9007199254740991, -9007199254740991]);
  expect(read("[9007199254740993,-9223372036854775808]")).toEqual(["9007199254740993", "-9223372036854775808"]);
  expect(read("1e30")).toBe(1e30);
});

test.each([
  "",
  "{",
  "[1,]",
  '{"a":1,}',
  '{"a"}',
  "{a:1}",
  "[1 2]",
  '"x',
  '"\\x"',
  '"\\u12g"',
  "truth",
  "NaN",
  "0x10",
  "-",
  "{} {}",
  '{"__proto__":1}',
  "012",
  "-012",
  "1e",
  "1.",
])("%j is json-invalid", (text) => expect(code(text)).toBe("json-invalid"));

test("eight levels are read, nine are refused, in writing too", () => {
  const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
  expect(code(nested(8))).toBe("read");
  expect(code(nested(9))).toBe("json-invalid");
  const holding = (levels: number, inner: unknown[] = []): unknown =>
    levels > 1 ? holding(levels - 1, [inner]) : inner;
  const refused = expect.objectContaining({ code: "json-invalid" });
  expect(writeJson(holding(8))).toBe(nested(8));
  expect(() => writeJson(holding(9))).toThrow(refused);
  expect(() => writeJson({ a: holding(8) })).toThrow(refused);
  // The innermost level may hold whatever is neither an object nor a list.
  expect(read(writeJson(holding(8, [1, "x", null])))).toEqual(holding(8, [1, "x", null]));
  const circle: { self?: unknown } = {};
  circle.self = circle;
  expect(() => writeJson(circle)).toThrow(expect.objectContaining({ code: "json-invalid" }));
});

test("values are written without loss; a function stands for its own JSON", () => {
  const value = {
    t: '温"\n',
    n: -1.5,
    list: [1, undefined, [true, null]],
    gone: undefined,
    bad: NaN,
    id: () => "9223372036854775807",
  };
  expect(writeJson(value)).toBe(
    '{"t":"温\\"\\n","n":-1.5,"list":[1,null,[true,null]],"bad":null,"id":9223372036854775807}',
  );
});

test(`what JSON.stringify writes is read as JSON.parse reads it, and damage is an error with a code (SEED=${seed})`, () => {
  const random = new Seeded(0);
  const below = (n: number) => random.below(n);
  const make = (depth: number): unknown => {
    const kind = below(depth > 5 ? 4 : 6);
    if (kind === 0) return below(2) ? below(1e9) - 5e8 : below(1e9) / 1024;
    if (kind === 1)
      return String.fromCodePoint(
        ...Array.from({ length: below(8) }, () => [below(128), 0x4e00 + below(999), 0x1f600 + below(60)][below(3)]),
      );
    if (kind === 2) return below(2) === 0;
    if (kind === 3) return null;
    if (kind === 4) return Array.from({ length: below(4) }, () => make(depth + 1));
    return Object.fromEntries(Array.from({ length: below(4) }, (_, i) => [`k${i}`, make(depth + 1)]));
  };
  for (let i = 0; i < 500; i++) {
    const text = JSON.stringify(make(0));
    try {
      expect(read(text)).toEqual(JSON.parse(text));
      expect(JSON.parse(writeJson(read(text)))).toEqual(JSON.parse(text));
      const at = below(text.length);
      const damaged = text.slice(0, at) + String.fromCharCode(32 + below(95)) + text.slice(at + 1);
      expect(["read", "json-invalid"]).toContain(code(damaged));
    } catch (error) {
      throw new Error(`text ${text}: ${(error as Error).message}`, { cause: error });
    }
  }
});

test("holes in lists and what JSON has no word for become null", () => {
  // eslint-disable-next-line no-sparse-arrays
  expect(writeJson([1, , 3, NaN, undefined])).toBe("[1,null,3,null,null]");
});
