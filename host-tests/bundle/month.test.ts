/** The compiled bundle for 30 days on the image with 2,600 variables: a drop and a rejoin each hour, and a reading each minute. */
import { arrived, DAY, HOUR, MINUTE, onEachRelease, powered, SECOND, unplannedBoots } from "../fixtures/site";
import { WIFI } from "../fixtures/virtual-board";

const DAYS = 30;
/** Variables that timers and bytes under way may make of a difference. */
const SLACK = 60;
/** Variables that must always be left. */
const RESERVE = 300;

const JSON_FILE = {
  wifi: WIFI,
  platform: "ucloud",
  ucloud: { productSN: "prod", deviceSN: "device-1", deviceSecret: "s3cret" },
  url: "ws://broker:8080/mqtt",
  mqtt: { keepalive: 60 },
  telemetry: { topic: "/prod/device-1/upload/event", period: 600 },
};

/**
 * Publishes a reading each minute, under a name of its own over all boots; adds up what the events of the Wi-Fi leak (the numbers
 * are the simulated board's) and prints it.
 */
const SKETCH = `
var storage = require("Storage"), wifi = require("Wifi");
var boots = +(storage.read("sketch.boots") || 0) + 1, n = 0, leaked = 0;
storage.write("sketch.boots", "" + boots);
wifi.on("associated", function () { leaked += 5; });
wifi.on("connected", function () { leaked += 6; });
wifi.on("disconnected", function () { leaked += 12; });
setInterval(function () {
  var topic = "/prod/device-1/reading/" + boots + "/" + ++n;
  print("reading " + device.publish(topic, "21.5", { qos: 1 }) + " " + topic);
}, 60000);`;

onEachRelease((options) => {
  test("memory is accounted for, each reboot is planned and comes in time, and every reading arrives", async () => {
    const bench = await powered(JSON_FILE, options, () => undefined, SKETCH);
    const accounts: { boot: number; sum: number; free: number }[] = [];
    const start = bench.clock.now();
    for (let hour = 0; hour < DAYS * 24; hour++) {
      bench.clock.advance(start + hour * HOUR + 50 * MINUTE - bench.clock.now());
      if (bench.online) {
        const [leaked, free] = bench.evaluate('leaked + " " + process.memory().free').split(" ").map(Number);
        accounts.push({ boot: bench.all("boot").length, sum: free + leaked, free });
      }
      bench.board.setWifiPresent(false);
      // From ten seconds to eight minutes.
      bench.clock.advance(10 * SECOND + (hour % 8) * MINUTE);
      bench.board.setWifiPresent(true);
    }
    bench.clock.advance(start + DAYS * DAY + 10 * MINUTE - bench.clock.now());

    expect(accounts.length).toBeGreaterThan(DAYS * 24 * 0.9);
    const sums = accounts.map(({ sum }) => sum);
    expect(Math.max(...sums) - Math.min(...sums)).toBeLessThanOrEqual(SLACK);
    expect(Math.min(...accounts.map(({ free }) => free))).toBeGreaterThan(RESERVE);

    const reboots = bench.all("reboot");
    expect(reboots.length).toBeGreaterThan(0);
    expect(new Set(reboots.map(({ code }) => code))).toEqual(new Set(["memory"]));
    expect(unplannedBoots(bench)).toEqual([]);
    expect(bench.all("safe-mode")).toEqual([]);
    expect(bench.all("fault")).toEqual([]);
    const flags = bench.printed.filter((line) => /MEMORY/.test(line));
    expect(flags).toEqual([]);

    const readings = bench.printed.filter((line) => line.startsWith("reading "));
    expect(readings.length).toBeGreaterThan(DAYS * 24 * 59);
    expect(readings.filter((line) => !/^reading (sent|queued) /.test(line))).toEqual([]);
    const got = new Set(arrived(bench));
    const missing = readings.map((line) => line.split(" ")[2]).filter((topic) => !got.has(topic));
    expect(missing).toEqual([]);
  });
});
