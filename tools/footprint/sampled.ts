/** A bundle that looks at the memory while it runs. */
import { parse } from "acorn";
import type { AnyNode } from "acorn";
import { full } from "acorn-walk";
import { restocked } from "../build/shelf";

/** Where the sampling bundle keeps the most variables it has seen in use. */
export const PEAK = "highWater";
export const SAMPLE = "sampleMemory";

/** Runs before a bundle that `sampled` has made: counts what is in use after a garbage collection, and hands `x` on. */
export const SAMPLER = `var ${PEAK}=0;function ${SAMPLE}(x){var u=process.memory().usage;if(u>${PEAK})${PEAK}=u;return x}`;

/**
 * The same program, counting the variables in use at the beginning of every function and when each returns, its result
 * still in hand. What native code takes and gives back in between is not seen.
 */
export function sampled(code: string): string {
  const inserts: [at: number, text: string][] = [];
  full(parse(code, { ecmaVersion: 5 }), (node) => {
    const found = node as AnyNode;
    if (found.type === "FunctionDeclaration" || found.type === "FunctionExpression") {
      inserts.push([found.body.start + 1, `${SAMPLE}();`], [found.body.end - 1, `;${SAMPLE}()`]);
    }
    if (found.type !== "ReturnStatement") return;
    const { argument } = found;
    if (argument) inserts.push([argument.start, ` ${SAMPLE}((`], [argument.end, "))"]);
    else inserts.push([found.start + "return".length, ` ${SAMPLE}()`]);
  });
  // From the end, so that what stands before keeps its place. Of two at one place the function's, found later, comes behind.
  inserts.reverse().sort(([a], [b]) => b - a);
  const text = inserts.reduce((made, [at, insert]) => made.slice(0, at) + insert + made.slice(at), code);
  return restocked(code, text);
}
