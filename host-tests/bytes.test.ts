import { find, printable, uint16, uint16At } from "../firmware/bytes";

describe("uint16", () => {
  test.each([
    [0, "\x00\x00"],
    [1, "\x00\x01"],
    [255, "\x00\xff"],
    [256, "\x01\x00"],
    [0x1234, "\x12\x34"],
    [65535, "\xff\xff"],
  ])("writes %i high byte first, and reads it back", (value, bytes) => {
    expect(uint16(value)).toBe(bytes);
    expect(uint16At(bytes, 0)).toBe(value);
    expect(uint16At(`\xff${bytes}\xff`, 1)).toBe(value);
  });
});

describe("printable", () => {
  test.each([
    ["", ""],
    ["401 Unauthorized ~", "401 Unauthorized ~"],
    ["a\r\nb\tc\x00d\x1b[2J", "a..b.c.d.[2J"],
    ["\x1f \x7e\x7f\x80\xff", ". ~..."],
  ])("%j is %j", (bytes, text) => expect(printable(bytes)).toBe(text));

  test("is cut after 80 characters", () => {
    expect(printable("x".repeat(80))).toBe("x".repeat(80));
    expect(printable("x".repeat(5000))).toBe("x".repeat(80));
  });
});

describe("find", () => {
  const table: [string, string, number][] = [
    ["ab\r\n\r\ncd", "\r\n\r\n", 2],
    ["\r\n\r\n", "\r\n\r\n", 0],
    ["ab\r\n", "\r\n\r\n", -1],
    ["ab\r\n\r", "\r\n\r\n", -1],
    ["", "x", -1],
    ["x", "x", 0],
    ["abc", "x", -1],
    ["\xff\x80", "\x80", 1],
  ];

  test.each(table)("in %j, %j is at %i", (bytes, needle, at) => expect(find(bytes, needle)).toBe(at));

  test.each(table)(
    "in %j, %j is at %i where indexOf takes half a needle at the end for a whole one",
    (bytes, needle, at) => {
      const indexOf = String.prototype.indexOf;
      const spy = jest.spyOn(String.prototype, "indexOf").mockImplementation(function (this: string, text) {
        for (let i = 0; i < this.length; i++) if (text.startsWith(this.substring(i, i + text.length))) return i;
        return -1;
      });
      let found;
      try {
        found = find(bytes, needle);
      } finally {
        spy.mockRestore();
      }
      expect(String.prototype.indexOf).toBe(indexOf);
      expect(found).toBe(at);
    },
  );
});
