import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SimulatedBoard } from "../../tools/board/simulated";
import { Bench } from "./bench";

const STORAGE = 'var S = require("Storage");';

async function run(expression: string, options = {}): Promise<string> {
  const bench = new Bench(options);
  await bench.boot(STORAGE);
  return bench.type(`print(${expression})`).join("\n");
}

const everyByte = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join("");

test("Storage survives a power cut, and another board on the same folder finds it", async () => {
  const directory = mkdtempSync(join(tmpdir(), "board-"));
  try {
    const bench = new Bench({ directory });
    await bench.boot(STORAGE + 'S.write("a/b", "kept");');
    await bench.board.powerOff();
    await bench.board.writeFile("bytes", everyByte);
    const other = new SimulatedBoard({ directory, onLine: () => undefined });
    expect(await other.readFile("a/b")).toBe("kept");
    expect(await other.readFile("bytes")).toBe(everyByte);
    await other.writeFile("a/b", "");
    expect(await new SimulatedBoard({ directory, onLine: () => undefined }).readFile("a/b")).toBeUndefined();
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("content that is no row of bytes is refused", async () => {
  await expect(new Bench().board.writeFile("a", "你")).rejects.toThrow("character 0 is not a byte");
});

test("names are cut to 28 bytes", async () => {
  expect(await run('S.write("1234567890123456789012345678-rest", "x") && S.list().join()')).toBe(
    ".bootcde,1234567890123456789012345678",
  );
});

test("it has a limited size, and a file that does not fit is an error", async () => {
  expect(await run('S.write("big", E.toString({ data: 65, count: 900 }))', { storageBytes: 1000 })).toBe("true");
  expect(await run('S.write("big", E.toString({ data: 65, count: 990 }))', { storageBytes: 1000 })).toBe(
    "Uncaught Error: Unable to find or create file",
  );
  expect(await run("S.getFree()", { storageBytes: 1000 })).toBe("940");
});

test("an empty file cannot be", async () => {
  expect(await run('S.write("a", "")')).toBe("Uncaught Error: Can't create zero length file");
});

test("writing in parts fills what is still erased, and nothing else", async () => {
  expect(await run('S.write("a", "Hel", 0, 5) && S.write("a", "lo", 3) && S.read("a")')).toBe("Hello");
  expect(await run('S.write("a", "AAAA") && S.write("a", "B", 1)')).toBe(
    "Uncaught Error: File already written with different data",
  );
});

test("JSON and parts of files can be read, a missing file is undefined", async () => {
  expect(
    await run(
      'S.writeJSON("j", { a: [1] }) && S.readJSON("j").a[0] + S.read("j", 1, 3) + S.read("none") + S.readJSON("none")',
    ),
  ).toBe('1"a"undefinedundefined');
  expect(await run('S.write("j", "no json") && S.readJSON("j", true)')).toBe("undefined");
});
