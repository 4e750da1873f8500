import type { LiveBoard } from "../../tools/field/live-board";
import { LiveTable } from "../../tools/field/live-table";

const board = (more: Partial<LiveBoard>): LiveBoard => ({
  ...{ board: "b1", name: "b1", state: "online", outages: 0, reboots: 0, lines: 1 },
  ...more,
});

function table(terminal: { isTTY?: boolean; columns?: number }) {
  const written: string[] = [];
  const live = new LiveTable({ ...terminal, write: (text) => written.push(text) });
  return { live, written };
}

test("a terminal: the second picture is drawn over the first, each line cut to the width", () => {
  const { live, written } = table({ isTTY: true, columns: 24 });
  const boards = [board({}), board({ board: "longer", state: "offline", cause: "ping-timeout" })];
  live.show(boards, 0);
  live.show(boards, 1000);
  const picture = "\x1b[2Kb1      online\n\x1b[2Klonger  offline (ping-t\n";
  expect(written.map((text) => text.replace("\x1b[2A", "<up>"))).toEqual([picture, `<up>${picture}`]);
});

test("no terminal: a line for each change, and none without", () => {
  const { live, written } = table({});
  for (const rtt of [1, 2]) live.show([board({ rtt })], 0);
  live.show([board({ state: "offline", cause: "kicked" })], 0);
  expect(written).toEqual([
    "1970-01-01 00:00:00  b1  online, rtt 1 ms\n",
    "1970-01-01 00:00:00  b1  offline (kicked)\n",
  ]);
});

test.each([{ isTTY: true }, {}])("what a board says steers no terminal: %j", (terminal) => {
  const { live, written } = table(terminal);
  live.show([board({ state: "offline", cause: "x\x1b]0;title\x07\x9b2J" })], 0);
  expect(written[0]).toContain("x\\x1b]0;title\\x07\\x9b2J");
});
