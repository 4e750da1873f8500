/** The compiled bundle and what waits when it restarts on purpose: all of it is kept, young or old. */
import { Bench } from "../fixtures/recovery-bench";
import { arrived, backWithin, HOUR, next, onEachRelease, SECOND } from "../fixtures/site";
import { device } from "../fixtures/virtual-board";

onEachRelease((options) => {
  test("messages that are a second to a minute old when the board restarts arrive after it", async () => {
    // A sketch that publishes each ten seconds while it is offline; thirty of them at most, so that the queue holds them.
    const sketch = `
      var n = 0;
      function reading() { if (uptime() > 3600 && n < 30) device.publish("young/" + ++n, "x", { qos: 1 }); }
      function uptime() { return getTime() - began; }
      var began = getTime();
      setInterval(reading, 10000);`;
    const bench = await Bench.booted(30 * SECOND, () => undefined, device(), options, `\n${sketch}`);
    bench.clock.advance(40 * 60 * SECOND);
    bench.board.setWifiPresent(false);
    const reboot = next(bench, "reboot", 2 * HOUR, { code: "offline" });
    const published = Number(bench.evaluate("n"));
    expect(published).toBeGreaterThan(10);
    bench.board.setWifiPresent(true);
    backWithin(bench, 10 * 60 * SECOND, reboot);
    bench.clock.advance(10 * SECOND);
    expect(arrived(bench).slice(0, published)).toEqual(Array.from({ length: published }, (_, i) => `young/${i + 1}`));
  });

  test("what is published between the `reboot` line and the reboot itself arrives as well", async () => {
    const sketch =
      'var n=0;setInterval(function(){if(getTime()>3590&&n<40)device.publish("late/"+ ++n,"x",{qos:1})},400);';
    const bench = await Bench.booted(
      3599 * SECOND,
      ({ board }) => board.setWifiPresent(false),
      device(),
      options,
      `\n${sketch}`,
    );
    const reboot = next(bench, "reboot", HOUR);
    bench.clock.advance(reboot.at + 900 - bench.clock.now());
    expect(bench.all("boot")).toHaveLength(1);
    const published = Array.from({ length: Number(bench.evaluate("n")) }, (_, i) => `late/${i + 1}`);
    bench.board.setWifiPresent(true);
    backWithin(bench, 10 * 60 * SECOND, reboot);
    bench.clock.advance(10 * SECOND);
    expect(arrived(bench)).toEqual(published);
  });

  test("nothing waits: nothing is written for it", async () => {
    const bench = await Bench.booted(5 * 60 * SECOND, () => undefined, device(), options);
    bench.board.wedgeWifi();
    next(bench, "reboot", 2 * HOUR);
    expect(bench.all("stored")).toEqual([]);
  });
});
