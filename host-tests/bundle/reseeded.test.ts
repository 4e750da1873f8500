/** The compiled bundle seeds the interpreter's generator again before each TLS connect: TLS takes its keys from it. */
import { Bench } from "../fixtures/recovery-bench";
import { MINUTE, onEachRelease, SECOND } from "../fixtures/site";
import { device } from "../fixtures/virtual-board";

const WSS = device({}, { url: "wss://broker:8443/mqtt" });
/** Prints each seed that is set behind the firmware's start, and the number that each TLS connect begins with. */
const WATCH = `
var tls = require("tls"), connect = tls.connect, srand = E.srand;
E.srand = function (seed) { print("seed " + seed); srand(seed); };
tls.connect = function (target) { print("key " + E.hwRand()); return connect(target); };`;

onEachRelease(({ release }) => {
  const options = { release, traits: { tls: "fits" } as const };

  interface Drawn {
    seeds: string[];
    keys: string[];
  }

  /** What a board draws over three connections; `joinTime` of its Wi-Fi in milliseconds. */
  async function drawn(joinTime: number): Promise<Drawn> {
    const prepare = ({ board }: Bench) => board.changeWifi({ joinTime });
    const bench = await Bench.booted(10 * SECOND, prepare, WSS, options, WATCH);
    for (let i = 0; i < 2; i++) {
      bench.network.cut();
      bench.clock.advance(2 * MINUTE);
    }
    expect(bench.all("online")).toHaveLength(3);
    const [seeds, keys] = ["seed ", "key "].map((word) => bench.printed.filter((line) => line.startsWith(word)));
    return { seeds, keys };
  }

  test("once for each connect, with another seed each time", async () => {
    const { seeds, keys } = await drawn(500);
    expect(seeds).toHaveLength(3);
    expect(new Set(seeds).size).toBe(3);
    expect(new Set(keys).size).toBe(3);
  });

  test("two boards alike in all but a millisecond of their clocks draw different keys", async () => {
    const [one, other] = [await drawn(500), await drawn(501)];
    expect(one.seeds[0]).not.toBe(other.seeds[0]);
    for (const key of one.keys) expect(other.keys).not.toContain(key);
  });

  test("a failed attempt is seeded as well", async () => {
    const prepare = ({ network }: Bench) => void (network.answer = "refuses");
    const bench = await Bench.booted(MINUTE, prepare, WSS, options, WATCH);
    const seeds = bench.printed.filter((line) => line.startsWith("seed "));
    expect(seeds.length).toBe(bench.attempts.length);
    expect(new Set(seeds).size).toBe(seeds.length);
  });
});
