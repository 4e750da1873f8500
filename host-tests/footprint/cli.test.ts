/** `npm run footprint` as a person meets it: what it writes and compares, and its exit codes. */
import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Footprint } from "../../tools/footprint/figures";
import { built } from "../fixtures/boards";
import { NO_INTERPRETER, runTool } from "../measure/command";

jest.setTimeout(120_000);

const DIST = join(__dirname, "../../dist");
const SECTION = "<!-- written by npm run footprint -- --write -->\n\n<!-- end of npm run footprint -->\n";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "footprint-"));
  mkdirSync(join(folder, "dist"));
  for (const name of ["firmware.js", "mqtt-ws.js"]) {
    built(name);
    for (const ending of ["", ".map", ".modules.json"]) {
      copyFileSync(join(DIST, name + ending), join(folder, "dist", name + ending));
    }
  }
  writeFileSync(join(folder, "README.md"), `# A board\n\n${SECTION}`);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** On files of its own, without an interpreter. */
const footprint = (...args: string[]) =>
  runTool(
    "footprint",
    [
      ...[
        "--dist",
        join(folder, "dist"),
        "--record",
        join(folder, "record.json"),
        "--readme",
        join(folder, "README.md"),
      ],
      ...args,
    ],
    NO_INTERPRETER,
  );

test("what it has written passes; a grown bundle fails and names the module", async () => {
  expect(await footprint("--write")).toMatchObject({ code: 0 });
  expect(await footprint("--check")).toMatchObject({ code: 0, stdout: "" });

  // The end of the bundle is the last module's.
  appendFileSync(join(folder, "dist/firmware.js"), `;var grown="${"x".repeat(88)}";`);
  const grown = await footprint("--check");
  expect(grown.code).toBe(1);
  expect(grown.stderr).toMatch(
    /^failed: firmware\.js: \d+ bytes minified, recorded are \d+ \(firmware\/board\/runtime\.ts \+102\)$/m,
  );
  expect(grown.stderr).not.toContain("mqtt-ws.js:");
});

test("the README's table says what the bundles are, and may not say anything else", async () => {
  await footprint("--write");
  const readme = readFileSync(join(folder, "README.md"), "utf8");
  const bytes = built("firmware.js").length.toLocaleString("en-US");
  expect(readme).toMatch(new RegExp(`^\\| minified .*\\| +${bytes} \\|`, "m"));
  expect(readme).toMatch(/^\| firmware\/mqtt\/client\.ts +\|/m);

  writeFileSync(join(folder, "README.md"), readme.replace(bytes, "7"));
  const altered = await footprint("--check");
  expect(altered.code).toBe(1);
  expect(altered.stderr).toContain("the README's tables are not those of the record");
});

test("figures of an interpreter that is not there stay in the record", async () => {
  await footprint("--write");
  const file = join(folder, "record.json");
  const record = JSON.parse(readFileSync(file, "utf8")) as Footprint;
  const figures = { loaded: 1, loadedInMemory: 2, connected: 3, connectedInMemory: 4, peakConnecting: 5, peakBurst: 6 };
  const build = { version: "2v29", blocksize: 14, unicode: false, crypto: true, tls: true };
  record.variables = [{ build, bundles: { "mqtt-ws.js": figures, "firmware.js": figures } }];
  writeFileSync(file, JSON.stringify(record));
  const { stderr } = await footprint("--write");
  expect(stderr).toContain("no interpreter");
  expect((JSON.parse(readFileSync(file, "utf8")) as Footprint).variables).toEqual(record.variables);
  expect(readFileSync(join(folder, "README.md"), "utf8")).toContain(
    "Variables on Espruino 2v29, variables of 14 bytes",
  );
});

test("--json is for tools", async () => {
  const { code, stdout } = await footprint("--json");
  const { bytes, variables, targets } = JSON.parse(stdout) as Footprint & { targets: object };
  expect(code).toBe(0);
  expect(bytes["mqtt-ws.js"].minified).toBe(built("mqtt-ws.js").length);
  expect(variables).toEqual([]);
  expect(targets).toHaveProperty(["firmware.js", "minified"], 15000);
});

test("without a record there is nothing to compare with", async () => {
  const { code, stderr } = await footprint("--check");
  expect(code).toBe(1);
  expect(stderr).toContain("npm run footprint -- --write");
});

test("a README without the comments is left alone", async () => {
  writeFileSync(join(folder, "README.md"), "# A board\n");
  const { code, stderr } = await footprint("--write");
  expect(code).toBe(1);
  expect(stderr).toContain("lacks the comments");
  expect(readFileSync(join(folder, "README.md"), "utf8")).toBe("# A board\n");
});

test.each([
  ["an unknown option", ["--chekc"]],
  ["an argument", ["firmware.js"]],
  ["two things at once", ["--write", "--check"]],
  ["an interpreter that cannot be run", ["--board", "/nowhere/espruino"]],
  ["--explain without an interpreter", ["--explain"]],
])("wrong usage, %s: exit code 2, and nothing on stdout", async (_, args) => {
  const { code, stdout, stderr } = await footprint(...args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/^error: /m);
});

test("a folder without the stock modules fails", async () => {
  const { code, stderr } = await footprint("--peers", folder);
  expect(code).toBe(1);
  expect(stderr).toContain("holds none of MQTT.js");
});

test("--help tells options and exit codes", async () => {
  const { code, stdout } = await footprint("--help");
  expect(code).toBe(0);
  expect(stdout).toContain("--explain");
  expect(stdout).toMatch(/exit\s+code 0/i);
});
