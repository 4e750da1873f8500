/** The variables of a simulated chip: how many, what takes them, and what happens when there are none. */
import { Bench } from "./bench";

const WIFI = { ssid: "plant", password: "plant-secret" };
const FIRMWARE = "/*" + "x".repeat(30_000) + "*/";
const watch = 'E.on("errorFlag", function (flags) { print("flags", flags.join()); });';

test("an ESP32 with BLE has 2,600 variables, of which an empty board uses few", async () => {
  const bench = new Bench({ wifi: WIFI });
  await bench.boot("", 100);
  expect(bench.type("var m = process.memory(); print(m.total, m.usage < 100, m.blocksize)")).toEqual(["2600 true 14"]);
});

test("process.memory(false) leaves out what the collector would tell", async () => {
  const bench = new Bench({ wifi: WIFI });
  await bench.boot("", 100);
  expect(bench.type('print("gc" in process.memory(), "gc" in process.memory(false))')).toEqual(["true false"]);
});

test("the firmware is charged its baseline, and a sketch behind it a variable for eleven characters", async () => {
  const usage = async (program: string) => {
    const bench = new Bench({ wifi: WIFI });
    await bench.boot(program, 100);
    return Number(bench.type("print(process.memory().usage)")[0]);
  };
  const empty = await usage("");
  expect((await usage(FIRMWARE)) - empty).toBe(272);
  expect((await usage(`${FIRMWARE}\n${"var sketch;".repeat(100)}`)) - empty).toBe(372);
});

test("connecting takes more for a while: until the server has said something", async () => {
  const bench = new Bench({ wifi: WIFI });
  await bench.boot(`${FIRMWARE}\nvar a=1;`, 100);
  bench.type('require("Wifi").connect("plant", { password: "plant-secret" })');
  bench.pass(1000);
  const usage = () => Number(bench.type("print(process.memory().usage)")[0]);
  const before = usage();
  bench.type('var s = require("net").connect({ host: "h", port: 1 })');
  expect(usage() - before).toBe(1549 - 272 - 6);
  bench.peer.send("HTTP");
  bench.pass(10);
  expect(usage() - before).toBe(637 - 272 - 6 + 1);
});

test("with no variable left intervals go, queued bytes are dropped, and the flags say so", async () => {
  const bench = new Bench({ wifi: WIFI });
  await bench.boot(`${watch}require("Wifi").connect("plant", { password: "plant-secret" });`, 1000);
  bench.type(
    'var s = require("net").connect({ host: "h", port: 1 }); var n = 0; setInterval(function () { n++; }, 10);',
  );
  bench.lines.length = 0;
  bench.peer.room = false;
  bench.type('s.write("x".repeat(100000))');
  expect(bench.lines).toEqual(["New interpreter error: LOW_MEMORY,MEMORY", "flags LOW_MEMORY,MEMORY"]);
  bench.peer.room = true;
  bench.peer.events.drain();
  const before = bench.type("print(n)");
  bench.pass(1000);
  expect(bench.type("print(n)")).toEqual(before);
  expect(bench.peer.received.length).toBeLessThan(2000);
});

test("memory can be told to run out at the n-th step of the program", async () => {
  const bench = new Bench({ wifi: WIFI, traits: { "exhaust-at-step": 50 } });
  await bench.boot(`${watch}var n = 0; setInterval(function () { n++; }, 10);`, 10_000);
  expect(bench.lines).toContain("flags LOW_MEMORY,MEMORY");
  expect(Number(bench.type("print(n)")[0])).toBeLessThan(51);
  // Once: the next boot is as any other.
  bench.lines.length = 0;
  bench.type("E.reboot()");
  expect(bench.pass(10_000)).toEqual([]);
});
