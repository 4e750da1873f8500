/** What each of Espruino's images for ESP32 chips cannot do, as their board files and configurations have it. */
import { imageLimits, imageOf, tlsFault } from "../../tools/console/images";

const RELEASES = ["2v20", "2v22", "2v25", "2v26", "2v27.45", "2v28", "2v29", "2v29.66"];

test.each(RELEASES)("Espruino %s", (version) => {
  const of = (board: string) => imageOf({ board, version })!;
  const early = ["2v20", "2v22", "2v25"].includes(version);
  for (const board of ["ESP32", "ESP32_IDF4", "ESP32C3_IDF4", "ESP32S3_IDF4", "ESP32_CYD"]) {
    expect([board, of(board).storage]).toEqual([board, early ? 256 : 896]);
  }
  expect(of("ESP32")).toMatchObject({ tls: "heap", hashes: true, watchdog: true, telnet: true });
  expect(of("ESP32_IDF4")).toMatchObject({ tls: "none", hashes: false, watchdog: false, telnet: false });
  expect(of("ESP32S3_IDF4")).toMatchObject({ tls: "tight", watchdog: true });
  const late = version.startsWith("2v29");
  expect(of("ESP32C3_IDF4")).toMatchObject({ tls: version === "2v29.66" ? "fits" : "tight", watchdog: late });
});

test("a board that is no ESP32 has no limits of this table", () => {
  for (const board of ["LINUX", "PICO_R1_3", "constructor", ""]) {
    expect([imageOf({ board, version: "2v29" }), imageLimits({ board, version: "2v29" })]).toEqual([undefined, []]);
    expect(tlsFault({ board, version: "2v29" })).toBeUndefined();
  }
});

test("a heap with room for TLS overrides the table, but not an image built without TLS", () => {
  expect(tlsFault({ board: "ESP32", version: "2v29", heap: 49_999 })).toMatch(/49999 are free/);
  expect(tlsFault({ board: "ESP32", version: "2v29", heap: 50_000 })).toBeUndefined();
  expect(tlsFault({ board: "ESP32_IDF4", version: "2v29", heap: 4_000_000 })).toMatch(/has no TLS/);
});

test("an image without a version that can be read is taken for an old one", () => {
  expect(imageOf({ board: "ESP32C3_IDF4", version: "undefined" })).toMatchObject({ storage: 256, watchdog: false });
});
