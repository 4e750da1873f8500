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

test("what returns only sometimes gives its caller's callers nothing of the rest", () => {
  const code = `function work(a) { if (a > 1) { return 5; } out.push("worked", a); }
function run(a) { if (a) { return work(a); } out.push("rest"); return 9; } out.push(run(0), run(1), run(2));`;
  expect(folded(code)).not.toMatch("work(");
});

test("what is returned inside try still goes through its catch and finally", () => {
  const code = `function work(a) { if (a) { return 1; } out.push(nowhere); }
function run(a) { try { return work(a); } catch (e) { out.push("caught"); } finally { out.push("finally"); } } out.push(run(1), run(0));`;
  folded(code);
});

test.each([
  ["a name", "h"],
  ["a text", `"x"`],
])("the names of an object's members stay, whatever is handed over: %s", (_what, given) => {
  const code = `function line(topic) { return { topic: topic }; } function run(h) { out.push(JSON.stringify(line(${given})), h); } run(1);`;
  expect(folded(code)).not.toMatch("line(");
});

test.each([
  ["in a block", "if (a) { var y; if (a === 1) { y = 1; } out.push(y); }"],
  ["in a loop of its own", "for (var j = 0; j < 1; j++) { var y; if (a === 1) { y = 1; } out.push(y); }"],
  ["after it is read", "out.push(y); var y = a; out.push(y);"],
])("in a loop each turn begins afresh, also for a variable that is declared %s", (_where, body) => {
  const code = `function work(a) { ${body} } function run() { for (var i = 1; i < 4; i++) { work(i); } } run();`;
  expect(folded(code)).not.toMatch("work(");
});

test("a while loop and a loop without a block begin each turn afresh as well", () => {
  const body = "{ var t; if (a === 2) { t = a; } out.push(t); }";
  expect(folded(`function work(a) ${body} function run(n) { while (n) { n--; work(n); } } run(4);`)).not.toMatch(
    "work(",
  );
  expect(folded(`function work(a) ${body} function run(n) { for (; n; n--) work(n); } run(4);`)).not.toMatch("work(");
});

test("a member of nothing throws as it did, also where the function may not look at it", () => {
  const run = `function run(o) { try { out.push(pick(0, o.x)); } catch (e) { out.push("threw"); } } run({ x: 3 }); run(null);`;
  for (const value of ["a ? b : 0", "a && b", "a", "b"]) folded(`function pick(a, b) { return ${value}; } ${run}`);
});

test("what a statement's call returned is nobody's: its caller still returns nothing", () => {
  folded(`function work(a) { out.push(a); return 5; } function run(a) { work(a); } out.push(run(1));`);
  folded(
    `function work(a) { if (a) { return 5; } out.push(a); } function run(a) { work(a); } out.push(run(0), run(1));`,
  );
  folded(`function work() { return { n: 2 }; } function Made() { this.n = 1; work(); } out.push(new Made().n);`);
});

test("a member of nothing throws as it did where the function has no parameter for it", () => {
  folded(
    `function one(a) { return a; } function run(o) { try { out.push(one(1, o.x)); } catch (e) { out.push("threw"); } } run(null);`,
  );
});

test("an expression that assigns to its parameter leaves its caller's variable alone", () => {
  folded(`function more(a) { return a = a + 1; } function run(x) { out.push(more(x), x); } run(1);`);
});
