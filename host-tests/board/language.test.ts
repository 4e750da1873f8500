import { Bench } from "./bench";

/** The console's answer to one expression. */
async function answer(expression: string): Promise<string> {
  const bench = new Bench();
  await bench.boot("");
  return bench.type(`print(${expression})`).join("\n");
}

describe("strings are bytes", () => {
  test("String.fromCharCode keeps the low byte", async () => {
    expect(await answer("String.fromCharCode(0x4f60, 321).charCodeAt(0) + ',' + String.fromCharCode(321)")).toBe(
      "96,A",
    );
  });

  test("text typed at the console arrives as UTF-8 bytes and is shown as text", async () => {
    const bench = new Bench();
    await bench.boot("");
    expect(bench.type('print("你好".length + " 你好")')).toEqual(["6 你好"]);
  });

  test("JSON.parse keeps bytes as they are and the low byte of an escape", async () => {
    const bench = new Bench();
    await bench.boot("");
    bench.type('var s = JSON.parse("\\"\\\\u4f60\\\\u00e9\\xe4\\"")');
    expect(bench.type("print(s.length, s.charCodeAt(0), s.charCodeAt(1), s.charCodeAt(2))")).toEqual(["3 96 233 228"]);
  });

  test("JSON.stringify escapes every byte over 126", async () => {
    expect(await answer('JSON.stringify("\\x0b\\x7e\\x7f\\xe4\\n")')).toBe('"\\u000B~\\u007F\\u00E4\\n"');
  });

  test("upper case leaves bytes over 127 alone", async () => {
    expect(await answer('"a\\xff".toUpperCase().charCodeAt(1)')).toBe("255");
  });

  test("there is no Unicode to convert to", async () => {
    expect(await answer('E.isUTF8("x") + " " + E.fromUTF8("x")')).toBe("false undefined");
    expect(await answer('E.asUTF8("x")')).toBe("Uncaught Error: Unicode not supported on this build");
  });
});

describe("what Espruino lacks", () => {
  test.each(["Symbol", "Map", "Set", "WeakMap", "Proxy", "Reflect", "BigInt", "TextEncoder", "Buffer", "setImmediate"])(
    "%s is not there",
    async (name) => {
      expect(await answer(name)).toBe(`Uncaught ReferenceError: "${name}" is not defined`);
    },
  );

  test.each([
    "Math.imul",
    "Math.trunc",
    "Array.from",
    "Number.isInteger",
    "[].lastIndexOf",
    '"".codePointAt',
    "process.exit",
  ])("%s is undefined", async (member) => {
    expect(await answer(`typeof ${member}`)).toBe("undefined");
  });

  test("an unknown module is an error in the board's words", async () => {
    expect(await answer('require("fs")')).toBe('Uncaught Error: Module "fs" not found');
  });

  test("errors have no name", async () => {
    expect(await answer('new TypeError("x").name + " " + new TypeError("x")')).toBe("undefined TypeError: x");
  });

  test("an exception from the board's own functions is of the board's world", async () => {
    expect(
      await answer("(function () { try { clearTimeout(undefined) } catch (e) { return e instanceof Error } })()"),
    ).toBe("true");
  });
});

describe("E.toString and E.toArrayBuffer", () => {
  test("a view gives the low byte of each element, its buffer every byte", async () => {
    const views = "var w = new Uint32Array([0x41424344, 1]);";
    const bench = new Bench();
    await bench.boot(views);
    expect(bench.type("print(JSON.stringify(E.toString(w)), JSON.stringify(E.toString(w.buffer)))")).toEqual([
      '"D\\u0001" "DCBA\\u0001\\u0000\\u0000\\u0000"',
    ]);
  });

  test("a byte string becomes an ArrayBuffer, anything else nothing", async () => {
    expect(await answer('new Uint32Array(E.toArrayBuffer("abcd"))[0] + " " + E.toArrayBuffer(3)')).toBe(
      "1684234849 undefined",
    );
  });
});

describe("randomness", () => {
  const draw = "print(E.hwRand(), E.hwRand(), Math.random())";

  test("starts from the same constant at each boot", async () => {
    const bench = new Bench();
    await bench.boot(draw);
    await bench.board.powerOff();
    await bench.board.powerOn();
    expect(bench.lines[1]).toBe(bench.lines[0]);
  });

  test("E.srand changes it", async () => {
    const [first] = await new Bench().boot("E.srand(1);" + draw);
    const [second] = await new Bench().boot("E.srand(2);" + draw);
    expect(first).not.toBe(second);
  });
});

describe("crypto", () => {
  test("gives an ArrayBuffer", async () => {
    expect(
      await answer(
        'btoa(E.toString(require("crypto").SHA1("abc"))) + (require("crypto").SHA1("abc") instanceof ArrayBuffer)',
      ),
    ).toBe("qZk+NkcGgWq6PiVxeFDCbJzQ2J0=true");
  });

  test("can be absent", async () => {
    const bench = new Bench({ crypto: false });
    await bench.boot("");
    expect(bench.type('require("crypto")')).toEqual(['Uncaught Error: Module "crypto" not found']);
  });
});
