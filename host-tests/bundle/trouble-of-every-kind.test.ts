/** The compiled bundle and one trouble after the other, of every kind that the simulated image has, in an order that nobody chose. */
import { Bench } from "../fixtures/recovery-bench";
import { Seeded } from "../fixtures/seeded";
import { arrived, backWithin, HOUR, MINUTE, onEachRelease, SECOND } from "../fixtures/site";
import { device } from "../fixtures/virtual-board";

/** Until the last rung has helped: an hour of uptime, its minutes longer by what blocks, and the longest wait after that. */
const BOUND = 2 * HOUR;

/** Between two troubles: until what waits is in Storage, whatever blocks. */
const LEAST = 2 * (MINUTE + 39 * SECOND) + 5 * SECOND;

type Trouble = (bench: Bench) => unknown;

const TROUBLES: Record<string, Trouble> = {
  away: ({ board }) => board.setWifiPresent(false),
  deaf: ({ board }) => board.deafenWifi(),
  wedged: ({ board }) => board.wedgeWifi(),
  "no address": ({ board }) => board.loseAddress(),
  "lost loss": ({ board }) => {
    board.loseNextEvent("disconnected");
    board.setWifiPresent(false);
  },
  "lost join": ({ board }) => {
    board.loseNextEvent("connected");
    board.setWifiPresent(false);
  },
  "another password": ({ board }) => board.changeWifi({ password: "another-secret" }),
  "another address": ({ board }) => {
    board.setWifiPresent(false);
    board.changeWifi({ ip: "192.168.4.99" });
  },
  mute: ({ board }) => board.changeWifi({ mute: true, absent: true }),
  nameless: ({ board, network }) => {
    board.changeWifi({ nameless: true });
    network.cut();
  },
  refuses: ({ network }) => {
    network.answer = "refuses";
    network.cut();
  },
  silent: ({ network }) => {
    network.answer = "silent";
    network.blackhole = true;
  },
  "no handshake": ({ network }) => {
    network.manners.handshake = false;
    network.cut();
  },
  "no CONNACK": ({ network }) => {
    network.manners.connack = undefined;
    network.cut();
  },
  forbidden: ({ network }) => {
    network.manners.connack = 5;
    network.cut();
  },
  "no PUBACK": ({ network }) => void (network.manners.puback = false),
  "no PINGRESP": ({ network }) => void (network.manners.pingresp = false),
  "load()": ({ board }) => board.type("load()"),
  "E.reboot()": ({ board }) => board.type("E.reboot()"),
  "power cut": async ({ board }) => {
    await board.powerOff();
    await board.powerOn();
  },
  "clock steps": ({ board }) => board.stepClock(500),
  stranger: ({ board }) => board.connectBle()?.close(),
};

const NAMES = Object.keys(TROUBLES);

/** All is well in the air and at the server. */
function calm({ board, network }: Bench): void {
  board.changeWifi({ absent: false, mute: false, nameless: false, password: "plant-secret", ip: undefined });
  Object.assign(network, { answer: "answers", blackhole: false });
  Object.assign(network.manners, { handshake: true, connack: 0, puback: true, pingresp: true });
}

onEachRelease((options) => {
  test.each([1, 2, 3, 4, 5])(
    "order %d: online again after each four, no safe mode, and what had waited for that long arrives",
    async (seed) => {
      const random = new Seeded(0, seed);
      const bench = await Bench.booted(2 * MINUTE, () => undefined, device(), options);
      const history: string[] = [];
      for (let i = 0; i < 40; i++) {
        const topics = [`${i}/a`, `${i}/b`, `${i}/c`, `${i}/d`];
        for (const topic of topics) {
          const name = random.pick(NAMES);
          history.push(name);
          await TROUBLES[name](bench);
          bench.clock.advance(2 * SECOND);
          bench.publish(topic);
          bench.clock.advance(LEAST + random.below(300) * SECOND);
        }
        calm(bench);
        try {
          if (!bench.online) backWithin(bench, BOUND);
          bench.clock.advance(5 * MINUTE);
          if (!bench.online) backWithin(bench, BOUND);
          for (const topic of topics) expect(arrived(bench)).toContain(topic);
          expect(bench.all("safe-mode")).toEqual([]);
          expect(bench.all("error").filter(({ code }) => code === "uncaught")).toEqual([]);
          expect(bench.board.listening()).toEqual([]);
        } catch (error) {
          (error as Error).message = `after ${history.slice(-4).join(", ")}: ${(error as Error).message}`;
          throw error;
        }
      }
    },
  );
});
