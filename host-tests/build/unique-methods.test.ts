import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { uniqueMethods } from "../../tools/build/unique-methods";

jest.setTimeout(60_000);

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "methods-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** What TypeScript makes of a module with the pass in front. */
function compiled(code: string): string {
  const file = join(folder, "module.ts");
  writeFileSync(file, code);
  const program = ts.createProgram([file], { target: ts.ScriptTarget.ES2022, strict: true, outDir: folder, types: [] });
  let out = "";
  program.emit(undefined, (_name, text) => (out += text), undefined, false, {
    before: [uniqueMethods.factory(program)],
  });
  return out;
}

const SINK = "interface Sink { told(what: string): void; }\n";

test("a method, its calls and those through an interface that one class implements get one name", () => {
  const out = compiled(
    `${SINK}class A implements Sink { private n = 0; told(what: string): void { this.note(what); } note(what: string) { this.n += what.length; } get size() { return this.n; } }
     export const call = (sink: Sink, a: A) => { sink.told("x"); a.note("y"); return a.size; };`,
  );
  expect(out).toMatch(/A\$told\(what\) \{ this\.A\$note\(what\)/);
  expect(out).toMatch(/sink\.A\$told\("x"\); a\.A\$note\("y"\); return a\.A\$size/);
});

test.each([
  ["two classes", "class B implements Sink { told(what: string): void {} }"],
  ["an object literal", "export const literal: Sink = { told() {} };"],
])("behind an interface with %s besides, methods keep their names", (_what, other) => {
  const out = compiled(
    `${SINK}class A implements Sink { told(what: string): void { this.note(what); } note(what: string) {} }
     ${other}
     export const call = (sink: Sink, a: A) => { sink.told("x"); a.told("y"); };`,
  );
  expect(out).toMatch(/told\(what\) \{ this\.A\$note\(what\)/);
  expect(out).toMatch(/sink\.told\("x"\); a\.told\("y"\)/);
});
