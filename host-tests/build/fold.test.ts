import { foldPlugin } from "../../tools/build/fold";
import { outcome, pass } from "./passes";

const folded = (code: string, ...hot: string[]) => {
  const made = pass(foldPlugin(hot), code);
  expect(outcome(made)).toEqual(outcome(code));
  return made;
};

test("a function that is called in one place stands there, and what it calls in it", () => {
  const code = `function deep(a) { out.push(a); } function middle(a) { deep(a + 1); out.push("middle"); }
function outer(a) { middle(a * 2); } outer(3); outer(4);`;
  const made = folded(code);
  expect(made).not.toMatch(/deep|middle\(/);
});

test("a short expression stands wherever it is asked for", () => {
  const code = `function on(o) { return o.n === 4; } function first(o) { if (on(o)) { out.push(1); } } function second(o) { out.push(on(o)); }
first({ n: 4 }); second({ n: 3 });`;
  expect(folded(code)).not.toMatch("on(");
});

test("hot functions neither go nor grow", () => {
  const code = `function rare(a) { out.push("rare", a); } function hot(a) { rare(a); } function called(a) { hot(a); } called(1);`;
  const made = folded(code, "hot");
  expect(made).toMatch("rare(a)");
  expect(made).toMatch("hot(a)");
});

test("what is called where nothing else runs stays: its variables would be global", () => {
  const code = `function start(a) { var sum = a + 1; out.push(sum); } start(1);`;
  expect(folded(code)).toMatch("start(1)");
});

test("an argument that is computed stays behind a call: it might be computed never, or too late", () => {
  const code = `var n = 0; function next() { n++; return n; } function pick(a, b) { return a ? b : 0; }
function run(a) { out.push(pick(a, next())); } run(0); run(1); out.push(n);`;
  expect(folded(code)).toMatch("pick(a, next())");
});

test("a property that the function may change before it looks stays an argument", () => {
  const code = `var o = { p: 1 }; function bump() { o.p++; return ""; } function told(p) { return bump() + p; }
function run() { out.push(told(o.p)); } run(); run();`;
  expect(folded(code)).toMatch("told(o.p)");
});

test("a variable that is assigned again stays an argument of what acts", () => {
  const code = `var seen = 1; function bump() { seen++; return ""; } function told(p) { return bump() + p; }
function run() { out.push(told(seen)); } run();`;
  expect(folded(code)).toMatch("told(seen)");
});

test("functions with a closure, and those that call themselves, stay", () => {
  const code = `function later(x) { out.push(function () { return x; }()); } function again(n) { if (n) { again(n - 1); } out.push(n); }
function run() { later(1); again(2); } run();`;
  const made = folded(code);
  expect(made).toMatch("later(1)");
  expect(made).toMatch("again(2)");
});

test("a long function stays: its caller would be read past each time", () => {
  const code = `function long(a) { ${"out.push(a);".repeat(200)} } function run(a) { long(a); } run(1);`;
  expect(folded(code)).toMatch("long(a)");
});

test("an early return only where its caller ends with it", () => {
  const code = `function work(a) { if (a) { return; } out.push("worked"); } function run(a) { work(a); out.push(a); } run(0); run(1);`;
  expect(folded(code)).toMatch("work(a)");
});

test("what is returned and comes to its end without a return ends its caller", () => {
  const code = `function work(a) { if (a) { return out.push("early"); } out.push("worked"); }
function run(a) { if (a < 2) { return work(a); } out.push("rest"); } out.push(run(0), run(1), run(2));`;
  expect(folded(code)).not.toMatch("work(");
});
