/** Wi-Fi.getHostByName as the releases have it, and as builds since. */
import { Bench } from "./bench";

const lookup = (name: string) => (name.startsWith("known") ? "10.0.0.1" : undefined);
const WIFI = { ssid: "plant", password: "plant-secret", lookup };
const JOIN = 'var wifi = require("Wifi"); wifi.connect("plant", { password: "plant-secret" });';

async function joined(release: "2v29" | "later"): Promise<Bench> {
  const bench = new Bench({ wifi: WIFI, release });
  await bench.boot(JOIN, 1000);
  return bench;
}

describe("2v29", () => {
  test("a lookup under way answers null at once, and a known name a pointer's bytes", async () => {
    const bench = await joined("2v29");
    expect(bench.type('wifi.getHostByName("known", print); print("asked")')).toEqual(["asked", "null"]);
    expect(bench.type('wifi.getHostByName("known", print)')).toEqual(["48.162.253.63"]);
  });

  test("an address answers with a pointer's bytes too", async () => {
    const bench = await joined("2v29");
    expect(bench.type('wifi.getHostByName("127.0.0.1", print)')).toEqual(["48.162.253.63"]);
  });

  test("nobody is at the pointer's address: the connect blocks and fails", async () => {
    const bench = await joined("2v29");
    const lines = bench.type('require("net").connect({ host: "48.162.253.63", port: 80 })');
    expect(lines).toEqual(["ERROR: Connect failed (err 113)", "Uncaught InternalError: Unable to create socket"]);
    expect(bench.network.peers).toEqual([]);
  });
});

test("later images answer when the name server does", async () => {
  const bench = await joined("later");
  expect(bench.type('wifi.getHostByName("known", print); print("asked")')).toEqual(["asked", "10.0.0.1"]);
  expect(bench.type('wifi.getHostByName("other", print)')).toEqual(["null"]);
  expect(bench.type('wifi.getHostByName("1.2.3.4", print)')).toEqual(["1.2.3.4"]);
});

test("there is one callback: an older lookup answers the newest one", async () => {
  const bench = await joined("later");
  const ask = (name: string) => `wifi.getHostByName("${name}", function (a) { print("${name}", a); });`;
  expect(bench.type(ask("known-1") + ask("other"))).toEqual(["other 10.0.0.1"]);
});
