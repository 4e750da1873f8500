import { lineEntry, portEntry } from "../../tools/monitor/entry";
import { isBesides, parseBoardLine, summarizeBoards } from "../../tools/web-console/board/lines";

const parse = (lines: string[]) => lines.flatMap((line) => parseBoardLine(line) ?? []);

test("a console as it was copied", () => {
  expect(parseBoardLine('>#{"event":"ping","rtt":23,"free":2311}\r')).toEqual({ event: "ping", rtt: 23, free: 2311 });
});

test("the log of npm run monitor", () => {
  const entry = lineEntry('#{"event":"online","session":false,"ms":412}')!;
  expect(parseBoardLine(JSON.stringify(entry))).toEqual({ at: entry.at, event: "online", session: false, ms: 412 });
  const gone = portEntry("/dev/ttyUSB0", "gone");
  expect(parseBoardLine(JSON.stringify(gone))).toEqual({ at: gone.at, event: "port-gone", port: "/dev/ttyUSB0" });
  expect(parseBoardLine(JSON.stringify(lineEntry("Hello from a sketch")))).toBeUndefined();
});

test.each(["", "hello", "{", "[1]", "null", "{}", '{"event":7}', "#{", '#{"event":"pin'])(
  "%j is no word of a board",
  (line) => {
    expect(parseBoardLine(line)).toBeUndefined();
  },
);

test("the log of npm run field: a tool's own lines are no board's, and are told from damage", () => {
  const at = "2026-01-02T03:04:05.678Z";
  expect(parseBoardLine(`{"at":"${at}","event":"ping","rtt":2}`)).toEqual({ at, event: "ping", rtt: 2 });
  for (const line of [`{"at":"${at}","run":"alive"}`, `{"at":"${at}","console":"hello"}`]) {
    expect([parseBoardLine(line), isBesides(line)]).toEqual([undefined, true]);
  }
  for (const line of [`{"at":"${at}","damaged":1}`, `{"at":"${at}","ru`, "null"]) {
    expect([parseBoardLine(line), isBesides(line)]).toEqual([undefined, false]);
  }
});

test("the log of npm run field: its first line names the board, and after its last nobody knows how the board is", () => {
  const lines = parse([
    '{"at":"2026-01-02T03:04:05.678Z","run":"start","name":"simulated-2","alive":60}',
    '{"at":"2026-01-02T03:04:06.678Z","event":"online","session":false,"ms":412}',
  ]);
  expect(summarizeBoards(lines)).toMatchObject([{ board: "simulated-2", online: true }]);
  const stopped = [...lines, ...parse(['{"at":"2026-01-02T03:05:06.678Z","run":"stop"}'])];
  expect(summarizeBoards(stopped)).toMatchObject([{ board: "simulated-2", online: undefined }]);
  expect(parseBoardLine('{"board":"b","event":"ping","run":"stop"}')).toMatchObject({ event: "ping" });
});

test("what the lines of several boards come to", () => {
  const lines = parse([
    '{"board":"a","event":"boot","version":"1.0.0","free":2612}',
    '{"board":"a","event":"online","session":false,"ms":412}',
    '{"board":"b","event":"boot","version":"1.0.0","free":2600}',
    '{"board":"a","event":"ping","rtt":23,"free":2311}',
    '{"board":"a","event":"offline","code":"ping-timeout","reason":"no PINGRESP: the link is dead","retry":4}',
    '{"board":"b","event":"error","code":"not-authorized","reason":"CONNACK 5","retry":300}',
    '{"board":"c","state":"gone","port":"COM3"}',
  ]);
  expect(summarizeBoards(lines)).toEqual([
    {
      board: "a",
      online: false,
      rtt: 23,
      free: 2311,
      offlines: 1,
      boots: 1,
      trouble: { code: "ping-timeout", reason: "no PINGRESP: the link is dead" },
    },
    {
      board: "b",
      online: false,
      free: 2600,
      offlines: 0,
      boots: 1,
      trouble: { code: "not-authorized", reason: "CONNACK 5" },
    },
    { board: "c", online: undefined, offlines: 0, boots: 0 },
  ]);
});

test.each(["at", "board", "code", "reason", "rtt", "free"])("a %s that is an object gets into no summary", (field) => {
  const object = '{"valueOf":1,"toString":1}';
  for (const line of [
    `{"event":"error","code":"a","${field}":${object}}`,
    `#{"event":"error","code":"a","${field}":${object}}`,
  ]) {
    const [summary] = summarizeBoards(parse([line]));
    const { trouble, ...rest } = summary;
    const shown = [...Object.values(rest), ...Object.values(trouble ?? {})];
    expect(shown.filter((value) => typeof value === "object")).toEqual([]);
  }
});

test("a board's own keys are not taken for a tool's", () => {
  const line =
    '{"event":"ping","rtt":7,"run":"alive","board":"another","at":"2026-01-02T03:04:05.678Z","state":"gone","port":"x"}';
  expect(isBesides(line)).toBe(false);
  expect(parseBoardLine(`#${line}`)).toEqual({ event: "ping", rtt: 7 });
  const kept = lineEntry(`#${line}`)!;
  expect(kept).toEqual({ at: kept.at, event: "ping", rtt: 7 });
  expect(kept.at).not.toBe("2026-01-02T03:04:05.678Z");
});
