/** Faults put into a simulated run on purpose, so that its report has something to name. */
import type { FieldBoard, Fleet } from "./simulated";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Loses six variables every two minutes: a timer that never comes to anything. */
const LEAK = "setInterval(function(){setTimeout(function(){},1e9)},120000)";

/** Lets troubles befall the boards in turn: cuts, a double of one, a leak, a reboot, a pulled cable. Returns how to stop. */
export function makeTrouble(fleet: Fleet): () => Promise<void> {
  const stops: (() => void)[] = [];
  const doubles: FieldBoard[] = [];
  const board = (index: number) => fleet.boards[index % fleet.boards.length];
  const after = (ms: number, fn: () => unknown) => void stops.push(fleet.clock.after(ms, () => void fn()));
  const [cut, kicked, leaking, rebooted, unplugged] = [0, 1, 2, 3, 4].map(board);

  // The first: its link breaks every half hour, for most of a minute.
  const breakLink = () => {
    cut.cut();
    after(40 * SECOND, () => cut.allow());
    after(30 * MINUTE, breakLink);
  };
  after(5 * MINUTE, breakLink);

  // The second: somebody left a client running with the same identity, which comes back each time it is pushed out.
  let sure = false;
  const intrude = async () => {
    if (sure) return;
    const double = fleet.double(kicked);
    doubles.push(double);
    double.onStatus = (event) => {
      if (event !== "offline") return;
      void double.stop();
      after(2 * SECOND, intrude);
    };
    await double.start();
  };
  kicked.onStatus = (_event, code) => {
    if (code !== "kicked") return;
    sure = true;
    for (const double of doubles) void double.stop();
  };
  after(8 * MINUTE, intrude);

  after(1 * MINUTE, () => leaking.type(LEAK));

  after(12 * MINUTE, async () => {
    await rebooted.switchOff();
    after(3 * SECOND, () => rebooted.switchOn());
  });

  after(20 * MINUTE, () => {
    unplugged.plug(false);
    after(4 * MINUTE, () => unplugged.plug(true));
  });

  return async () => {
    for (const stop of stops) stop();
    for (const double of doubles) await double.stop();
  };
}
