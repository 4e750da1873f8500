import { rollup } from "rollup";
import { gate, gatePlugin } from "../../tools/gate";

describe("gate", () => {
  it("reports every fault, in the order of the text", () => {
    const faults = gate("var a = [1];\n  a.length = 0; for (var k in a) delete a[k];\nprint(Math.imul(2, 3));");
    expect(faults.map(({ rule, line, column }) => [rule, line, column])).toEqual([
      ["array-length", 2, 3],
      ["delete-in-for-in", 2, 34],
      ["absent", 3, 7],
    ]);
  });

  it("examines code that is not ES5 no further", () => {
    expect(gate("a.length = 0;\nvar f = (x) => x;").map(({ rule, line }) => [rule, line])).toEqual([["es5", 2]]);
  });

  it("says what to do", () => {
    expect(gate("a.length = 0;")[0].message).toContain("splice(0)");
  });
});

describe("gatePlugin", () => {
  /** Bundles one module as the build does, without writing it. */
  async function bundle(code: string): Promise<string> {
    const build = await rollup({
      input: "entry",
      plugins: [
        { name: "entry", resolveId: (id) => id, load: () => code },
        // A minifier that spoils the code: the gate must look at what comes out of it.
        { name: "minifier", renderChunk: (text) => text.replace(/ALL/g, "length") },
        gatePlugin(),
      ],
    });
    const { output } = await build.generate({ format: "cjs", file: "firmware.js", strict: false });
    return output[0].code;
  }

  it("lets a good bundle pass", async () => {
    expect(await bundle("print([1].splice(0));")).toContain("splice");
  });

  it("fails the build with every fault, after the minifier", async () => {
    await expect(bundle("a.ALL = 0;\nb.ALL = 0;")).rejects.toThrow(
      /firmware\.js:1:1 array-length: .*\nfirmware\.js:2:1 array-length: /,
    );
  });
});
