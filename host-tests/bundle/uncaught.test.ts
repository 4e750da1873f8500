/** The compiled bundle and what nobody catches: told, kept while there is nobody to tell, and told once when there is. */
import type { Platform } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { EXAMPLES } from "../../tools/run/device-file";
import { Bench } from "../fixtures/recovery-bench";
import { SilentServer } from "../fixtures/silent-server";
import type { DeviceUnderTest } from "../fixtures/boards";
import { onEachBoard, SPEED } from "../fixtures/boards";

/** A sketch that runs `code` when the session stands. */
const onceOnline = (code: string) =>
  `var waiting=setInterval(function(){if(device.status().online){clearInterval(waiting);setTimeout(function(){${code}},3000)}},500);`;

jest.setTimeout(Math.max(60_000, 600_000 / SPEED));

onEachBoard((make) => {
  let platform: Platform;
  let device: DeviceUnderTest;
  let silent: SilentServer;

  beforeEach(async () => {
    silent = await SilentServer.start();
    platform = await startPlatform({ platform: "aliyun", speed: SPEED });
    device = make();
  });

  afterEach(async () => {
    await device.stop();
    await platform.close();
    await silent.stop();
  });

  /** `url`: of the platform unless told otherwise. */
  const start = (sketch: string, url = platform.url) =>
    device.start({ ...EXAMPLES.aliyun, url, telemetry: undefined }, sketch);

  test("what was thrown before the session comes once it is online, across a power cut, and once only", async () => {
    await start("setTimeout(function(){nowhere.near=1},10000);", silent.url);
    expect(await device.until(() => device.all("error").find(({ code }) => code === "uncaught"), "the error")).toEqual({
      event: "error",
      code: "uncaught",
      reason: expect.stringMatching(/nowhere/),
    });
    await device.board.powerOff();
    const { reason } = device.all("error").find(({ code }) => code === "uncaught")!;
    expect(await device.board.readFile("boot.faults")).toBe(`${reason}\n`);
    expect(device.all("fault")).toEqual([]);

    await start("");
    expect(await device.status("fault")).toEqual({ event: "fault", reason });
    platform.cut("reset");
    await device.status("online", 2);
    await device.board.powerOff();
    expect(await device.board.readFile("boot.faults")).toBeUndefined();
    expect(device.all("fault")).toHaveLength(1);
  });

  test("what is thrown while online is told at once and not kept", async () => {
    await start(onceOnline('throw new Error("two\\nlines")'));
    expect(await device.status("fault")).toMatchObject({ reason: expect.stringMatching(/^two lines/) });
    expect(device.all("error")).toEqual([]);
    await device.board.powerOff();
    expect(await device.board.readFile("boot.faults")).toBeUndefined();
  });

  test("the session goes on, whatever is thrown", async () => {
    const things = [
      "1",
      "0",
      "undefined",
      "null",
      "'text'",
      "{}",
      "[]",
      "[1,2]",
      "new Error()",
      "function(){}",
      "{message:{}}",
    ];
    // One after the other: of what is thrown in one turn of the interpreter's loop only the last is told.
    const sketch = `var throwers=[${things.map((thing) => `function(){throw ${thing}}`).join()}];
      function next(){
        var thrower=throwers.shift();
        if(!thrower)return print("still "+device.status().online);
        setTimeout(next,600);
        thrower();
      }
      ${onceOnline("next()")}`;
    await start(sketch);
    await device.line((line) => line === "still true");
    expect(device.lines.filter((line) => /uncaught/i.test(line))).toEqual([]);
    expect(device.all("fault")).toHaveLength(things.length);
    expect(device.all("offline")).toEqual([]);
  });

  test("three are kept, of a hundred characters each, and no more is written", async () => {
    const sketch = `var n=0;
      function fault(){
        if(++n>6)return print("enough");
        setTimeout(fault,600);
        throw "fault "+n+" "+new Array(300).join("x");
      }
      setTimeout(fault,10000);`;
    await start(sketch, silent.url);
    await device.line((line) => line === "enough");
    await device.board.powerOff();
    const kept = (await device.board.readFile("boot.faults"))!.split("\n");
    expect(kept.map((line) => line.slice(0, 8))).toEqual(["fault 1 ", "fault 2 ", "fault 3 ", ""]);
    expect(kept.slice(0, 3).map((line) => line.length)).toEqual([100, 100, 100]);
  });
});

describe("in virtual time", () => {
  test("out of memory: kept, and the board restarts, for the interpreter has dropped timers and bytes", async () => {
    const bench = await Bench.booted(1000, ({ network }) => (network.manners.handshake = false));
    bench.board.raiseErrorFlag("MEMORY");
    bench.clock.advance(0);
    expect(bench.all("error").at(-1)).toMatchObject({ code: "uncaught", reason: "flags MEMORY" });
    expect(bench.all("boot")).toHaveLength(2);
    bench.network.manners.handshake = true;
    bench.clock.advance(5000);
    expect(bench.all("fault")).toMatchObject([{ reason: "flags MEMORY" }]);
  });

  test("another flag is told each time it is raised, and nothing restarts", async () => {
    const bench = await Bench.booted(5000);
    for (let i = 0; i < 3; i++) {
      bench.board.raiseErrorFlag("FIFO_FULL");
      bench.clock.advance(1000);
    }
    expect(bench.all("fault").map(({ reason }) => reason)).toEqual(Array(3).fill("flags FIFO_FULL"));
    expect(bench.all("boot")).toHaveLength(1);
    expect(bench.online).toBe(true);
  });

  test("a Storage that is full keeps nothing and stops nothing", async () => {
    const bench = await Bench.booted(5000);
    bench.board.type('var s=require("Storage");s.write("fill",new Array(s.getFree()-100).join("x"))');
    bench.clock.advance(10);
    await bench.board.powerOff();
    await bench.board.powerOn();
    bench.board.type('throw "early"');
    bench.clock.advance(5000);
    expect(bench.online).toBe(true);
    expect(bench.all("error")).toMatchObject([{ code: "uncaught", reason: "early" }]);
  });
});
