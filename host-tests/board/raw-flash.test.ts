/** `require("Flash")`: 16 pages that are free, and three areas that getFree says are. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Bench } from "./bench";

const chip = { image: "ESP32" } as const;
const begin = 'var f = require("Flash"), a = 0x310000;';

test("getFree lies: Storage's own pages and the settings are in it", async () => {
  const bench = new Bench(chip);
  await bench.boot("echo(0);" + begin, 0);
  expect(bench.type("print(f.getFree().map(function (p) { return p.addr + ' ' + p.length; }).join())")).toEqual([
    "57344 8192,3211264 65536,3538944 655360",
  ]);
  expect(bench.type("f.write('x', 0x360000)")[0]).toMatch(/^Uncaught Error: the simulated flash has 0x310000/);
});

test("bits only fall, and rise by a whole page", async () => {
  const bench = new Bench(chip);
  await bench.boot("echo(0);" + begin, 0);
  const read = "print(E.toString(f.read(2, a)) === R)";
  bench.type('f.write("\\xf0\\x0f", a + 4096 - 1)');
  expect(bench.type("print(JSON.stringify(f.read(3, a + 4095)))")).toEqual(["[240,15,255]"]);
  bench.type('f.write("\\x8f", a + 4095)');
  expect(bench.type("print(f.read(1, a + 4095)[0])")).toEqual(["128"]);
  bench.type("f.erasePage(a + 100)");
  expect(bench.type(read.replace("R", '"\\xff\\xff"'))).toEqual(["true"]);
  expect(bench.type("print(f.read(1, a + 4096)[0])")).toEqual(["15"]);
});

test("what is written survives power cuts", async () => {
  const directory = mkdtempSync(join(tmpdir(), "board-"));
  try {
    const before = new Bench({ ...chip, directory });
    await before.boot(begin + 'f.write("kept", a)', 0);
    await before.board.powerOff();
    const after = new Bench({ ...chip, directory });
    expect(await after.boot(begin + "print(E.toString(f.read(4, a)))", 0)).toEqual(["kept"]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("the Linux build is tested on files instead: it has no such pages", async () => {
  expect(await new Bench().boot('require("Flash")', 0)).toEqual(['Uncaught Error: Module "Flash" not found']);
});
