import { globalsPlugin, LATER, TAKE } from "../../tools/build/names";
import { restocked, shelfPlugin } from "../../tools/build/shelf";
import { outcome, pass } from "./passes";

const shelved = (code: string) => {
  const made = pass(shelfPlugin(), code);
  expect(outcome(made)).toEqual(outcome(code));
  return made;
};

const CODE = `
function $0(a, b) { var sum = a + b; return sum; }
function $1(n) { return n < 2 ? 1 : n * $1(n - 1); }
function $2(n) { function inner(m) { return $0(n, m); } return inner; }
function $3() { return "\\x80 and \\u0009"; }
function $4(owner) { out.push(owner, hot(2)); }
function hot(n) { return $0(n, n); }
var first = $2(10), second = $2(20);
out.push($0(1, 2), $1(5), first(1), second(2), first(3), $3(), hot(3));
setTimeout($4, Math.max(1, 5), "owner");
`;

test("functions on the shelf do what they did: recursion, closures, texts, timers", () => {
  const made = shelved(CODE);
  expect(made.match(/function [\w$]+\(/g)).toEqual(
    [
      `function ${TAKE}(`,
      `function ${LATER}(`,
      // Inside one that is on the shelf.
      "function inner(",
      "function hot(",
    ].sort((a, b) => made.indexOf(a) - made.indexOf(b)),
  );
});

test("a bundle without rare functions stays as it is", () => {
  const code = "function hot(){return 1}out.push(hot());";
  expect(shelved(code)).toBe(code);
});

test("what timers keep comes first, then what is called most", () => {
  const made = shelved(CODE);
  const places = ["out.push(owner", "var sum", "n < 2"].map((text) => made.indexOf(text));
  expect(places).toEqual([...places].sort((a, b) => a - b));
});

test("many functions, whose places have different lengths", () => {
  let code = "";
  for (let i = 0; i < 300; i++) code += `function $${i}(a){return a+${i}${i ? `+$${i - 1}(a)` : ""}}`;
  shelved(`${code}out.push($299(1), $150(2), $9(3));`);
});

test("no function sees the one that takes it from the shelf", () => {
  shelved("function $0(e){return typeof t+e}function e(n){return $0(n)}var t=1;out.push(e(2));");
});

test("a bundle whose text was changed says so", () => {
  const made = pass(shelfPlugin(), CODE);
  const changed = made.replace("var sum = a + b; return sum;", "return a+b;");
  expect(changed).not.toBe(made);
  expect(() => outcome(changed)).toThrow("bundle.js was changed after it was built");
});

test("the mark between two functions must not stand in one", () => {
  expect(() => pass(shelfPlugin(), 'function $0(){return "~"}out.push($0());')).toThrow("~ stands in a function");
});

test("a bundle that is longer than small variables can point to is none", () => {
  const long = (count: number) => `function $0(){return "${"x".repeat(count)}".length}out.push($0());`;
  shelved(long(65000));
  expect(() => pass(shelfPlugin(), long(65500))).toThrow("65535");
});

test("restocked: the numbers of a changed text are right again", () => {
  const made = pass(shelfPlugin(), CODE);
  const changed = made.replaceAll("return", " /* seen */ return");
  expect(() => outcome(changed)).toThrow();
  expect(outcome(restocked(made, changed))).toEqual(outcome(CODE));
  expect(restocked("out.push(1)", "out.push(2)")).toBe("out.push(2)");
});

test("what is global in a bundle that is no module begins with $", () => {
  const code = "function a(b){return b+c}function $0(){return a(1)}var c=2,d=$0();out.push(d,a(3));";
  const made = pass(globalsPlugin(), code);
  expect(outcome(made)).toEqual(outcome(code));
  expect(made.match(/(?:function |var |, )([\w$]+)(?=\(| =)/g)?.map((found) => found.split(" ")[1][0])).toEqual([
    "$",
    "$",
    "$",
    "$",
  ]);
});

test.each(["setTimeout($0)", "setTimeout($0, 5, 1, 2)"])("%s is more or less than a timer can do", (call) => {
  expect(() => pass(shelfPlugin(), `function $0() {} ${call};`)).toThrow("one argument");
});
