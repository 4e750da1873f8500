/** A bundle that counts its memory does the same as before. */
import { createContext, runInContext } from "node:vm";
import { PEAK, sampled, SAMPLER } from "../../tools/footprint/sampled";

/** Runs a program with a memory that grows by one at each look; gives `result` and how often it was looked at. */
function run(program: string): { result: unknown; looks: number } {
  let usage = 0;
  const context = createContext({ process: { memory: () => ({ usage: ++usage }) }, result: undefined });
  runInContext(`${SAMPLER}\n${sampled(program)}`, context);
  return { result: runInContext("result", context), looks: runInContext(PEAK, context) as number };
}

test.each([
  ["a function without a body", "function f(){}result=f()", undefined, 2],
  ["a bare return", "function f(){return}result=f()", undefined, 2],
  ["a bare return behind a condition", "function f(x){if(x)return;result=1}f(0);f(1)", 1, 4],
  ["a sequence", "function f(a,b){return a++,a+b}result=f(1,2)", 4, 2],
  ["a function that returns a function", "function f(){return function(){return 7}}result=f()()", 7, 4],
  ["a method of an object that is returned", "function f(){return{g:function(){return 5}}}result=f().g()", 5, 4],
  ["return without a space", 'function f(x){return"a"+x}result=f(1)', "a1", 2],
  ["functions declared below a return", "function f(){return g();function g(){return 3}}result=f()", 3, 4],
  ["an end without return", "var n=0;function f(){n=9}f();result=n", 9, 2],
])("%s", (_, program, result, looks) => {
  expect(run(program)).toEqual({ result, looks });
});

test("the most counts, not the last", () => {
  const counts = [5, 40, 7];
  const context = createContext({ process: { memory: () => ({ usage: counts.shift() }) } });
  runInContext(`${SAMPLER}\n${sampled("function f(){}function g(){return 1}f();")}`, context);
  expect(runInContext(PEAK, context)).toBe(40);
});
