/** `npm run platform` with a script, and with lines on its standard input. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readmeExample } from "../fixtures/readme";
import { Tool } from "../fixtures/tool";
import { DOCUMENTED, online } from "./devices";

jest.setTimeout(30_000);

const folder = mkdtempSync(join(tmpdir(), "script-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function script(text: string): string {
  const file = join(folder, "script.txt");
  writeFileSync(file, text);
  return file;
}

test("the README's script waits for the device and sends it what it says", async () => {
  const tool = new Tool("platform", ["--port", "0", "--script", script(readmeExample("text", "script"))]);
  const [url] = await tool.shows(/ws:\S+/);
  const client = await online(url, DOCUMENTED);
  await client.subscribe(["/sys/pk/device/thing/service/property/set"]);
  const [, topic] = await tool.shows(/sent +(\S+property\/set)/);
  expect(topic).toBe("/sys/pk/device/thing/service/property/set");
  client.terminate();
  tool.interrupt();
  expect(await tool.result).toMatchObject({ code: 0, stderr: "" });
});

test("a line of a script that is wrong ends the command with 1 and its number", async () => {
  const tool = new Tool("platform", ["--port", "0", "--script", script("wait 1ms\nset {}\n")]);
  const { code, stderr } = await tool.result;
  expect(code).toBe(1);
  expect(stderr).toMatch(/script\.txt, line 2: set: no device is connected/);
});

test("a script that cannot be read ends the command with 2", async () => {
  const { code, stderr } = await new Tool("platform", ["--port", "0", "--script", join(folder, "none")]).result;
  expect(code).toBe(2);
  expect(stderr).toContain("cannot read");
});

test("what is typed is done or answered, and a wrong line ends nothing", async () => {
  const tool = new Tool("platform", ["--port", "0"], { input: "nonsense\nhelp\n" });
  await tool.shows(/error: there is no command nonsense/);
  await tool.shows(/desired \{"name":value\}/);
  tool.interrupt();
  expect((await tool.result).code).toBe(0);
});
