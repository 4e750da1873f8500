/** What a build leaves out is not there. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildBundle } from "../../tools/build/bundle";
import { constantOf, FEATURES, parseFeatures } from "../../tools/build/features";

const ROOT = join(__dirname, "../..");
const NAMES = Object.keys(FEATURES);

/** Something that only this feature says. */
const TRACES: Record<string, RegExp> = {
  registration: /productSecret|authType|device\.secret|registr/i,
  "thing-model": /post_reply|tmodel|thing-refused/,
  shadow: /\/shadow\/|shadow-/,
  limits: /\.rate\b/,
  clock: /ext\/ntp|deviceSendTime|clock-invalid/,
};

jest.setTimeout(120_000);

describe("--features", () => {
  let dist: string;
  beforeEach(() => (dist = mkdtempSync(join(tmpdir(), "dist-"))));
  afterEach(() => rmSync(dist, { recursive: true, force: true }));

  test.each(["none", ...NAMES])("%s: the others leave not a trace", (only) => {
    buildBundle({ features: parseFeatures(only), dist, only: "firmware.js", silent: true });
    const code = readFileSync(join(dist, "firmware.js"), "latin1");
    expect(code).toContain("outgoingStore");
    const found = Object.keys(TRACES).filter((name) => TRACES[name].test(code));
    expect(found).toEqual(only === "none" ? [] : [only]);
  });
});

test("each feature has a trace to look for, and its constant is true in the source", () => {
  const source = readFileSync(join(ROOT, "firmware/features/enabled.ts"), "utf8");
  for (const name of NAMES) {
    expect(TRACES).toHaveProperty(name);
    expect(source).toContain(`export const ${constantOf(name)}: boolean = true;`);
  }
});

test("names are taken with spaces and twice; all and none are names too", () => {
  expect(parseFeatures("clock, registration,clock")).toEqual(["clock", "registration"]);
  expect(parseFeatures("all")).toEqual(NAMES);
  expect(parseFeatures("none")).toEqual([]);
});

test("no name at all is no choice: a script's empty variable would build something else", () => {
  expect(() => parseFeatures(" ")).toThrow("none is a name too");
});

test("an unknown name ends the command with 2 and the list", () => {
  const tsx = join(ROOT, "node_modules/tsx/dist/cli.mjs");
  const args = [tsx, "tools/build.ts", "--features", "clock,sundial"];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  expect(status).toBe(2);
  expect(stderr).toContain("there is no feature sundial");
  for (const name of NAMES) expect(stderr).toMatch(new RegExp(`^ +${name} `, "m"));
});
