/**
 * The proof that the simulator is honest: the same programs on it and on the real interpreter, line by line the same.
 * Left out is what differs between builds (Unicode) and what a host cannot imitate (see SimulatedBoard).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Board, BoardOptions } from "../../tools/board/board";
import { MEMBERS } from "../../tools/board/builtins";
import { EspruinoBoard, findEspruino } from "../../tools/board/espruino";
import { SimulatedBoard } from "../../tools/board/simulated";
import { END, PROGRAMS, SOCKET_PROGRAM } from "./differential-programs";

// The interpreter is a process of its own, and the computer may be busy.
jest.setTimeout(30_000);

/** Runs a program until it prints END; a program that says nothing of it ends 50 ms after its start. */
async function run(make: (options: BoardOptions) => Board, program: string): Promise<string[]> {
  const directory = mkdtempSync(join(tmpdir(), "differential-"));
  const lines: string[] = [];
  let board: Board | undefined;
  try {
    const ended = new Promise<void>((resolve) => {
      const onLine = (line: string) => (line === END ? resolve() : lines.push(line));
      board = make({ directory, onLine });
    });
    const code = program.includes(END) ? program : `${program};setTimeout(function () { print("${END}"); }, 50);`;
    await board!.writeFile(".bootcde", code);
    await board!.powerOn();
    await ended;
    return withoutTraces(lines);
  } finally {
    await board?.powerOff();
    rmSync(directory, { recursive: true });
  }
}

/** The interpreter follows an exception with where it happened: "    at …", the source, a caret. */
function withoutTraces(lines: string[]): string[] {
  let inTrace = false;
  return lines.filter((line) => {
    if (/^ {4}at /.test(line)) inTrace = true;
    if (!inTrace) return true;
    if (/^ *\^$/.test(line)) inTrace = false;
    return false;
  });
}

const interpreter = findEspruino();
const compare = interpreter ? test : test.skip;

const simulated = (options: BoardOptions) => new SimulatedBoard({ ...options, image: "LINUX" });
const real = (options: BoardOptions) => new EspruinoBoard({ ...options, binary: interpreter });

async function expectSame(program: string): Promise<void> {
  const expected = await run(real, program);
  expect(expected).not.toEqual([]);
  expect(await run(simulated, program)).toEqual(expected);
}

describe("simulator and interpreter say the same", () => {
  compare.each(Object.entries(PROGRAMS))("%s", (_, program) => expectSame(program));

  compare.each(["end", "reset"] as const)("a socket that the peer ends by %s", async (how) => {
    const server: Server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => {
        if (how === "end") socket.end(Buffer.alloc(2000));
        else socket.resetAndDestroy();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      await expectSame(SOCKET_PROGRAM((server.address() as AddressInfo).port));
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

/** An instance (or the holder itself) on which the interpreter shows the members of each holder. */
const INSTANCES: Record<string, string> = {
  "Object.prototype": "({})",
  "Function.prototype": "(function () {})",
  "Array.prototype": "[]",
  "String.prototype": '"a"',
  "Number.prototype": "5",
  "Date.prototype": "new Date(1e12)",
  "ArrayBuffer.prototype": "new ArrayBuffer(4)",
  "Object.getPrototypeOf(Uint8Array)": "Uint8Array",
  "Object.getPrototypeOf(Uint8Array.prototype)": "new Uint8Array(4)",
  "DataView.prototype": "new DataView(new ArrayBuffer(8))",
};

const NOT_COMPARED = [
  // Part of the host's Number for good.
  "MAX_SAFE_INTEGER",
  "MIN_SAFE_INTEGER",
  "EPSILON",
  // Members every function has, or that the interpreter keeps behind its grammar.
  "constructor",
  "prototype",
  "length",
  "name",
  "arguments",
  "caller",
  "type",
  "toJSON",
];

const HOLDERS = [
  ...Object.keys(MEMBERS),
  "E",
  "console",
  "process",
  "Promise",
  'require("net")',
  'require("Storage")',
  'require("crypto")',
];

const NAMES_OF = `function namesOf(x) { print(Object.getOwnPropertyNames(x).join()); }`;
const MISSING = `function missing(x, names) {
  print("missing " + names.filter(function (n) { try { return x[n] === undefined; } catch (e) { return true; } }).join());
}`;

compare("the simulator offers nothing that the interpreter lacks", async () => {
  const found = await run(simulated, NAMES_OF + ["global", ...HOLDERS].map((holder) => `namesOf(${holder});`).join(""));
  const [globals, ...members] = found.map((line) =>
    line
      .split(",")
      .filter((name) => name && !name.startsWith("__") && !name.endsWith("cod") && !NOT_COMPARED.includes(name)),
  );
  // A Linux build has fewer pins.
  const scope = globals!.filter((name) => !/^D3[3-9]$|^namesOf$/.test(name));
  const checks = HOLDERS.map((holder, i) => `missing(${INSTANCES[holder] ?? holder}, ${JSON.stringify(members[i])});`);
  const program = `${MISSING}
    print("missing " + ${JSON.stringify(scope)}.filter(function (n) { try { eval(n); return false; } catch (e) { return true; } }).join());
    ${checks.join("\n")}`;
  const answers = await run(real, program);
  expect(["global", ...HOLDERS].map((holder, i) => `${holder}: ${answers[i]}`)).toEqual(
    ["global", ...HOLDERS].map((holder) => `${holder}: missing `),
  );
});
