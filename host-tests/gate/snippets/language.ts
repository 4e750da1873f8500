/** What the interpreter cannot read, or reads in its own way: one snippet or more for each rule. */
import type { Snippet } from "./snippet";

const byteBoards = "only boards without Unicode get it wrong";

export const language: Snippet[] = [
  { rule: "es5", bad: "var [a] = [1];\nprint(a);", good: "var a = [1][0];\nprint(a);" },
  { rule: "es5", bad: "print(1);\nprint(2 ** 3);", line: 2, good: "print(1);\nprint(Math.pow(2, 3));" },
  {
    rule: "ascii",
    bad: 'print(1);\nprint("\u00e9".length);',
    line: 2,
    good: 'print(1);\nprint("\\xe9".length);',
    unseen: byteBoards,
  },
  {
    rule: "line-break",
    bad: "function f() {\n  return\n  5;\n}\nprint(f());",
    line: 2,
    good: "function f() {\n  return;\n}\nprint(f());",
  },
  {
    rule: "line-break",
    bad: "var a = 1, b = 2;\na\n++b;\nprint(a, b);",
    line: 2,
    good: "var a = 1, b = 2;\na;\n++b\nprint(a, b);",
  },

  {
    rule: "declare-before-use",
    bad: "function f() {\n  return g();\n  function g() { return 1; }\n}\nprint(f());",
    line: 2,
    good: "function f() {\n  function g() { return 1; }\n  return g();\n}\nprint(f());",
  },
  {
    rule: "declare-before-use",
    bad: 'var x = "outer";\n(function () {\n  print(x);\n  var x = 1;\n})();',
    line: 3,
    good: 'var x = "outer";\n(function () {\n  var x;\n  print(x);\n  x = 1;\n})();',
  },
  {
    rule: "declare-before-use",
    bad: 'var x = "outer";\nfunction f() {\n  x = 2;\n  var x;\n}\nf();\nprint(x);',
    line: 3,
    good: 'var x = "outer";\nfunction f() {\n  var x;\n  x = 2;\n}\nf();\nprint(x);',
  },
  {
    rule: "declare-before-use",
    bad: "function a() { return b(); }\nprint(a());\nfunction b() { return 1; }",
    line: 2,
    good: "function a() { return b(); }\nfunction b() { return 1; }\nprint(a());",
  },
  {
    rule: "declare-before-use",
    bad: "var r = [1].map(function (x) {\n  return typeof (x + k);\n});\nvar k = 1;\nprint(r[0]);",
    line: 2,
    good: "var r = function (x) {\n  return typeof (x + k);\n};\nvar k = 1;\nprint(r(1));",
  },
  {
    rule: "declare-before-use",
    bad: "(function () {\n  function a() { return c; }\n  function b() { return a(); }\n  print(b());\n  var c;\n})();",
    line: 4,
    good: "(function () {\n  function a() { return c; }\n  function b() { return a(); }\n  var c;\n  print(b());\n})();",
  },
  {
    rule: "nested-var",
    bad: "function f(x) {\n  if (x) {\n    var y = 2;\n  }\n  return y;\n}\nprint(f(0));",
    line: 3,
    good: "function f(x) {\n  if (x) {\n    var y = 2;\n    return y;\n  }\n  return 0;\n}\nprint(f(0), f(1));",
  },
  {
    rule: "nested-var",
    bad: 'var y = "outer";\nfunction f(x) {\n  for (var i = 0; i < x; i++) {\n    var y = i;\n  }\n  return y;\n}\nprint(f(0));',
    line: 4,
    good: 'var y = "outer";\nfunction f(x) {\n  var y;\n  for (var i = 0; i < x; i++) {\n    y = i;\n  }\n  return y;\n}\nprint(f(0));',
  },
  {
    rule: "nested-var",
    bad: "function f(x) {\n  switch (x) {\n    case 1:\n      var y = 1;\n      break;\n    case 2:\n      y = 2;\n  }\n}\nf(2);\nprint(typeof y);",
    line: 4,
    good: "function f(x) {\n  switch (x) {\n    case 1:\n      var y = 1;\n      print(y);\n  }\n}\nf(1);\nprint(typeof y);",
  },
  {
    rule: "nested-var",
    bad: "var g = 5;\nfunction f(x) {\n  if (x) function g() {}\n  return typeof g;\n}\nprint(f(0));",
    line: 3,
    good: "function f() {\n  function g() {}\n  return typeof g;\n}\nprint(f(0));",
  },
  {
    rule: "nested-var",
    bad: "function f(x) {\n  if (x) var y = 1;\n  return function () { return y; };\n}\nprint(f(0)());",
    line: 2,
    good: "function f(x) {\n  if (x) {\n    var y = 1;\n    return function () { return y; };\n  }\n}\nprint(f(1)());",
  },

  {
    rule: "evaluation-order",
    bad: "var n = 1;\nfunction f() { n = 10; return 5; }\nn += f();\nprint(n);",
    line: 3,
    good: "var n = 1;\nfunction f() { n = 10; return 5; }\nvar m = f();\nn += m;\nprint(n);",
  },
  {
    rule: "evaluation-order",
    bad: "function F() { this.n = 1; }\nF.prototype.f = function () { this.n = 10; return 5; };\nF.prototype.g = function () {\n  this.n += this.f();\n};\nvar o = new F();\no.g();\nprint(o.n);",
    line: 4,
    good: "function F() { this.n = 1; }\nF.prototype.f = function () { this.m = 10; return 5; };\nF.prototype.g = function () {\n  this.n += this.f();\n};\nvar o = new F();\no.g();\nprint(o.n);",
  },
  {
    rule: "evaluation-order",
    bad: 'var s = "a";\nfunction f() { s += "x"; return "!"; }\nprint(s + f());',
    line: 3,
    good: 'var s = "a";\nfunction f() { s += "x"; return "!"; }\nprint(f() + s);',
  },

  {
    rule: "case-after-default",
    bad: "switch (1) {\n  default:\n    print(2);\n  case 1:\n    print(1);\n}",
    line: 4,
    good: "switch (1) {\n  case 1:\n    print(1);\n  default:\n    print(2);\n}",
  },
  {
    rule: "do-in-switch",
    bad: 'var r = "";\nswitch (0) {\n  case 0: r += "a"; break;\n  case 1: do { r += "b"; } while (0); r += "c";\n}\nprint(r);',
    line: 4,
    good: 'var r = "";\nswitch (0) {\n  case 0: r += "a"; break;\n  case 1: { do { r += "b"; } while (0); } r += "c";\n}\nprint(r);',
  },
  {
    rule: "do-body",
    bad: "var i = 0;\ndo; while (i++ < 3);\nprint(i);",
    line: 2,
    good: "var i = 0;\ndo {} while (i++ < 3);\nprint(i);",
  },
  {
    rule: "label",
    bad: "out: for (;;) {\n  for (;;) break out;\n}\nprint(1);",
    good: "for (var go = true; go; ) {\n  for (;;) { go = false; break; }\n}\nprint(1);",
  },
  { rule: "with", bad: "with ({ a: 1 }) print(a);", good: "var o = { a: 1 };\nprint(o.a);" },
  { rule: "debugger", bad: "print(1);\ndebugger;\nprint(2);", line: 2, good: "print(1);\nprint(2);" },
  {
    rule: "finally",
    bad: 'function f() {\n  try { throw 1; } finally { return 2; }\n}\ntry { print(f()); } catch (e) { print("thrown"); }',
    line: 2,
    good: 'function f() {\n  try { throw 1; } catch (e) { return 2; } finally { print(3); }\n}\ntry { print(f()); } catch (e) { print("thrown"); }',
  },
  {
    rule: "finally",
    bad: "for (;;) {\n  try { throw 1; } finally { break; }\n}\nprint(2);",
    line: 2,
    good: "try {\n  print(1);\n} finally {\n  for (;;) { break; }\n}\nprint(2);",
  },
  {
    rule: "finally",
    bad: "try {\n  try { print(1); } finally { throw 2; }\n} catch (e) {\n  print(e);\n}",
    line: 2,
    good: "try {\n  try { print(1); } finally { try { throw 2; } catch (e) { print(3); } }\n} catch (e) {\n  print(e);\n}",
  },
  {
    rule: "for-init-in",
    bad: 'for (var r = ("x" in { x: 1 }) ? 1 : 2; r < 3; r++) print(r);',
    good: 'var r = "x" in { x: 1 } ? 1 : 2;\nfor (; r < 3 && !("y" in {}); r++) print(r);',
  },
  {
    rule: "delete-in-for-in",
    bad: "var o = { a: 1, b: 2, c: 3 };\nfor (var k in o) delete o[k];\nprint(Object.keys(o).length);",
    line: 2,
    good: 'var o = { a: 1, b: 2, c: 3 };\nfor (var k in o) {\n  if (k == "b") {\n    delete o[k];\n    break;\n  }\n}\nprint(Object.keys(o).length);',
  },
  {
    rule: "delete-call",
    bad: "var o = { a: 1 };\nfunction f() { return o; }\nprint(delete f().a);",
    line: 3,
    good: 'var o = { a: 1 };\nfunction f() { return "a"; }\nprint(delete o[f()]);',
  },
  {
    rule: "new-new",
    bad: 'print(new new Function("this.a = 4")().a);',
    good: 'print(new (new Function("this.a = 4"))().a);',
  },
  {
    rule: "accessor-name",
    bad: "var o = {\n  get class() { return 1; },\n};\nprint(o.class);",
    line: 2,
    good: "var o = {\n  get kind() { return 1; },\n  get: 2,\n  class: 3,\n};\nprint(o.kind, o.get, o.class);",
  },
  {
    rule: "accessor-name",
    bad: 'var o = { get "x"() { return 1; } };\nprint(o.x);',
    good: "var o = { get x() { return 1; } };\nprint(o.x);",
  },
  {
    rule: "keyword",
    bad: "function f(of) { return of; }\nprint(f(1));",
    good: "function f(o) { return o.of; }\nprint(f({ of: 1 }));",
  },
  {
    rule: "long-name",
    bad: `var o = {};\no.${"a".repeat(64)} = 1;\no.${"a".repeat(63)}b = 2;\nprint(Object.keys(o).length);`,
    line: 2,
    good: `var o = {};\no.${"a".repeat(63)} = 1;\no.${"a".repeat(62)}b = 2;\nprint(Object.keys(o).length);`,
  },
  {
    rule: "wide-character",
    bad: 'print(1);\nprint("\\u4e2d".length);',
    line: 2,
    good: 'print(1);\nprint("\\u00e4".length, E.isUTF8("\\u4e2d"));',
    unseen: byteBoards,
  },
  {
    rule: "big-integer",
    bad: "print(18446744073709551615 > 0);",
    good: "print(18446744073709552e3 > 0, 4294967295, 1e20 > 0);",
  },
];
