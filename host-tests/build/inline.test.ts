import { inlinePlugin } from "../../tools/build/inline";
import { outcome, pass } from "./passes";

const inlined = (code: string, ...names: string[]) => {
  const made = pass(inlinePlugin(names), code);
  expect(outcome(made)).toEqual(outcome(code));
  return made;
};

test("a function of one expression stands wherever it is called", () => {
  const code = `function half(value) { return value >> 1 & 255; } out.push(half(7), half(out.length + 9));`;
  expect(inlined(code, "half")).not.toMatch("half");
});

test("an argument that is computed is computed once: where it would be twice, the call stays", () => {
  const code = `var n = 0; function next() { return ++n; } function twice(value) { return value + value; } out.push(twice(next()), n);`;
  expect(inlined(code, "twice")).toMatch("twice(next())");
});

test("what a call does not give is not handed on", () => {
  const code = `function later(fn, ms, owner) { return setTimeout(fn, ms, owner); }
later(function () { out.push(arguments.length); }, 5); later(function (a) { out.push(a, arguments.length); }, 5, "x");`;
  const made = pass(inlinePlugin(["later"]), code);
  expect(outcome(made)).toEqual([0, "x", 1]);
});

test("a statement's call gives way to the statements, each turn of a loop beginning afresh", () => {
  const code = `function tell(value) { var seen; if (value > 1) { seen = value; } out.push(seen); }
function all(values) { for (var i = 0; i < values.length; i++) { tell(values[i]); } } all([1, 2, 1]); all([3]);`;
  const made = inlined(code, "tell", "all");
  expect(made).not.toMatch("tell");
  expect(outcome(code)).toEqual([null, 2, null, 3]);
});

test("early returns only where the caller ends with the call", () => {
  const last = `function work(a) { if (a) { return; } out.push("worked"); } function run(a) { out.push(a); work(a); } run(0); run(1);`;
  expect(inlined(last, "work")).not.toMatch("work(");
  const between = `function work(a) { if (a) { return; } out.push("worked"); } function run(a) { work(a); out.push(a); } run(0); run(1);`;
  expect(inlined(between, "work")).toMatch("work(a)");
});

test("names at the call do not hide what the function means", () => {
  const code = `function packet(head) { return "<" + head + ">"; } function make(head) { return packet(head); }
function send(packet) { packet = make(packet); out.push(packet); } send("a");`;
  expect(inlined(code, "make")).not.toMatch("make(");
});

test("a function with a closure, and one that is called twice as a statement, stay", () => {
  const code = `function later(x) { out.push(function () { return x; }()); } function twice(x) { out.push(x); if (x) { out.push(0); } }
function run() { later(1); twice(2); twice(3); } run();`;
  const made = inlined(code, "later", "twice");
  expect(made).toMatch("later(1)");
  expect(made).toMatch("twice(3)");
});

test("numbers and short texts stand where they are used; what is assigned again does not", () => {
  const code = `var LIMIT = 5, NAME = "short", LONG = "a text that is longer than sixteen", changed = 1; changed++;
out.push(LIMIT, NAME, LONG, LONG, changed);`;
  const made = inlined(code);
  expect(made).not.toMatch(/LIMIT|NAME/);
  expect(made).toMatch(/LONG, LONG, changed/);
});

test("a name that neither side assigns to keeps its one name; one that is assigned to gets a second", () => {
  const code = `function tell(value, more) { more++; out.push(value, more); }
function run(first, second) { tell(first, second); out.push(first, second); } run(1, 2);`;
  const made = inlined(code, "tell");
  expect(made).not.toMatch("tell");
  expect(made).not.toMatch(/= first/);
  expect(made).toMatch(/= second/);
});

test("what is caught hides nothing that the caller gave", () => {
  const code = `function run(n) { tell(n, n); out.push(n); } function tell(a, b) { try { missing(a); } catch (n) { out.push(typeof n, b); } } run(7);`;
  expect(inlined(code, "tell")).not.toMatch("tell(");
  expect(outcome(code)).toEqual(["object", 7, 7]);
});
