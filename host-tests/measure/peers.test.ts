/** Stock modules from a folder; the repository has none, so these are made up. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { readPeers } from "../../tools/measure/peers";

let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "peers-"))));
afterEach(() => rmSync(folder, { recursive: true }));

test("those that are there are read and minified, others left out", async () => {
  const source = `/* A comment. */\nfunction secretName(first) { return first + "\\u00e9"; }\nexports.create = secretName;\n`;
  writeFileSync(join(folder, "MQTT.js"), source);
  writeFileSync(join(folder, "other.js"), "exports = 1;");
  const peers = await readPeers(folder);
  expect(Object.keys(peers)).toEqual(["MQTT"]);
  expect(peers.MQTT!.source).toBe(source);
  expect(peers.MQTT!.code).not.toContain("secretName");
  // The interpreter reads bytes.
  expect([...peers.MQTT!.code].every((character) => character < "\x7f")).toBe(true);
  const context = { exports: {} as { create?: (text: string) => string } };
  runInNewContext(peers.MQTT!.code, context);
  expect(context.exports.create!("caf")).toBe("café");
});

test("a folder without any is refused, and one that is not there", async () => {
  await expect(readPeers(folder)).rejects.toThrow("holds none of MQTT.js, ws.js, hmac.js, crypto.js");
  await expect(readPeers(join(folder, "missing"))).rejects.toThrow("holds none of");
});
