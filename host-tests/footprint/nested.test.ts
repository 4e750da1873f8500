/** A bundle that counts how deep its calls nest does the same as before. */
import { createContext, runInContext } from "node:vm";
import { DEEPEST, nested, NESTING } from "../../tools/footprint/nested";

function run(program: string): { result: unknown; deepest: number; left: number } {
  const context = createContext({ result: undefined });
  runInContext(`${NESTING}\n${nested(program)}`, context);
  const value = (name: string) => runInContext(name, context) as number;
  return { result: value("result"), deepest: value(DEEPEST), left: value("nesting") };
}

test.each([
  ["nothing called", "result=1", 1, 0],
  ["one call", "function f(){return 2}result=f()", 2, 1],
  ["calls that follow each other", "function f(x){return x}result=f(1)+f(2)+f(3)", 6, 1],
  ["calls in each other", "function f(x){return x?f(x-1)+1:0}result=f(4)", 4, 5],
  ["an argument that is a call", "function f(x){return x+1}result=f(f(f(0)))", 3, 1],
  ["an early return, and an end without one", "function f(x){if(x)return;g()}function g(){result=7}f(1);f(0)", 7, 2],
  ["a callback of a native function", "function f(x){return x+1}result=[1,2].map(f).length", 2, 1],
  ["an evaluation is a level of its own", 'function f(){return eval("1+1")}result=f()', 2, 2],
  [
    "what an evaluation gives is called beside it",
    'function f(){return eval("(function(){return 5})")()}result=f()',
    5,
    2,
  ],
  [
    "a throw that a function further out catches",
    "function f(x){if(x)f(x-1);else throw 3}function g(){try{f(3)}catch(e){result=e;h()}}function h(){}g()",
    3,
    5,
  ],
  ["a function in a function", "function f(){function g(){return 1}return g()}result=f()", 1, 2],
])("%s", (_name, program, result, deepest) => {
  expect(run(program)).toEqual({ result, deepest, left: 0 });
});
