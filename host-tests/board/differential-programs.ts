/** Programs that have to print the same on the simulator and on the real interpreter. */

/** What a program prints last. */
export const END = "<end>";

/** Prints what an expression gives, or throws, the same way on both. */
const SHOW = `function show(f) { var r; try { r = JSON.stringify(f()); } catch (e) { r = "throws " + e; } print(r); }`;
const shows = (...expressions: string[]) =>
  SHOW + expressions.map((e) => `show(function () { return ${e}; });`).join("\n");

/** Each piece in a turn of its own, however slow the computer is. */
function inTurns(...pieces: string[]): string {
  const functions = [...pieces, `print("${END}");`].map((piece) => `function () { ${piece} }`);
  return `var pieces = [${functions.join(",\n")}], at = 0;
function next() { if (at + 1 < pieces.length) setTimeout(next, 5); pieces[at++](); }
setTimeout(next, 5);`;
}

/** By what they show. */
export const PROGRAMS: Record<string, string> = {
  "fromCharCode keeps the low byte": shows(
    "String.fromCharCode(321, 255, 0, 65)",
    "String.fromCharCode(0x4f60).charCodeAt(0)",
  ),
  "JSON escapes": shows(
    'JSON.stringify("\\xe4\\x7f\\x01\\n\\"\\\\\\x0b\\b\\f/")',
    '"\\xff"',
    "undefined",
    "new Uint8Array([1, 2])",
    "new Uint8Array([1, 2]).buffer",
  ),
  "JSON values": shows(
    "{ u: undefined, n: null, f: function () {}, x: NaN, b: true, d: [undefined] }",
    "JSON.parse(' {\"a\":[1,-1.5e3,null,true]} ')",
  ),
  "JSON.parse keeps low bytes and stops at the end": shows(
    'JSON.parse("\\"\\\\u00e9\\"").charCodeAt(0)',
    "JSON.parse('{\"a\":1} x')",
    'JSON.parse("\\"a\\\\/b\\\\n\\"")',
  ),
  "JSON.parse faults": shows('JSON.parse("")', "JSON.parse('{\"a\":')"),
  "E.toString": shows(
    "E.toString(new Uint8Array([1, 200, 65]))",
    "E.toString(new Uint8Array([1, 200]).buffer)",
    'E.toString(65, [66, [67]], "xyz", { data: 68, count: 3 })',
    "E.toString()",
    "E.toString(300)",
    "E.toString(undefined)",
  ),
  "E.toString of words": shows(
    "E.toString(new Uint32Array([0x41424344, 1]))",
    "E.toString(new Uint32Array([0x41424344, 1]).buffer)",
  ),
  "E.toArrayBuffer": shows(
    'E.toArrayBuffer("abc")',
    'E.toArrayBuffer("abc") instanceof ArrayBuffer',
    "E.toArrayBuffer(3)",
    'new Uint32Array(E.toArrayBuffer("abcdefgh"))',
    'E.toUint8Array("ab", [1])',
  ),
  "a function's code is a text, without braces and a leading return": shows(
    '(function (a) { var b = "}"; return b; })["\\xffcod"]',
    '(function () {return 7})["\\xffcod"]',
    '(function () {if(1){return 7}})["\\xffcod"].length',
    'eval((function () {(function (a){return a+1}),"`"})["\\xffcod"].substring(0, 26))(2)',
  ),
  "a search finds what the end of the string cuts short": shows(
    '"ab\\r\\n".indexOf("\\r\\n\\r\\n")',
    '"abcd".indexOf("cde")',
    '"abcabd".indexOf("abd", 1)',
    '"abc".indexOf("abcd")',
    '"abc".includes("cx")',
    '"a/b".indexOf("/", 2)',
  ),
  base64: shows('btoa("\\xff\\x00a")', "btoa(new Uint8Array([1, 2]).buffer)", 'atob("/wBh")'),
  "randomness is the same": shows(
    "E.hwRand()",
    "E.hwRand()",
    "Math.floor(Math.random() * 1e6)",
    "[E.srand(5), E.hwRand()][1]",
    "[E.srand(-7), E.hwRand()][1]",
    "Math.randInt(1000)",
  ),
  "URI coding of ASCII": shows('encodeURIComponent("a b&c/d~")', 'decodeURIComponent("a%20b%26")'),
  "events are queued in order": `var o = {}; o.on("a", function (x) { print("first", x, this === o); }); o.on("a", function (x) { print("second", x); });
    o.emit("a", 1); o.emit("a", 2); o.emit("none"); print("sync");`,
  "handlers are visible members": shows(
    '(function () { var o = {}; o.on("a", print); o.on("b", print); return Object.keys(o); })()',
  ),
  "handlers added, removed and cleared meanwhile": `function gone() { print("removed in time"); }
    var o = {}; o.on("x", function () { o.on("x", function () { print("added later"); }); print("x"); }); o.emit("x");
    var p = {}; p.on("y", function () { print("cleared, still called"); }); p.emit("y"); p.removeAllListeners("y");
    var q = {}; q.on("z", gone); q.emit("z"); q.removeListener("z", gone);
    var r = {}; r.on("w", function () { r.removeListener("w", last); print("w"); }); function last() { print("removed too late"); } r.on("w", last); r.emit("w");`,
  "event faults": shows(
    '"abc".on("x", print)',
    '({}).on("x", 3)',
    "({}).on(3, print)",
    '({}).emit("x", 1, 2, 3, 4, 5)',
  ),
  "a handler that throws does not stop the others": `var o = {}; o.on("a", function () { throw new Error("a"); }); o.on("a", function () { print("b"); }); o.emit("a");`,
  "timers before events, both before the next turn": `var o = {}; o.on("e", function () { print("event"); });
    setTimeout(function () { print("timer"); o.emit("e"); setTimeout(function () { print("next"); print("${END}"); }, 0); print("same"); }, 0);`,
  "timers run in the order they were made": `setTimeout(function () { print("made first, due last"); }, 30); setTimeout(function () { print("due first"); print("${END}"); }, 20);
    var t = getTime(); while (getTime() < t + 0.05);`,
  "timer faults": shows(
    "clearTimeout(undefined)",
    "clearInterval(undefined)",
    "clearTimeout(99)",
    "setTimeout(3, 1)",
    "changeInterval(77, 1)",
    "typeof setTimeout(print, 1e6)",
  ),
  "clearTimeout() clears all": `setTimeout(function () { print("cleared"); }, 1); setInterval(function () { print("cleared"); }, 1); clearTimeout(); setTimeout(function () { print("left"); print("${END}"); }, 20);`,
  "an interval goes on after it threw": `var n = 0, i = setInterval(function () {
    print(++n); if (n > 2) { clearInterval(i); print("${END}"); } if (n === 2) throw new TypeError("two"); }, 3);`,
  "timer arguments and strings": `setTimeout(function (a, b) { print(a, b); }, 1, "x", 2); setTimeout("print('text')", 5);`,
  "uncaught exceptions": inTurns(
    "nothing();",
    'throw "text";',
    "throw 42;",
    "throw { a: 1 };",
    "throw undefined;",
    'var e = new Error("coded"); e.code = "x"; throw e;',
    "var u; u.x;",
    "var v = {}; v.method();",
  ),
  "the last exception of a turn": `var o = {}; o.on("e", function () { throw 1; }); o.on("e", function () { throw 2; }); o.emit("e");`,
  "no flag is raised by an exception": inTurns("throw 1;", "print(JSON.stringify(E.getErrorFlags()));"),
  uncaughtException: `process.on("uncaughtException", function (e) { print("handled " + e); }); setTimeout(function () { throw new Error("x"); }, 1);`,
  promises: inTurns(
    'Promise.resolve(1).then(function (v) { print("a", v); return 2; }).then(function (v) { print("b", v); }); print("sync");',
    'Promise.reject(5).catch(function (e) { print("caught", e); });',
    "Promise.all([1, Promise.resolve(2)]).then(function (v) { print(JSON.stringify(v)); });",
    'Promise.reject(new Error("alone"));',
    'Promise.resolve().then(function () { throw new Error("inside"); });',
  ),
  "a module in Storage": `require("Storage").write("lib", "exports.two=function(){return 1+1};exports.n=0;");
    require("lib").n++; print(require("lib").n, require("lib").two());
    require("Storage").write("lib2", "module.exports={a:7}"); print(require("lib2").a);`,
  errors: shows(
    '"" + new TypeError("x")',
    'new Error("x").message',
    'typeof new Error("x").name',
    'new Error("x") instanceof Error',
    "typeof InternalError",
  ),
  modules: shows('require("nothing")', 'typeof require("net").connect', 'typeof require("Storage").write'),
  hashes: shows(
    'btoa(require("crypto").SHA1("abc"))',
    'btoa(require("crypto").SHA1(new Uint8Array([97, 98, 99])))',
    'btoa(require("crypto").SHA256("abc"))',
    'require("crypto").SHA1("") instanceof ArrayBuffer',
    'require("crypto").SHA1(undefined)',
  ),
  Storage:
    `var S = require("Storage");` +
    shows(
      'S.write("a", "hi\\xff\\0z")',
      'S.read("a")',
      'S.read("a", 1, 2)',
      'S.read("none")',
      'S.readJSON("none")',
      'S.readJSON("a", true)',
      'S.write("o", { a: 1, b: "\\xe4" }) && S.read("o")',
      'S.write("n", [1, 2, 300]) && S.read("n")',
      'S.write("1234567890123456789012345678+", "x") && S.read("1234567890123456789012345678")',
      'S.write("e", "")',
      'S.erase("none")',
      'S.write("u", undefined)',
      'S.readArrayBuffer("n")',
    ),
  "Storage in parts":
    `var S = require("Storage");` +
    shows(
      'S.write("p", "Hel", 0, 6) && S.read("p")',
      'S.write("p", "lo", 3) && S.read("p")',
      'S.write("p", "X", 0, 1) && S.read("p")',
      'S.write("q", "AAAA") && S.write("q", "B", 1)',
      'S.write("q", "BBBBBB", 2)',
    ),
  "Storage lists in the order of writing": `var S = require("Storage"); S.write("b", "1"); S.write("a", "2"); S.write("b", "3"); print(S.list(/^[ab]$/).join());`,
  printing: `print("text", 1.5, null, undefined, true, 1 / 3, [1, 2], { a: 1 }, NaN); console.log(new Uint8Array([1, 2]));`,
};

export const SOCKET_PROGRAM = (port: number) => `
var s = require("net").connect({ host: "127.0.0.1", port: ${port} }, function () { print("connect", s.write("hello")); });
var got = 0, most = 0;
s.on("data", function (d) { got += d.length; if (d.length > most) most = d.length; if (got === 2000) print("all", most); });
s.on("end", function () { print("end"); });
s.on("error", function (e) { print("error", e.code); });
s.on("close", function (failed) {
  print("close", failed);
  try { s.write("x"); } catch (e) { print("" + e); }
  print("${END}");
});`;
