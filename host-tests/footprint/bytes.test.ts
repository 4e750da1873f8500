/** Bytes by module come from what the build has really written. */
import { gunzipSync, gzipSync } from "node:zlib";
import { countBytes, gzip } from "../../tools/footprint/bytes";
import { smallBundle } from "./small-bundle";

const MAIN = `import { greet } from "./part.js";\nconsole.log(greet("board"));\n`;
const PART = `/** A comment. */\nexport function greet(name) {\n  return "hello " + name;\n}\n`;

test("a bundle's modules add up to it", async () => {
  const bundle = await smallBundle(MAIN, PART);
  const { minified, raw, modules } = countBytes(bundle);
  expect(minified).toBe(bundle.code.length);
  expect(Object.values(modules).reduce((sum, part) => sum + part.minified, 0)).toBe(minified);
  expect(Object.values(modules).reduce((sum, part) => sum + part.raw, 0)).toBe(raw);
  expect(Object.keys(modules).sort()).toEqual(["", "main.js", "part.js"]);
  // "export" and the import are gone, the comment is there.
  expect(modules["part.js"].raw).toBe(PART.trim().length - "export ".length);
  expect(modules["part.js"].minified).toBe(bundle.code.indexOf("console") - bundle.code.indexOf("function", 2));
});

test("what one module grows by is that module's alone", async () => {
  const before = countBytes(await smallBundle(MAIN, PART)).modules;
  const longer = PART.replace("hello ", "hello from the cabinet, ");
  const after = countBytes(await smallBundle(MAIN, longer)).modules;
  const more = "from the cabinet, ".length;
  expect(after["part.js"].minified - before["part.js"].minified).toBe(more);
  expect(after["part.js"].raw - before["part.js"].raw).toBe(more);
  expect(after["main.js"]).toEqual(before["main.js"]);
});

test("gzip's length is that of its output", () => {
  const text = "publish".repeat(100);
  const packed = gzipSync(Buffer.from(text, "latin1"), { level: 9 });
  expect(gunzipSync(packed).toString("latin1")).toBe(text);
  expect(gzip(text)).toBe(packed.length);
});
