import { Bench } from "./bench";

const HOUR = 3_600_000;

describe("events", () => {
  test("emit is queued, not synchronous", async () => {
    expect(
      await new Bench().boot('var o = {}; o.on("e", function () { print("e"); }); o.emit("e"); print("after");'),
    ).toEqual(["after", "e"]);
  });

  test("every object has on and emit, and `this` is the object", async () => {
    const program =
      'function F() {} var a = []; [F, a].forEach(function (o) { o.on("e", function () { print(this === o); }); o.emit("e"); });';
    expect(await new Bench().boot(program)).toEqual(["true", "true"]);
  });

  test("handlers are a visible member of the object", async () => {
    expect(await new Bench().boot('var o = {}; o.on("e", print); for (var k in o) print(k);')).toEqual(["#one"]);
  });

  test("a string cannot have handlers", async () => {
    expect(await new Bench().boot('"abc".on("e", print)')).toEqual([
      "Uncaught TypeError: Parent must be an object - not a String, Integer, etc",
    ]);
  });
});

describe("timers", () => {
  test("clearTimeout(undefined) throws", async () => {
    expect(await new Bench().boot("clearTimeout(undefined)")).toEqual([
      "Uncaught Error: clearTimeout(undefined) not allowed. Use clearTimeout() instead",
    ]);
  });

  test("clearTimeout() clears every timer", async () => {
    expect(
      await new Bench().boot('setTimeout(print, 10, "once"); setInterval(print, 10, "often"); clearTimeout();'),
    ).toEqual([]);
  });

  test("timers due in one turn run in the order they were made", async () => {
    const bench = new Bench();
    await bench.boot('setTimeout(print, 90000, "made first"); setTimeout(print, 80000, "due first");');
    bench.board.stepClock(100);
    expect(bench.pass(0)).toEqual(["made first", "due first"]);
  });

  test("an interval that throws goes on", async () => {
    expect(await new Bench().boot("setInterval(function () { throw 1; }, 40)")).toEqual(["Uncaught 1", "Uncaught 1"]);
  });

  test("a year of days takes no real time", async () => {
    const bench = new Bench();
    await bench.boot(`var days = 0; setInterval(function () { days++; }, ${24 * HOUR})`);
    bench.pass(365 * 24 * HOUR);
    expect(bench.type("print(days)")).toEqual(["365"]);
  });
});

describe("the clock", () => {
  test("starts at 0 without a battery, and has a fraction", async () => {
    const bench = new Bench();
    await bench.boot("", 1500);
    expect(bench.type("print(getTime(), Date.now(), new Date().getTime())")).toEqual(["1.5 1500 1500"]);
  });

  test("setTime moves it and leaves timers alone", async () => {
    const bench = new Bench();
    expect(await bench.boot('setTimeout(print, 5000, "ran"); setTime(1700000000); print(getTime());')).toEqual([
      "1700000000",
    ]);
    expect(bench.pass(5000)).toHaveLength(2);
  });

  test("a step from outside makes pending timeouts due at once", async () => {
    const bench = new Bench();
    await bench.boot('setTimeout(print, 3600000, "ran")');
    bench.board.stepClock(3600);
    expect(bench.pass(0)).toEqual(["ran"]);
  });

  test("a step from outside makes intervals catch up in a burst", async () => {
    const bench = new Bench();
    await bench.boot("var n = 0; setInterval(function () { n++; }, 1000)", 0);
    bench.board.stepClock(60);
    bench.pass(0);
    expect(bench.type("print(n)")).toEqual(["60"]);
  });
});

describe("uncaught exceptions", () => {
  test("are printed, and the board goes on", async () => {
    expect(
      await new Bench().boot('setTimeout(function () { nothing(); }, 1); setTimeout(print, 5, "still here");'),
    ).toEqual(['Uncaught ReferenceError: "nothing" is not defined', "still here"]);
  });

  test("only the last of one turn is printed", async () => {
    expect(
      await new Bench().boot("setTimeout(function () { throw 1; }, 5); setTimeout(function () { throw 2; }, 5);"),
    ).toEqual(["Uncaught 2"]);
  });

  test("a rejection that nobody handles is one", async () => {
    expect(await new Bench().boot('Promise.reject(new Error("no"))')).toEqual([
      "Uncaught Error: Unhandled promise rejection: Error: no",
    ]);
  });

  test("go to process.on('uncaughtException') where there is a handler", async () => {
    expect(
      await new Bench().boot('process.on("uncaughtException", function (e) { print("caught " + e); }); throw 7;'),
    ).toEqual(["caught 7"]);
  });
});

describe("power and flags", () => {
  test("a power cut ends timers and forgets RAM", async () => {
    const bench = new Bench();
    await bench.boot('print(typeof memory); memory = 1; setInterval(print, 10, "tick")', 15);
    await bench.board.powerOff();
    bench.pass(1000);
    expect(bench.lines).toEqual(["undefined", "tick"]);
    await bench.board.powerOn();
    expect(bench.lines[2]).toBe("undefined");
  });

  test("E.reboot and load run the program again, reset does not", async () => {
    const bench = new Bench();
    await bench.boot('print("boot")');
    expect(bench.type("E.reboot()")).toEqual(["boot"]);
    expect(bench.type("load()")).toEqual(["boot"]);
    expect(bench.type("reset()")).toEqual([]);
  });

  test("error flags are told once, and by an event", async () => {
    const bench = new Bench();
    await bench.boot('E.on("errorFlag", function (flags) { print("event " + flags); })');
    bench.board.raiseErrorFlag("MEMORY");
    bench.pass(0);
    expect(bench.type("print(JSON.stringify(E.getErrorFlags()), E.getErrorFlags().length)")).toEqual(['["MEMORY"] 0']);
    expect(bench.lines[0]).toBe("event MEMORY");
  });

  test("the watchdog is recorded", async () => {
    const bench = new Bench();
    await bench.boot("E.enableWatchdog(30, false); E.kickWatchdog(); E.kickWatchdog();");
    expect(bench.board.watchdog).toEqual({ timeout: 30, automatic: false, kicks: 2, fed: 0 });
  });

  test("a watchdog that is not kicked in time restarts the board; one that the interpreter kicks does not", async () => {
    const bench = new Bench();
    await bench.boot(
      'print("boot"); E.enableWatchdog(30, false); setTimeout(function () { E.kickWatchdog(); }, 20000);',
    );
    expect(bench.pass(49_800)).toEqual(["boot"]);
    expect(bench.pass(200)).toEqual(["boot", "boot"]);
    bench.type("E.enableWatchdog(30)");
    expect(bench.pass(1e6)).toHaveLength(2);
  });

  test("process.memory tells of timers that leak", async () => {
    const bench = new Bench();
    await bench.boot("var before = process.memory(); for (var i = 0; i < 10; i++) setTimeout(print, 1e6);");
    expect(bench.type("var m = process.memory(); print(m.usage - before.usage, m.free + m.usage - m.total)")).toEqual([
      "60 0",
    ]);
  });
});
