/** The boards as a terminal shows them. */
import type { LiveBoard } from "../../tools/field/live-board";
import { LiveTable } from "../../tools/field/live-table";

const NOW = Date.UTC(2026, 0, 1, 1);
const board = (fields: Partial<LiveBoard> = {}): LiveBoard => ({
  board: "a",
  name: "/dev/a",
  state: "online",
  since: new Date(NOW - 90_000).toISOString(),
  outages: 0,
  reboots: 0,
  lines: 1,
  ...fields,
});

function table(isTTY: boolean, columns?: number) {
  const written: string[] = [];
  const live = new LiveTable({ isTTY, columns, write: (text) => written.push(text) });
  return { written, show: (...boards: LiveBoard[]) => live.show(boards, NOW) };
}

test("a terminal: each picture is drawn over the one before, a line for each board", () => {
  const { written, show } = table(true);
  const long = board({ board: "longer", state: "offline", cause: "kicked", outages: 2, reboots: 1 });
  show(board({ rtt: 23, free: 2000, availability: 0.5 }), long);
  show(board(), long);
  expect(written).toEqual([
    "\x1b[2Ka       online for 1 min 30 s, 50.00 %, rtt 23 ms, free 2000\n" +
      "\x1b[2Klonger  offline for 1 min 30 s (kicked), offline 2×, rebooted 1×\n",
    "\x1b[2A\x1b[2Ka       online for 1 min 30 s\n\x1b[2Klonger  offline for 1 min 30 s (kicked), offline 2×, rebooted 1×\n",
  ]);
});

test("a line is cut to the terminal's width, also one that escapes have made longer", () => {
  const { written, show } = table(true, 20);
  show(board({ state: "offline", cause: "\x1b".repeat(10) }), board({ since: undefined, cause: "\x1b\x1b\x1b\x1b" }));
  expect(written).toEqual(["\x1b[2Ka  offline for 1 mi\n\x1b[2Ka  online (\\x1b\\x1b\n"]);
});

test.each([true, false])("what a board says steers no terminal (a terminal: %p)", (isTTY) => {
  const { written, show } = table(isTTY);
  show(board({ state: "offline", cause: "\x1b]0;owned\x07\n\x9b2J" }));
  expect(written.join("").replaceAll("\x1b[2K", "").replace(/\n$/, "")).not.toMatch(/\p{Cc}/u);
  expect(written.join("")).toContain("(\\x1b]0;owned\\x07\\x0a\\x9b2J)");
});

test("elsewhere: a line for each change of state, cause or boots, with its time", () => {
  const { written, show } = table(false);
  show(board({ rtt: 1 }));
  show(board({ rtt: 2 }));
  show(board({ rtt: 2, reboots: 1 }));
  expect(written).toEqual([
    "2026-01-01 01:00:00  a  online for 1 min 30 s, rtt 1 ms\n",
    "2026-01-01 01:00:00  a  online for 1 min 30 s, rtt 2 ms, rebooted 1×\n",
  ]);
});
