/** What the firmware computes itself, timed on the interpreter: hashes, packets, frames. */
import { join } from "node:path";
import { runOnBoard } from "../measure/board-run";
import type { PeerName, Peers } from "../measure/peers";
import { compile } from "./compile";
import { compileInternals } from "./internals";
import type { Series } from "./statistics";
import { SHA1_BLOCK } from "./targets";

const VENDORED = join(__dirname, "../../firmware/vendor/tiny-hmac-sha1/index.ts");
const STRAIGHTFORWARD = join(__dirname, "straightforward-sha1.ts");

const TOPIC = "/pk/device/user/update";

/** Runs on the board behind the modules; each function is called `times` times in a turn. */
const PROGRAM = `
var runtime = internals.boardRuntime(), text = {}, works = [];
[3, 16, 64, 259, 1024].forEach(function (size) { text[size] = ""; while (text[size].length < size) text[size] += "x"; });
function add(what, who, times, work) { works.push({ what: what, who: who, times: times, work: work, taken: [] }); }
function hash(who, sha1, times) {
  add("block", who, times, function () { sha1(text[259]); });
  add("short", who, times, function () { sha1(text[3]); });
}
hash("ours", vendored.sha1, 2);
hash("straightforward", straightforward.sha1, 1);
try { hash("native", require("crypto").SHA1, 200); } catch (e) {}
if (peers.crypto) hash("crypto", peers.crypto.SHA1, 1);
add("hmac", "ours", 1, function () { vendored.hmac(vendored.sha1, "secret", text[3]); });
if (peers.hmac && peers.crypto) {
  var key = E.toArrayBuffer("secret"), message = E.toUint8Array(text[3]);
  var digest = function () { return new peers.hmac.SHA1(key).digest(message); };
  if (E.toString(digest()) != vendored.hmac(vendored.sha1, "secret", text[3])) throw new Error("the stock hmac gives another digest");
  add("hmac", "hmac", 1, digest);
}
add("encode", "ours", 100, function () { internals.publishPacket("${TOPIC}", text[64], 0, false, 0); });
var parser = internals.makeParser(4096, { receive: function () { return true; } });
var packet = internals.publishPacket("${TOPIC}", text[64], 0, false, 0);
add("parse", "ours", 100, function () { internals.parse(parser, packet); });
add("mask 64", "ours", 100, function () { internals.clientFrame(runtime, 2, text[64]); });
add("mask 1024", "ours", 50, function () { internals.clientFrame(runtime, 2, text[1024]); });
if (peers.MQTT) {
  var mqtt = peers.MQTT.create("127.0.0.1", {});
  mqtt.client = { write: function (data) {} };
  add("encode", "MQTT", 100, function () { mqtt.publish("${TOPIC}", text[64]); });
  add("parse", "MQTT", 100, function () { mqtt.packetHandler(packet); });
}
if (peers.ws) {
  var ws = peers.ws("127.0.0.1", {});
  ws.socket = { write: function (data) {} };
  add("mask 64", "ws", 10, function () { ws.send(text[64]); });
  add("mask 1024", "ws", 2, function () { ws.send(text[1024]); });
}
function hashVariables() {
  var fromCharCode = String.fromCharCode, before = process.memory().usage, peak = before;
  // Its last step makes bytes of the words: all it needs is there.
  String.fromCharCode = function (a, b, c, d) { peak = process.memory().usage; return fromCharCode(a, b, c, d); };
  vendored.sha1(text[3]);
  delete String.fromCharCode;
  return peak - before;
}
function run(left) {
  works.forEach(function (w) {
    var start = getTime();
    for (var i = 0; i < w.times; i++) w.work();
    w.taken.push((getTime() - start) * 1000 / w.times);
  });
  if (left > 1) return setTimeout(run, 1, left - 1);
  works.forEach(function (w) { print("~work " + JSON.stringify([w.what, w.who, w.taken])); });
  print("~variables " + hashVariables());
  print("~end");
}
run(RUNS);`;

/** A stock module as a property of `peers`: it finds no network, and the other stock modules before the native ones. */
function wrapped(name: string, code: string): string {
  return `peers.${name}=(function(require){var exports={};${code};return exports})(function(name){
if(name=="net")return {connect:function(){}};
return peers[name]||require(name)});`;
}

/** In an order in which each finds those it requires. */
const ORDER: PeerName[] = ["crypto", "hmac", "ws", "MQTT"];

/** Milliseconds by what was done and by whom, one for each run. */
type Taken = Map<string, Map<string, number[]>>;

async function take(binary: string, runs: number, peers: Peers): Promise<{ taken: Taken; hashVariables: number }> {
  const code = [
    await compile(VENDORED, "iife", "vendored"),
    await compile(STRAIGHTFORWARD, "iife", "straightforward"),
    await compileInternals(),
    "var peers={};",
    ...ORDER.map((name) => (peers[name] ? wrapped(name, peers[name].code) : "")),
    PROGRAM.replace("RUNS", String(runs)),
  ].join("\n");
  return runOnBoard({ code, inMemory: true, binary }, async (board) => {
    await board.told("~end", 60_000 + runs * 10_000);
    const taken: Taken = new Map();
    for (const line of board.lines.filter((told) => told.startsWith("~work "))) {
      const [what, who, values] = JSON.parse(line.slice("~work ".length)) as [string, string, number[]];
      taken.set(what, (taken.get(what) ?? new Map<string, number[]>()).set(who, values));
    }
    return { taken, hashVariables: Number(await board.told("~variables")) };
  });
}

export interface Computing {
  series: Series[];
  /** Variables that SHA-1 takes while it runs. */
  hashVariables: number;
}

/** Measures in `runs` turns, in which all take part one after the other. */
export async function measureComputing(binary: string, runs: number, peers: Peers): Promise<Computing> {
  const { taken, hashVariables } = await take(binary, runs, peers);
  const series = (work: string, what: string, unit: "ms" | "µs", factor = 1): Series => {
    const [ours, ...others] = [...taken.get(work)!].map(([who, values]) => ({
      who,
      values: values.map((value) => value * factor),
    }));
    return {
      what,
      unit,
      ours: ours.values,
      beside: Object.fromEntries(others.map(({ who, values }) => [who, values])),
    };
  };
  // Four blocks lie between the long text and the short one.
  const blocks = series("block", SHA1_BLOCK, "ms");
  const short = series("short", "", "ms");
  const perBlock = (long: number[], less: number[]) => long.map((value, run) => (value - less[run]) / 4);
  blocks.ours = perBlock(blocks.ours, short.ours);
  for (const who of Object.keys(blocks.beside)) blocks.beside[who] = perBlock(blocks.beside[who], short.beside[who]);
  const all = [
    blocks,
    series("hmac", "HMAC-SHA1 of a short key and message", "ms"),
    series("encode", "encode a PUBLISH of 64 bytes", "µs", 1000),
    series("parse", "parse a PUBLISH of 64 bytes", "µs", 1000),
    series("mask 64", "mask and frame 64 bytes", "µs", 1000),
    series("mask 1024", "mask and frame 1,024 bytes", "µs", 1000),
  ];
  return { series: all, hashVariables };
}
