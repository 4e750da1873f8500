/** What `npm run check` holds the bundles to. */
import { growth } from "../../tools/footprint/check";
import type { BundleBytes, Footprint, Variables } from "../../tools/footprint/figures";
import { merged } from "../../tools/footprint/figures";
import type { Build } from "../../tools/measure/board-run";

const BUILD: Build = { version: "2v29", blocksize: 14, unicode: false, crypto: true, tls: true };
const bytes = (client: number, errors: number): BundleBytes => ({
  raw: 3 * (client + errors),
  minified: client + errors,
  gzip: 99,
  modules: {
    "firmware/mqtt/client.ts": { raw: 0, minified: client, gzip: 9 },
    "firmware/errors.ts": { raw: 0, minified: errors, gzip: 9 },
  },
});
const variables: Variables = {
  loaded: 200,
  loadedInMemory: 600,
  connected: 500,
  connectedInMemory: 1500,
  peakConnecting: 700,
  peakBurst: 1000,
};
const footprint = (more: Partial<Footprint> = {}): Footprint => ({
  bytes: { "mqtt-ws.js": bytes(5000, 50), "firmware.js": bytes(5000, 60) },
  variables: [{ build: BUILD, bundles: { "mqtt-ws.js": variables, "firmware.js": variables } }],
  ...more,
});
const counted = (more: Partial<Variables>, build = BUILD) => [
  { build, bundles: { "mqtt-ws.js": variables, "firmware.js": { ...variables, ...more } } },
];

test("the same figures pass, and so do smaller ones", () => {
  expect(growth(footprint(), footprint())).toEqual([]);
  const smaller = { "mqtt-ws.js": bytes(4000, 50), "firmware.js": bytes(4000, 60) };
  expect(growth(footprint({ bytes: smaller, variables: counted({ connected: 400 }) }), footprint())).toEqual([]);
});

test("one byte more fails and names the bundle and the module, not those that shrank", () => {
  const grown = { "mqtt-ws.js": bytes(5000, 50), "firmware.js": bytes(4990, 71) };
  expect(growth(footprint({ bytes: grown }), footprint())).toEqual([
    "firmware.js: 5061 bytes minified, recorded are 5060 (firmware/errors.ts +11)",
  ]);
});

test("one module's growth that another one makes up for passes", () => {
  const moved = { "mqtt-ws.js": bytes(5010, 40), "firmware.js": bytes(5000, 60) };
  expect(growth(footprint({ bytes: moved }), footprint())).toEqual([]);
});

test("a new module is named with all of its bytes", () => {
  const now = bytes(5000, 60);
  now.minified += 40;
  now.modules["firmware/new.ts"] = { raw: 0, minified: 40, gzip: 9 };
  const found = growth(footprint({ bytes: { ...footprint().bytes, "firmware.js": now } }), footprint());
  expect(found).toEqual([expect.stringContaining("(firmware/new.ts +40)")]);
});

test.each([
  ["loaded", 2],
  ["loadedInMemory", 2],
  ["connected", 4],
  ["connectedInMemory", 4],
  ["peakConnecting", 20],
  ["peakBurst", 40],
] as const)("%s may be %d variables above the record, for a timer more or less, and no more", (figure, slack) => {
  const allowed = { [figure]: variables[figure] + slack };
  expect(growth(footprint({ variables: counted(allowed) }), footprint())).toEqual([]);
  const beyond = { [figure]: variables[figure] + slack + 1 };
  expect(growth(footprint({ variables: counted(beyond) }), footprint())).toEqual([
    expect.stringMatching(new RegExp(`^firmware.js: ${variables[figure] + slack + 1} variables .*, recorded are `)),
  ]);
});

test.each([
  ["version", { version: "2v30" }],
  ["block size", { blocksize: 16 }],
  ["Unicode", { unicode: true }],
  ["native hashes", { crypto: false }],
  ["TLS", { tls: false }],
])("an interpreter of another %s is not compared", (_, other) => {
  const elsewhere = counted({ connected: 9999 }, { ...BUILD, ...other });
  expect(growth(footprint({ variables: elsewhere }), footprint())).toEqual([]);
});

test("a new record keeps what was counted on other interpreters, and the stock modules", () => {
  const other = { ...BUILD, blocksize: 27 };
  const peers = { MQTT: { loaded: 209 } };
  const kept = footprint({
    variables: [{ ...counted({}, BUILD)[0], peers }, ...counted({}, other)],
    peers: { MQTT: { raw: 9, minified: 8, gzip: 7 } },
  });
  const result = merged(footprint({ variables: counted({ connected: 450 }) }), kept);
  expect(result.variables.map(({ build }) => build.blocksize)).toEqual([14, 27]);
  expect(result.variables[0].bundles["firmware.js"].connected).toBe(450);
  expect(result.variables[0].peers).toEqual(peers);
  expect(result.peers).toEqual(kept.peers);
});
