import { devirtualizePlugin } from "../../tools/build/devirtualize";
import { outcome, pass } from "./passes";

const INNER = `
function Counter(step) { this._step = step; this._sum = 0; if (step > 9) return; this._small = true; }
Counter.prototype.Counter$add = function (times) {
  var _this = this;
  [1, 2].forEach(function (each) { _this._sum += each * times * _this._step; });
  return this.Counter$sum;
};
Object.defineProperty(Counter.prototype, "Counter$sum", { get: function () { return this._sum; }, enumerable: false, configurable: true });
var counter = new Counter(2), big = new Counter(10);
out.push(counter.Counter$add(5), counter.Counter$sum, counter._small, big._small, big.Counter$add(1));
`;

test("methods, getters and constructors become functions that do the same", () => {
  const made = pass(devirtualizePlugin([]), INNER);
  expect(outcome(made)).toEqual(outcome(INNER));
  expect(made).not.toMatch(/prototype|new Counter|defineProperty/);
  expect(made).toMatch(/function Counter\$add\(_self\d*, times\)/);
});

const FACE = `
function Face() { this._n = 0; }
Face.prototype.Face$next = function () { return this.Face$_step(1); };
Face.prototype.Face$_step = function (by) { return this._n += by; };
Face.prototype.Face$told = function () { return "told"; };
Object.defineProperty(Face.prototype, "Face$count", { get: function () { return this._n; }, enumerable: false, configurable: true });
var face = new Face();
out.push(face.Face$next(), face.Face$count, face.Face$told());
`;

test("a face keeps what programs outside call, under its own name", () => {
  const made = pass(devirtualizePlugin(["Face"], ["Face.told"]), FACE);
  expect(outcome(made)).toEqual([1, 1, "told"]);
  expect(outcome(`${made}\nout = [face.next(), face.count];`)).toEqual([2, 2]);
  expect(
    outcome(made.replace("out.push(", "out.push(typeof face.next, typeof face.told, typeof face._step, ")),
  ).toEqual([...["function", "undefined", "undefined"], ...[1, 1, "told"]]);
});

test("the only object of a face has its methods itself, and no prototype", () => {
  const code = FACE.replace(/Object.defineProperty.*\n/, "").replace(", face.Face$count", "");
  const made = pass(devirtualizePlugin(["Face"], ["Face.told"]), code);
  expect(made).not.toMatch(/prototype|new Face/);
  expect(outcome(made)).toEqual([1, "told"]);
  expect(outcome(`${made}\nout = [face.next(), face.next()];`)).toEqual([2, 3]);
  const twice = pass(devirtualizePlugin(["Face"]), `${code}\nvar other = new Face();`);
  expect(twice).toMatch("prototype.next");
  const within = pass(
    devirtualizePlugin(["Face"]),
    code.replace("new Face()", "make(); function make() { return new Face(); }"),
  );
  expect(within).toMatch("prototype.next");
});

test("a method that is used as a value fails the build", () => {
  const code = "function A() {}\nA.prototype.A$m = function () {};\nvar a = new A(), m = a.A$m;";
  expect(() => pass(devirtualizePlugin([]), code)).toThrow("A$m is used as a value");
});
