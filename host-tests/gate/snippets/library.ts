/** Built-in objects that are other than elsewhere, or missing: one snippet or more for each rule. */
import type { Snippet } from "./snippet";

export const library: Snippet[] = [
  ...[
    ["/ab?c/.test('ac')", "/ab*c/.test('ac')"],
    ["/a.*?b/.test('ab')", "/a.*b/.test('ab')"],
    ["/a{2}/.test('aa')", "/aa/.test('aa') + /{/.test('{')"],
    ["/(ab)+c/.test('ababc')", "/(a+)b/.exec('aab')[1]"],
    ["/a(?=b)/.test('ab')", "/ab/.test('ab') + /[?]/.test('?') + /\\?/.test('?')"],
    ["/(?:a)b/.test('ab')", "/(a)b/.test('ab')"],
    ["/(a)\\1/.test('aa')", "/(a)a/.test('aa') + /\\0/.test('\\0')"],
    ["/\\bab/.test('ab')", "/^ab/.test('ab') + /[a\\-z]/.test('-') + /[\\]]/.test(']')"],
    ["/\\u0041/.test('A')", "/\\x41/.test('A')"],
    ["/((a)b)/.exec('ab').join()", "/(a)(b)/.exec('ab').join()"],
    ["/(a|b)c/.test('ax')", "/ac|bc/.test('bc')"],
    ["/^a|b/.test('cb')", "/b|^a/.test('ac')"],
    ["/^b/m.test('a\\nb')", "/^B/i.test('b')"],
    ["/b*$/.test('a')", "/^b*$/.test('') + /ab*$/.test('a')"],
    ["/[/]/.test('/')", "/[\\/]/.test('/')"],
    ['new RegExp("a?b").test("b")', 'new RegExp("a+b").test("aab")'],
  ].map(([bad, good]) => ({
    rule: "regexp",
    bad: `print(1);\nprint(${bad});`,
    line: 2,
    good: `print(1);\nprint(${good});`,
  })),
  {
    rule: "slash",
    bad: 'if (1)\n  /x/.test("x") && print(1);',
    line: 2,
    good: 'if (1) {\n  /x/.test("x") && print(1);\n}\nprint((8) / 2 / 1);',
  },
  {
    rule: "slash",
    bad: "var o = { valueOf: function () { return 8; } }\n/2/1;\nprint(o);",
    good: "var o = [8][0] / 2 / 1;\nprint(o);",
  },

  {
    rule: "prototype-method",
    bad: "function f() {\n  return Array.prototype.slice.call(arguments, 1);\n}\nprint(f(1, 2).join());",
    line: 2,
    good: "function f() {\n  return [].slice.call(arguments, 1);\n}\nprint(f(1, 2).join());",
  },
  {
    rule: "prototype-method",
    bad: "print(Object.prototype.toString.call([]));",
    good: 'print(Object.prototype.hasOwnProperty.call({ a: 1 }, "a"));',
  },
  {
    rule: "last-index-of",
    bad: "var a = [1, 2, 1];\nprint(a.lastIndexOf(1));",
    line: 2,
    good: 'var a = "121";\nprint(("" + a).lastIndexOf("1"));',
  },
  {
    rule: "set-time",
    bad: "var before = getTime();\nsetTime(before + 1000);",
    line: 2,
    good: "var offset = 1000;\nprint(offset + 1 > 1000);",
    unseen: "the Linux build leaves the computer's clock alone",
  },
  {
    rule: "set-time",
    bad: 'require("Wifi").setSNTP("pool.ntp.org", 8);',
    good: "print(typeof {}.setSNTP);",
    unseen: "the interpreter on a computer has no Wi-Fi",
  },
  {
    rule: "host-by-name",
    bad: 'require("Wifi").getHostByName("broker", print);',
    good: 'require("net").connect;',
    unseen: "the interpreter on a computer has no Wi-Fi",
  },
  {
    rule: "host-by-name",
    bad: 'var wifi = require("Wifi"), name = "getHostByName";\nwifi[name]("broker", print);',
    good: 'var wifi = {}, name = "connect";\nwifi[name] = print;',
    unseen: "the interpreter on a computer has no Wi-Fi",
  },
  {
    rule: "partial-match",
    bad: 'var a = "ab\\r\\n";\nprint(a.indexOf("\\r\\n\\r\\n"));',
    line: 2,
    good: 'var a = "ab\\r\\n";\nprint(a.indexOf("\\n"));',
  },
  {
    rule: "partial-match",
    bad: 'print("abc".replace("cd", "x"));',
    line: 1,
    good: 'print("abc".replace("c", "x"));',
  },
  {
    rule: "array-length",
    bad: "var a = [1, 2];\na.length = 0;\nprint(a.length);",
    line: 2,
    good: "var a = [1, 2];\na.splice(0);\nprint(a.length);",
  },
  {
    rule: "array-length",
    bad: "var a = [1, 2];\na.length--;\nprint(a.length);",
    line: 2,
    good: "function F() { this.length = 0; this.length++; }\nprint(new F().length);",
  },
  {
    rule: "clear-timers",
    bad: 'var n = typeof setTimeout;\ntry { clearTimeout(void 0); } catch (e) { print("threw"); }\nprint(n);',
    line: 2,
    good: 'var n = typeof setTimeout, t = setTimeout(function () {}, 1);\ntry { clearTimeout(t); } catch (e) { print("threw"); }\nprint(n);',
  },
  {
    rule: "clear-timers",
    bad: "var t = setTimeout(function () {}, 1);\nclearTimeout();",
    line: 2,
    good: "var t = setTimeout(function () {}, 1);\nclearTimeout(t);",
    unseen: "it prints nothing; a test of its own shows it",
  },
  {
    rule: "apply-array",
    bad: "var a = [];\nfor (var i = 0; i < 300; i++) a.push(65);\nprint(String.fromCharCode.apply(null, a).length);",
    line: 3,
    good: "print(String.fromCharCode(65, 66), Math.max.apply(null, [1, 2]));",
  },
  {
    rule: "replace-function",
    bad: 'print("abc".replace("b", function () { return "X"; }));',
    good: 'print("abc".replace(/b/, function () { return "X"; }), "abc".replace("b", "X"));',
  },
  {
    rule: "instanceof-error",
    bad: "try {\n  nowhere();\n} catch (e) {\n  print(e instanceof Error);\n}",
    line: 4,
    good: "try {\n  nowhere();\n} catch (e) {\n  print(typeof e.message);\n}",
  },
  {
    rule: "arguments-length",
    bad: "function f(a, b) {\n  return arguments.length > 1;\n}\nprint(f(1));",
    line: 2,
    good: "function f(a) {\n  for (var n = 0, i = 1; i < arguments.length; i++) n++;\n  return n + (arguments.length > 1);\n}\nprint(f(), f(1), f(1, 2));",
  },
];

/** Names that the board lacks, each used as a program would. */
export const absent = [
  ..."Symbol Map Set WeakMap Proxy BigInt TextEncoder TextDecoder setImmediate queueMicrotask RangeError escape".split(
    " ",
  ),
  "Math.imul Math.trunc Math.log2 Array.from Array.of Number.isInteger Number.isFinite Object.freeze Object.is".split(
    " ",
  ),
  "String.fromCodePoint Promise.race Date.UTC".split(" "),
]
  .flat()
  .map((name) => `${name}(1)`)
  .concat([
    "({}).once(1)",
    "({}).off(1)",
    "[1].flat()",
    '"a".search("a")',
    '"a".localeCompare("a")',
    "[1].reduceRight(print)",
    "(5).toPrecision(2)",
  ]);
