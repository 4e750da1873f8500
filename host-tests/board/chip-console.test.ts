/** The serial line of a simulated chip: a console that is elsewhere, ESP-IDF's log inside lines, a port that resets the board. */
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { serveConsole } from "../../tools/board/byte-console";
import type { SimulatedBoardOptions } from "../../tools/board/simulated";
import { SimulatedConsole } from "../../tools/board/simulated-console";
import { VirtualClock } from "../../tools/board/clock";

const RESET = { "reset-on-open": true };

function console_(options: Partial<SimulatedBoardOptions> = {}) {
  const clock = new VirtualClock();
  const line = new SimulatedConsole({ clock, ...options });
  let output = "";
  line.onBytes = (bytes) => (output += bytes.toString("latin1"));
  const type = (text: string) => {
    output = "";
    line.write(Buffer.from(text + "\n"));
    clock.advance(10);
    return output;
  };
  return { line, clock, type, output: () => output };
}

test("a console that is elsewhere neither echoes nor answers on the serial line, until it is back", async () => {
  const { line, clock, type, output } = console_();
  await line.powerOn();
  expect(type("1+1")).toContain("=2");
  const stranger = line.board.connectBle()!;
  expect(type("1+1")).toBe("");
  stranger.type('E.setConsole("Serial1", { force: true })');
  clock.advance(10);
  expect(stranger.lines).toEqual(["-> Serial1"]);
  expect(output()).toContain("<- Bluetooth");
  expect(type("1+1")).toContain("=2");
});

test("ESP-IDF's log stands inside lines, in colours, the same on every run", async () => {
  const run = async () => {
    const { line, type } = console_({ traits: { "idf-log": true } });
    await line.powerOn();
    return type('echo(0);for (var i = 0; i < 9; i++) print("0123456789");');
  };
  const output = await run();
  expect(output).toBe(await run());
  // eslint-disable-next-line no-control-regex
  const log = /\x1b\[0;3\dm[IWE] \(\d+\) [^\x1b]+\x1b\[0m\r\n/g;
  expect(output.match(log)).toHaveLength(3);
  expect(output.replace(log, "").match(/0123456789\r\n/g)).toHaveLength(9);
});

test("opening and closing the port reset the board where it does that", async () => {
  const line = new SimulatedConsole({ traits: RESET });
  let boots = 0;
  const { powerOn } = line;
  line.powerOn = () => (boots++, powerOn.call(line));
  await line.powerOn();
  const server = await serveConsole(line, 0, () => line.reset());
  const socket = connect(server.port, "127.0.0.1");
  await new Promise<AddressInfo | void>((resolve) => socket.once("data", () => resolve()));
  expect(boots).toBe(2);
  socket.end();
  await new Promise<void>((resolve) => {
    const look = () => (boots === 3 ? resolve() : void setImmediate(look));
    look();
  });
  await server.close();
  await line.powerOff();
});
