/** The interpreter's own list of its variables, read and sorted. */
import { SourceNames } from "../../tools/footprint/source-names";
import type { Owned } from "../../tools/footprint/ownership";
import { ownership } from "../../tools/footprint/ownership";
import { explain } from "../../tools/footprint/explain";
import { Snapshot } from "../../tools/footprint/snapshot";
import { findEspruino } from "../../tools/board/espruino";
import { runOnBoard } from "../../tools/measure/board-run";
import { smallBundle } from "./small-bundle";

jest.setTimeout(60_000);

const onInterpreter = findEspruino() ? test : test.skip;

const DUMP = [
  "ref,size,flags,name,links...",
  "1,1,1,Object,2,",
  '2,1,24,"f",3,',
  "3,1,7,,4,5,",
  '4,1,25,"\\xFFa",',
  '5,1,27,"\\xFFcod",6,',
  '6,2,40,String "return \\"x, y\\"+...",',
  "",
  ">",
];

test("lines of a dump, whatever is between quotes", () => {
  const snapshot = new Snapshot(DUMP);
  expect(snapshot.total).toBe(7);
  const f = snapshot.value(snapshot.own(snapshot.root, "f")!)!;
  expect(snapshot.isFunction(f)).toBe(true);
  expect(snapshot.code(f)).toBe('return "x, y"+');
  expect(snapshot.own(f, "\xffa")).toMatchObject({ ref: 4, size: 1 });
});

test("what is no dump is refused", () => {
  expect(() => new Snapshot(["Uncaught Error", ">"])).toThrow("no dump");
});

/** Runs a program on the interpreter and dumps its variables; `usage` is what the interpreter counts itself. */
function dumped(program: string): Promise<{ snapshot: Snapshot; usage: number }> {
  const code = `${program}
setTimeout(function(){print("~usage "+process.memory().usage);E.dumpVariables();print("~end")},200);`;
  return runOnBoard({ code, binary: findEspruino()! }, async (board) => {
    await board.told("~end");
    return { snapshot: new Snapshot(board.lines), usage: Number(await board.told("~usage")) };
  });
}

const sum = (owned: Owned[]) => owned.reduce((total, { total: one }) => total + one, 0);

const CLASS = `(function(){
function Lamp(pin,on){this.pin=pin;this.on=on}
Lamp.prototype.set=function(on){this.on=on};
function Dark(){this.on=false}
global.lamp=new Lamp(2,true);
var later=function(){lamp.set(false)};
setTimeout(later,1E9);
})();`;

onInterpreter("its sum is what the interpreter says is in use", async () => {
  const { snapshot, usage } = await dumped(CLASS);
  // The dump itself needs a few.
  expect(Math.abs(snapshot.total - usage)).toBeLessThan(10);
});

onInterpreter("each variable is counted once, and functions with all they are made of", async () => {
  const { snapshot } = await dumped(CLASS);
  const { functions, prototypes, rest } = ownership(snapshot);
  const parts = functions.reduce((total, part) => total + part.total, 0);
  const links = prototypes.reduce((total, part) => total + part.total, 0);
  expect(parts + links + sum(rest)).toBe(snapshot.total);
  const find = (name: string, owner?: string) => functions.find((part) => part.name === name && part.owner === owner)!;
  expect(find("Lamp").parameters).toBe(2);
  expect(find("set", "Lamp").parameters).toBe(1);
  // Two parameters are two variables.
  expect(find("Lamp").total - find("Dark").total).toBe(2);
  expect(prototypes.map(({ name }) => name)).toContain("Lamp");
});

onInterpreter("the report gives modules and names back", async () => {
  const main = `import { Counter } from "./part.js";\nglobal.counter = new Counter(3);\nglobal.again = function () { return new Counter(4); };\n`;
  const part = `export function Counter(start) {\n  this.count = start;\n}\nCounter.prototype.next = function (by) {\n  this.count += by;\n};\n`;
  const bundle = await smallBundle(main, part);
  const { snapshot } = await dumped(bundle.code);
  const report = explain(snapshot, bundle.names, 1);
  expect(report).toMatch(/^ +\d+ +1 +Counter \(\w\) {2}part\.js$/m);
  expect(report).toMatch(/^ +\d+ +1 +Counter\.next \(\w\.next\) {2}part\.js$/m);
  expect(report).toMatch(/counter: Counter$/m);
});

test("names and modules behind a minified bundle", async () => {
  const main = `import { twice } from "./part.js";\nconsole.log(twice(4), twice(5));\n`;
  const { code, names } = await smallBundle(main, "export function twice(value) {\n  return value * 2;\n}\n");
  const [, minified] = /function (\w)\(/.exec(code.slice(code.indexOf("{")))!;
  expect(names.declaration(minified)).toEqual({ name: "twice", module: "part.js" });
  expect(names.beginningWith(/return (\w\*2)/.exec(code)![1])).toEqual([{ name: "twice", module: "part.js" }]);
  expect(names).toBeInstanceOf(SourceNames);
  expect([...names.texts.values()].join("").length).toBe(code.length);
});
