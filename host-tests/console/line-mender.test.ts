/** ESP-IDF's log lines inside status lines: they cost the status line nothing. */
import { readFileSync } from "node:fs";
import { BoardConsole } from "../../tools/console/board-console";
import { ConsoleReader } from "../../tools/console/console-reader";
import { LineMender, readable } from "../../tools/console/line-mender";
import type { Port } from "../../tools/console/port";
import { parseAnswer } from "../../tools/console/request";
import { parseStatus } from "../../tools/status-line";
import { consoleLines, parseBoardLine } from "../../tools/web-console/board/lines";
import { cases, seed, Seeded } from "../fixtures/seeded";

const LOGS = [
  "\x1b[0;32mI (1234) wifi: state: run -> init (2c0)\x1b[0m",
  "I (98765) wifi:<ba-add>idx:0 (ifx:0, 00:11:22:33:44:55), tid:0",
  "\x1b[0;33mW (4294967295) wifi: Haven't to connect to a suitable AP now!\x1b[0m",
  "E (5) BT_BTM: BTM_GetSecurityFlags false",
  "\x1b[0;31mE (77) Espruino: Unable to create socket: errno 23\x1b[0m",
  "D (1) event: SYSTEM_EVENT_STA_LOST_IP",
  "V (2) phy_init: #{not a status",
];

const STATUSES = [
  '#{"event":"ping","rtt":23,"free":2311}',
  '#{"event":"message","topic":"/pk/温度/é","qos":1,"bytes":64}',
  '#{"event":"error","code":"uncaught","reason":"W (12) wifi: is what a sketch threw, in {braces} with \\"quotes\\" and \\\\"}',
  '#{"event":"offline","code":"ping-timeout","reason":"I (1) a: b","retry":4}',
];

/** The lines a reader makes of bytes that arrive in pieces, sized by the seed. */
function linesOf(text: Buffer, random = new Seeded(0)): string[] {
  const lines: string[] = [];
  const reader = new ConsoleReader((line) => lines.push(line));
  for (let at = 0; at < text.length;) {
    const size = 1 + random.below(40);
    reader.push(text.subarray(at, at + size));
    at += size;
  }
  reader.end();
  return lines.map(readable);
}

const insert = (bytes: Buffer, at: number, what: string) =>
  Buffer.concat([bytes.subarray(0, at), Buffer.from(what), bytes.subarray(at)]);

test("a log line at every single place of a status line leaves the status line as it was", () => {
  for (const status of STATUSES) {
    const bytes = Buffer.from(`${status}\r\n`);
    for (const log of LOGS) {
      for (let at = 0; at <= bytes.length; at++) {
        const lines = linesOf(insert(bytes, at, `${log}\n`));
        const found = lines.filter((line) => parseStatus(line));
        expect([at, log, found]).toEqual([at, log, [status]]);
        expect(lines.filter((line) => line !== "" && line !== status)).toEqual([readable(log)]);
      }
    }
  }
});

test(`any number of log lines in a stream of status lines (SEED=${seed})`, () => {
  cases(200, 900, (random) => {
    const wanted = Array.from({ length: 1 + random.below(6) }, () => random.pick(STATUSES));
    let text = Buffer.from("");
    for (const status of wanted) {
      let bytes = Buffer.from(`${status}\r\n`);
      const first = random.below(bytes.length);
      // Several at one place, or at several: a later one goes in behind the one before.
      for (let at = first, left = random.below(4); left > 0; left--) {
        const log = `${random.pick(LOGS)}${random.chance(2) ? "\r" : ""}\n`;
        bytes = insert(bytes, at, log);
        at += Buffer.byteLength(log);
        at += random.below(bytes.length - at + 1);
      }
      text = Buffer.concat([text, bytes]);
    }
    const lines = linesOf(text, random);
    expect(lines.filter((line) => parseStatus(line))).toEqual(wanted);
  });
});

test("an answer that a log line stands in is read as well", () => {
  const bytes = Buffer.from('#123456:{"v":{"version":"2v29"}}\r\n');
  for (let at = 1; at < bytes.length; at++) {
    const answers = linesOf(insert(bytes, at, `${LOGS[0]}\n`)).flatMap((line) => parseAnswer(line) ?? []);
    expect(answers).toEqual([{ id: 123456, value: { version: "2v29" } }]);
  }
});

test.each([
  ["log lines alone", LOGS],
  ["what a sketch prints", ["I (think) so: yes", "# heading", "#{", '#{"event":7}', "#12", "hello"]],
  ["a status line that nobody ends", ['#{"event":"pi' + LOGS[0], "Uncaught Error", "hello"]],
  ["one that another follows", [`#{"event":"pi${LOGS[1]}`, '#{"event":"boot","version":"1"}']],
  ["log lines without an end in between", Array.from({ length: 60 }, () => `#{"event":"x${LOGS[3]}`)],
  ["a heading that a log line follows", [`#${LOGS[0]}`, "hello"]],
  ["what never ends", [`#{"event":"${"x".repeat(9000)}${LOGS[0]}`, 'x"}']],
])("unchanged: %s", (_name, lines) => {
  const mender = new LineMender();
  expect([...lines.flatMap((line) => mender.push(line)), ...mender.flush()]).toEqual(lines);
});

test("a board's console hears the status line, and what was held when its port closes", async () => {
  let send: (bytes: Buffer) => void = () => undefined;
  const port: Port = {
    name: "line",
    write: () => Promise.resolve(),
    onData: (listener) => {
      send = listener;
      return () => undefined;
    },
    gone: new Promise(() => undefined),
    close: () => Promise.resolve(),
  };
  const board = new BoardConsole(port);
  const lines: string[] = [];
  board.onLine((line) => lines.push(line));
  send(Buffer.from(`#{"event":"pi${LOGS[0]}\nng","rtt":2}\r\n#{"eve${LOGS[1]}\n`));
  expect(lines).toEqual(['#{"event":"ping","rtt":2}', readable(LOGS[0])]);
  await board.close();
  expect(lines.slice(2)).toEqual([`#{"eve${LOGS[1]}`]);
});

test("a console as it was copied into the page", () => {
  const text = `>#{"event":"pi${LOGS[0]}\nng","rtt":2}\r\n{"event":"online"}\nhello`;
  expect(consoleLines(text).flatMap((line) => parseBoardLine(line) ?? [])).toEqual([
    { event: "ping", rtt: 2 },
    { event: "online" },
  ]);
});

test("the mender knows nothing of Node: the page in the browser uses it", () => {
  const source = readFileSync("tools/console/line-mender.ts", "utf8");
  expect([...source.matchAll(/from "([^"]+)"/g)].map(([, from]) => from)).toEqual(["../status-line"]);
});
