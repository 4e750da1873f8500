/** The compiled bundle that is to register first, and cannot get that far: the same ladder as for a session. */
import type { Bench } from "../fixtures/recovery-bench";
import { HOUR, MINUTE, next, onEachRelease, powered, unplannedBoots } from "../fixtures/site";
import { WIFI } from "../fixtures/virtual-board";

const UCLOUD = {
  wifi: WIFI,
  platform: "ucloud",
  ucloud: { productSN: "prod", deviceSN: "device-1", productSecret: "pr0duct-s3cret" },
  url: "ws://broker:8080/mqtt",
};
const ALIYUN = {
  wifi: WIFI,
  platform: "aliyun",
  aliyun: { productKey: "pk", deviceName: "device", productSecret: "pr0duct-s3cret" },
  url: "wss://broker:8443/mqtt",
};

const refuse = ({ network }: Bench) => void (network.answer = "refuses");

onEachRelease((options) => {
  test("TLS that does not fit: tls-memory with what to do, at most every five minutes, planned reboots alone", async () => {
    const bench = await powered(ALIYUN, options);
    bench.clock.advance(44 * MINUTE);
    const errors = bench.all("error");
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(["tls-memory"]));
    expect(errors.length).toBeLessThanOrEqual(44 / 5 + 1);
    bench.clock.advance(12 * HOUR);
    expect(bench.board.socketsLeft).toBeGreaterThan(0);
    expect(unplannedBoots(bench)).toEqual([]);
    expect(bench.all("safe-mode")).toEqual([]);
    expect(bench.all("reboot").length).toBeLessThanOrEqual(12);
  });

  test("a wedged driver: a planned reboot, and CONNECT is sent after it", async () => {
    const bench = await powered(UCLOUD, options, refuse);
    bench.clock.advance(10 * MINUTE);
    bench.board.wedgeWifi();
    bench.network.answer = "answers";
    const reboot = next(bench, "reboot", 2 * HOUR);
    expect(reboot).toMatchObject({ code: "offline" });
    bench.clock.advance(MINUTE);
    expect(bench.times("connect")).toHaveLength(1);
    expect(unplannedBoots(bench)).toEqual([]);
  });

  test("no access point for a day: planned boots, hourly at most, and it registers when it is back", async () => {
    const bench = await powered(UCLOUD, options, ({ board }) => board.setWifiPresent(false));
    bench.clock.advance(24 * HOUR);
    expect(bench.all("reboot").length).toBeLessThanOrEqual(24);
    expect(unplannedBoots(bench)).toEqual([]);
    expect(bench.all("safe-mode")).toEqual([]);
    expect(bench.times("connect")).toEqual([]);
    bench.board.setWifiPresent(true);
    bench.clock.advance(6 * MINUTE);
    expect(bench.times("connect")).toHaveLength(1);
  });

  test("a server that refuses for a day: never a reboot", async () => {
    const bench = await powered(UCLOUD, options, refuse);
    bench.clock.advance(24 * HOUR);
    expect(bench.all("reboot")).toEqual([]);
    expect(bench.all("boot")).toHaveLength(1);
  });
});
