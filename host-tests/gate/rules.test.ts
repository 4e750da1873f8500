/** Each rule: what it refuses, what it lets pass, and that the real interpreter sees the difference. */
import { runInNewContext } from "node:vm";
import { gate } from "../../tools/gate";
import { findEspruino } from "../../tools/board/espruino";
import { evaluate } from "../fixtures/interpreter";
import { accepted } from "./snippets/accepted";
import { language } from "./snippets/language";
import { absent, library } from "./snippets/library";

const onInterpreter = findEspruino() ? it : it.skip;

/** What JavaScript prints, or says when it cannot run it. */
function onNode(code: string): string {
  const lines: string[] = [];
  const print = (...values: unknown[]): void => void lines.push(values.map(String).join(" "));
  try {
    runInNewContext(code, { print, setTimeout: () => 1, clearTimeout: () => undefined }, { timeout: 1000 });
  } catch (error) {
    lines.push(String(error));
  }
  return lines.join("\n");
}

describe.each([...language, ...library])("$rule: $bad", ({ rule, bad, good, line, unseen }) => {
  it("is refused, and its neighbour is not", () => {
    const faults = gate(bad);
    expect(faults.map((fault) => fault.rule)).toContain(rule);
    expect(faults[0]).toMatchObject({ rule, line: line ?? 1 });
    expect(gate(good)).toEqual([]);
  });

  (unseen ? it.skip : onInterpreter)("misbehaves on the interpreter, and its neighbour does not", async () => {
    expect(await evaluate(bad)).not.toBe(onNode(bad));
    expect(await evaluate(good)).toBe(onNode(good));
  });
});

describe.each(absent)("absent: %s", (use) => {
  it("is refused, but not where the program defines it or asks for it", () => {
    const name = /(\w+)\(/.exec(use)?.[1] ?? "";
    expect(gate(`print(1);\n${use}`)).toMatchObject([{ rule: "absent", line: 2 }]);
    const known = /^\w+\(/.test(use)
      ? `if (typeof ${name} == "function") ${use}`
      : `function F() {}\nF.prototype.${name} = print;\nnew F().${name}(1)`;
    expect(gate(known)).toEqual([]);
  });

  onInterpreter("is missing on the interpreter", async () => {
    expect(await evaluate(`print(typeof ${use.replace(/\([^()]*\)$/, "")})`)).toBe("undefined");
  });
});

describe("TypeScript's helpers", () => {
  const extending =
    "var __extends = function (d, b) { d.prototype = Object.create(b.prototype); };\n" +
    "function A() {}\nA.prototype.x = function () { return 1; };\n" +
    "var B = (function (parent) {\n  __extends(B, parent);\n  function B() {}\n  return B;\n})(A);\nprint(new B().x());";

  it("are refused by name", () => {
    expect(gate(extending)).toContainEqual(expect.objectContaining({ rule: "ts-helper", line: 1 }));
    expect(gate("var r = this && this.__spreadArray || function () {};")).toMatchObject([{ rule: "ts-helper" }]);
  });

  it("are refused by what they say where the minifier took their names", () => {
    expect(gate('function e() {\n  throw new TypeError("Class extends value " + 1);\n}')).toMatchObject([
      { rule: "ts-helper", line: 2 },
    ]);
  });

  onInterpreter("do not work on the interpreter as TypeScript writes their use", async () => {
    expect(onNode(extending)).toBe("1");
    expect(await evaluate(extending)).not.toBe("1");
  });
});

describe("clearTimeout without an argument", () => {
  onInterpreter("clears the timers of everyone on the interpreter", async () => {
    const program = (clear: string): string =>
      `var t = setTimeout(function () {}, 1e6);\n${clear}\ntry {\n  changeInterval(t, 1e6);\n  print("there");\n} catch (e) {\n  print("gone");\n}`;
    expect(await evaluate(program(""))).toBe("there");
    expect(await evaluate(program("clearTimeout();"))).toBe("gone");
  });
});

describe.each(accepted)("accepted: %s", (code) => {
  it("passes", () => {
    expect(gate(code)).toEqual([]);
  });

  onInterpreter("prints the same on Node and on the interpreter", async () => {
    expect(await evaluate(code)).toBe(onNode(code));
  });
});
