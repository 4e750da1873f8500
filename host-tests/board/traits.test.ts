/** The one table of what a simulated board can have: names, words, and what each image has by itself. */
import { SimulatedBoard } from "../../tools/board/simulated";
import { imageLimits } from "../../tools/console/images";
import { describeTraits, parseTrait, traitsOf } from "../../tools/board/traits";

test("the default is the ESP32 image 2v29, as unkind as the chip", () => {
  expect(traitsOf("ESP32", "2v29")).toMatchObject({
    lookup: "broken",
    driver: "2v29",
    "access-point": true,
    telnet: true,
    bluetooth: true,
    variables: 2600,
    sockets: 10,
    tls: "too-large",
  });
});

test("later images differ in the lookup, the driver, the access point and BLE's console", () => {
  const released = traitsOf("ESP32", "2v29");
  const later = Object.entries(traitsOf("ESP32", "later"));
  const other = later.filter(([name, value]) => released[name as keyof typeof released] !== value);
  expect(other.map(([name]) => name)).toEqual(["lookup", "driver", "access-point", "stay-on-ble"]);
});

test("TLS is tight where the images' table of the tools has it so, and the board reports no roomier heap", async () => {
  for (const image of ["ESP32C3_IDF4", "ESP32S3_IDF4"] as const) {
    expect(traitsOf(image, "2v29").tls).toBe("tight");
    const lines: string[] = [];
    const board = new SimulatedBoard({ image, onLine: (line) => lines.push(line) });
    await board.powerOn();
    board.type("print(ESP32.getState().freeHeap)");
    const heap = Number(lines.find((line) => /^\d+$/.test(line)));
    await board.powerOff();
    expect(imageLimits({ board: image, version: "2v29", heap })).toContainEqual(
      expect.stringMatching(/^TLS just fits/),
    );
  }
  expect(traitsOf("ESP32C3_IDF4", "later").tls).toBe("fits");
});

test("the help of a trait has what each image has, where that is not an ESP32's", () => {
  expect(describeTraits()).toMatch(/^ +tls .*\(ESP32: too-large; ESP32_IDF4: absent; ESP32C3_IDF4: tight;/m);
});

test("what is told wins; undefined tells nothing", () => {
  expect(traitsOf("ESP32", "2v29", { tls: "fits", sockets: undefined })).toMatchObject({ tls: "fits", sockets: 10 });
});

test.each([
  ["telnet", { telnet: true }],
  ["telnet=off", { telnet: false }],
  ["variables=2300", { variables: 2300 }],
  ["tls=fits", { tls: "fits" }],
])("%s is read", (text, traits) => expect(parseTrait(text)).toEqual(traits));

test.each([
  ["telnett", /no trait "telnett": lookup, driver/],
  ["telnet=maybe", /telnet must be on or off, not "maybe"/],
  ["variables=many", /variables must be a whole number/],
  ["tls=on", /tls must be fits or tight or too-large or absent/],
])("%s is refused with what is possible", (text, message) => expect(() => parseTrait(text)).toThrow(message));

test("each trait has a name and a line of help", () => {
  const lines = describeTraits().split("\n");
  expect(lines.length).toBe(Object.keys(traitsOf("ESP32", "2v29")).length);
  for (const line of lines) expect(line).toMatch(/^ {2}\S+ +\S.{20,}\(ESP32: .+\)$/);
});
