/** Speed, memory and size of the vendored SHA-1 on the Espruino interpreter: `npx tsx tools/bench/sha1.ts`. */
import { join } from "node:path";
import process from "node:process";
import { evaluate } from "../../host-tests/fixtures/interpreter";
import { compile } from "./compile";

const VENDORED = join(__dirname, "../../firmware/vendor/tiny-hmac-sha1/index.ts");
const STRAIGHTFORWARD = join(__dirname, "straightforward-sha1.ts");

export interface Measurement {
  /** Milliseconds for each block of 64 bytes, the best of all turns. */
  vendored: number;
  straightforward: number;
  /** The board's own `crypto.SHA1`; undefined on a board without. */
  native?: number;
  /** Milliseconds for the HMAC-SHA1 of a short key and message (four blocks). */
  hmac: number;
  /** Variables in use at the end of a hash, above those before it. */
  variables: number;
}

/** What runs on the board. The forms take turns, so that a busy computer slows all of them alike. */
const PROGRAM = `
var short = "abc", long = "", best = {}, before, peak;
for (var i = 0; i < 64 * 4 + 3; i++) long += "x";
function time(name, work, times) {
  var start = getTime(), n;
  for (n = 0; n < times; n++) work();
  n = (getTime() - start) * 1000 / times;
  if (!(name in best) || n < best[name]) best[name] = n;
}
function hashes(name, sha1, times) {
  time(name + 1, function () { sha1(short); }, times);
  time(name + 5, function () { sha1(long); }, times);
}
var native;
try { native = require("crypto").SHA1; } catch (e) {}
for (var turn = 0; turn < TURNS; turn++) {
  hashes("vendored", vendored.sha1, 2);
  hashes("straightforward", straightforward.sha1, 1);
  if (native) hashes("native", native, 200);
  time("hmac", function () { vendored.hmac(vendored.sha1, "secret", short); }, 1);
}
var fromCharCode = String.fromCharCode;
String.fromCharCode = function (a, b, c, d) { peak = process.memory().usage; return fromCharCode(a, b, c, d); };
before = process.memory().usage;
vendored.sha1(short);
delete String.fromCharCode;
function block(name) { return (best[name + 5] - best[name + 1]) / 4; }
print(JSON.stringify({
  vendored: block("vendored"), straightforward: block("straightforward"), native: native ? block("native") : undefined,
  hmac: best.hmac, variables: peak - before
}));`;

/** Measures on the interpreter that `ESPRUINO_BIN` names; more turns (1–60), less noise. About 70 ms a turn. */
export async function measure(turns = 40): Promise<Measurement> {
  const forms = [
    await compile(VENDORED, "iife", "vendored"),
    await compile(STRAIGHTFORWARD, "iife", "straightforward"),
  ];
  return JSON.parse(await evaluate([...forms, PROGRAM.replace("TURNS", String(turns))].join("\n"))) as Measurement;
}

/** Bytes that the three functions take in a minified bundle. */
export async function minifiedSize(): Promise<number> {
  return (await compile(VENDORED, "es")).replace(/export\{.*\};$/, "").length;
}

async function main(): Promise<void> {
  console.log(`minified: ${await minifiedSize()} bytes`);
  const result = await measure();
  const ms = (value: number) => `${value.toFixed(3)} ms`;
  console.log(`vendored:        ${ms(result.vendored)} a block`);
  console.log(
    `straightforward: ${ms(result.straightforward)} a block, ${(result.straightforward / result.vendored).toFixed(2)} x`,
  );
  console.log(`native:          ${result.native === undefined ? "none" : `${ms(result.native)} a block`}`);
  console.log(`HMAC-SHA1:       ${ms(result.hmac)} for a short key and message`);
  console.log(`memory:          ${result.variables} variables while it runs`);
}

if (process.argv[1] === __filename) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
