import { Journal } from "../../firmware/mqtt/journal";
import { checked, FlashRecords } from "../fixtures/flash-records";
import { cases, seed } from "../fixtures/seeded";

const open = (flash: FlashRecords) => new Journal(flash, "out");

/** Flash that holds two lists, the newer one in the record `newer`. */
function twoLists(newer: 0 | 1) {
  const flash = new FlashRecords();
  const journal = open(flash);
  if (newer === 1) journal.save(["oldest"]);
  if (newer === 1) journal.save(["older", "list"]);
  else journal.save(["older", "list"]);
  journal.save(["newer", "list\xff\0"]);
  expect(flash.written.at(-1)).toBe(`out${newer}`);
  return flash;
}

const OLDER = ["older", "list"];
const NEWER = ["newer", "list\xff\0"];
const load = (flash: FlashRecords) => open(flash).load();

it("holds nothing at first", () => {
  expect(open(new FlashRecords()).load()).toEqual([]);
});

it("gives back what was kept last, in order, and counts its writes", () => {
  const flash = new FlashRecords();
  const journal = open(flash);
  const lists = [["a"], ["a", "b"], [], ["\0\xff".repeat(300), "x".repeat(65535)]];
  lists.forEach((list, i) => {
    journal.save(list);
    expect([open(flash).load(), journal.writes]).toEqual([list, i + 1]);
  });
});

it("leaves out a packet of over 65,535 bytes, and nothing else", () => {
  const flash = new FlashRecords();
  open(flash).save(["a", "x".repeat(65536), "b"]);
  expect(open(flash).load()).toEqual(["a", "b"]);
});

it("writes the two records in turn, across boots too", () => {
  const flash = new FlashRecords();
  for (let i = 0; i < 10; i++) {
    const journal = open(flash);
    journal.load();
    journal.save([`${i}`]);
  }
  expect(flash.written.every((name, i) => i === 0 || name !== flash.written[i - 1])).toBe(true);
  expect(new Set(flash.written)).toEqual(new Set(["out0", "out1"]));
});

describe.each([0, 1] as const)("with the newer list in record %d", (newer) => {
  const names = newer ? ["out1", "out0"] : ["out0", "out1"];

  it("a newer record cut short anywhere is skipped: the older list stands", () => {
    const flash = twoLists(newer);
    const whole = flash.files.get(names[0])!;
    expect(load(flash)).toEqual(NEWER);
    for (let length = 0; length < whole.length; length++) {
      for (const tail of ["", "\xff".repeat(whole.length - length), "\0".repeat(whole.length - length)]) {
        const torn = whole.slice(0, length) + tail;
        if (torn === whole) continue;
        flash.files.set(names[0], torn);
        expect({ length, loaded: load(flash) }).toEqual({ length, loaded: OLDER });
      }
    }
  });

  it.each([
    ["newer", 0, OLDER],
    ["older", 1, NEWER],
  ])("any one byte of the %s record changed: the other list stands", (_name, at, expected) => {
    const flash = twoLists(newer);
    const whole = flash.files.get(names[at])!;
    for (let i = 0; i < whole.length; i++) {
      for (const bit of [1, 0x80, 0xff]) {
        flash.files.set(
          names[at],
          whole.slice(0, i) + String.fromCharCode(whole.charCodeAt(i) ^ bit) + whole.slice(i + 1),
        );
        expect({ i, loaded: load(flash) }).toEqual({ i, loaded: expected });
      }
    }
  });

  it("both torn: there is nothing", () => {
    const flash = twoLists(newer);
    for (const name of names) flash.files.set(name, "\xff".repeat(20));
    expect(load(flash)).toEqual([]);
  });

  it("a power cut at any byte of a write leaves the newest whole list, and the next write does not risk that", () => {
    const length = checked("\0\0" + "\0\x01x").length;
    for (let cut = 0; cut < length; cut++) {
      const flash = twoLists(newer);
      for (let again = 0; again < 3; again++) {
        const journal = open(flash);
        journal.load();
        flash.cutAfter = cut;
        expect(() => journal.save(["x"])).toThrow("power cut");
        expect({ cut, loaded: load(flash) }).toEqual({ cut, loaded: NEWER });
      }
      flash.cutAfter = undefined;
      const journal = open(flash);
      journal.load();
      journal.save(["x"]);
      expect(load(flash)).toEqual(["x"]);
    }
  });
});

it("sequence numbers wrap", () => {
  const flash = new FlashRecords();
  flash.files.set("out0", checked("\xff\xfc\0\x01a"));
  for (let i = 0; i < 10; i++) {
    const journal = open(flash);
    journal.load();
    journal.save([`${i}`]);
    expect(open(flash).load()).toEqual([`${i}`]);
  }
});

it("a write that fails is not counted, and goes to the same record again", () => {
  const flash = twoLists(0);
  const journal = open(flash);
  journal.load();
  flash.fault = new Error("no room");
  expect(() => journal.save(["x"])).toThrow("no room");
  expect([journal.writes, load(flash)]).toEqual([0, NEWER]);
  flash.fault = undefined;
  journal.save(["x"]);
  expect([journal.writes, flash.written.at(-1)]).toEqual([1, "out1"]);
});

it(`a record of any bytes behind a right checksum never throws (SEED=${seed})`, () => {
  cases(3000, 0, (random) => {
    const flash = new FlashRecords();
    for (const name of ["out0", "out1"]) {
      flash.files.set(name, checked(random.bytes(random.below(40)).replace(/^[^]/, "\0")));
    }
    const journal = open(flash);
    const bytes = journal.load().reduce((sum, packet) => sum + packet.length + 2, 0);
    expect(bytes).toBeLessThanOrEqual(40);
    journal.save(["x"]);
    expect(open(flash).load()).toEqual(["x"]);
  });
});
