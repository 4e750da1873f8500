import { outlinePlugin } from "../../tools/build/outline";
import { outcome, pass } from "./passes";

const outlined = (
  code: string,
  { hot = [] as string[], warm = [] as string[][], size = 9000, parameters = 6 } = {},
) => {
  const made = pass(outlinePlugin({ hot, warm, size, parameters }), code);
  expect(outcome(made)).toEqual(outcome(code));
  return made;
};
const functions = (code: string) => (code.match(/^ *function /gm) ?? []).length;

const CODE = `
function add(a, b) { var sum = a + b; return sum; }
function fact(n) { return n < 2 ? 1 : n * fact(n - 1); }
function list(n) { var made = [], i; for (i = 0; i < n; i++) { made.push(add(i, n)); } return made; }
function adder(n) { function inner(m) { return add(n, m); } return inner; }
function none() {}
function tick(owner) { out.push(owner); }
var first = adder(10), second = adder(20);
out.push(add(1, 2), fact(5), list(3), first(1), second(2), first(3), none());
setTimeout(tick, 5, "owner");
`;

test("gathered functions do what they did: recursion, loops, closures, timers", () => {
  expect(functions(outlined(CODE))).toBe(1);
});

test("hot ones stay, warm ones are gathered by themselves", () => {
  expect(outlined(CODE, { hot: ["add"] })).toMatch(/function add\(a, b\)/);
  expect(functions(outlined(CODE, { warm: [["add", "fact"]] }))).toBe(2);
});

test("no more than `size` characters are gathered in one", () => {
  expect(functions(outlined(CODE, { size: 150 }))).toBeGreaterThan(2);
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
  expect(outlined(code)).toMatch(/function f\(/);
});

test("one with too many parameters stays", () => {
  const code =
    "function f(a, b, c) { return a + b + c; } function g() { return 1; } function h() { return 2; } out.push(f(1, 2, 3), g(), h());";
  expect(outlined(code, { parameters: 2 })).toMatch(/function f\(a, b, c\)/);
});

test("tables and texts that only gathered functions use exist only while those run", () => {
  const code = `var NAMES = ["a", "b"], TEXT = "shared", SHARED = [1]; function name(i) { return NAMES[i] + TEXT; } function text() { return TEXT + SHARED; }
function hot() { return SHARED.length; } out.push(name(1), text(), hot());`;
  const made = outlined(code, { hot: ["hot"] });
  expect(made).not.toMatch(/NAMES = .*\n?function|^var .*(NAMES|TEXT)/);
  expect(made).toMatch(/SHARED = \[1\]/);
});
