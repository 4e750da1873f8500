import { rarePlugin } from "../../tools/build/rare";
import { outcome, pass } from "./passes";

const rare = (code: string, hot: string[] = []) => {
  const made = pass(rarePlugin(hot), code);
  expect(outcome(made)).toEqual(outcome(code));
  return made;
};

const CODE = `
function add(a, b) { var sum = a + b; return sum; }
function fact(n) { return n < 2 ? 1 : n * fact(n - 1); }
function tick(owner) { out.push(owner); }
out.push(add(1, 2), fact(5));
setTimeout(tick, 5, "owner");
`;

test("functions that are called or given to a timer get a number", () => {
  expect(rare(CODE).match(/function \S+\(/g)).toEqual(["function $0(", "function $1(", "function $2("]);
});

test("hot ones keep their names", () => {
  expect(rare(CODE, ["add"]).match(/function \S+\(/g)).toEqual(["function add(", "function $0(", "function $1("]);
});

test.each([
  [
    "is a value",
    "function f(a) { return a; } function g() { return 1; } function h() { return 2; } out.push([3].map(f), g(), h());",
  ],
  [
    "uses this",
    "function f() { return typeof this; } function g() { return 1; } function h() { return 2; } out.push(f(), g(), h());",
  ],
  [
    "uses arguments",
    "function f() { return arguments.length; } function g() { return 1; } function h() { return 2; } out.push(f(1, 2), g(), h());",
  ],
])("one that %s stays", (_why, code) => {
  expect(rare(code)).toMatch(/function f\(/);
});

test("tables and texts that only rare functions use exist only while those run", () => {
  const code = `var NAMES = ["a", "b"], TEXT = "shared", SHARED = [1]; function name(i) { return NAMES[i] + TEXT; } function text() { return TEXT + SHARED; }
function hot() { return SHARED.length; } out.push(name(1), text(), hot());`;
  const made = rare(code, ["hot"]);
  expect(made).not.toMatch(/NAMES = .*\n?function|^var .*(NAMES|TEXT)/);
  expect(made).toMatch(/SHARED = \[1\]/);
});

test.each(["SEEN.push(n)", "SEEN[n] = 1", "SEEN[n]++", "out.push(SEEN)"])(
  "a table that %s keeps its place",
  (change) => {
    const code = `var SEEN = [0]; function once(n) { ${change}; return SEEN.length + SEEN[0]; } out.push(once(0), once(0));`;
    expect(rare(code)).toMatch(/^var SEEN/);
  },
);
