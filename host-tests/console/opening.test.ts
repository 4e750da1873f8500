/** Opening a serial port without a reset where the system allows it, and how a reset that it causes is accounted for. */
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { OPENED_MS } from "../../tools/console/opening";
import { openPort } from "../../tools/console/open-port";
import type { Port } from "../../tools/console/port";
import { openSerial } from "../../tools/console/serial-port";
import { BootCauses } from "../../tools/monitor/boot-cause";
import { describeEntry, lineEntry, portEntry } from "../../tools/monitor/entry";
import { follow } from "../../tools/monitor/follow";
import { ConsoleBoard } from "../fixtures/console-boards";
import { hasPseudoTerminals } from "../fixtures/pseudo-terminal";
import { SerialLines } from "../fixtures/serial-lines";
import { runTool } from "../fixtures/tool";

jest.setTimeout(60_000);

describe.each(["unix", "windows"] as const)("a serial port on %s", (system) => {
  test("DTR and RTS go low together at once after the opening and before the close, which then changes nothing", async () => {
    const lines = new SerialLines(system);
    const port = await openSerial("/dev/ttyUSB0", lines);
    // Linux and macOS set both lines at the opening, come what may.
    const opening = system === "unix" ? ["open", "reset"] : ["open"];
    expect(lines.happened).toEqual([...opening, "set dtr=0 rts=0"]);
    expect([lines.dtr, lines.rts, lines.loader]).toEqual([false, false, false]);
    await port.write(Buffer.from("a"));
    await port.close();
    expect(lines.happened).toEqual([...opening, "set dtr=0 rts=0", "set dtr=0 rts=0", "close"]);
    expect(lines.written).toBe("a");
  });

  test("a port without such lines opens and closes all the same", async () => {
    const lines = new SerialLines(system);
    const { open } = lines;
    lines.open = async (options) => {
      const port = await open.call(lines, options);
      port.set = () => Promise.reject(new Error("Inappropriate ioctl for device, cannot set"));
      return port;
    };
    const port = await openSerial("/dev/pts/1", lines);
    await port.close();
    expect(lines.happened).toContain("close");
  });
});

/** A board on a line: the questions that it got, and lines for it to print. */
function fakeBoard(name: string) {
  const asked: string[] = [];
  const listeners = new Set<(bytes: Buffer) => void>();
  let hangUp: () => void = () => undefined;
  const port: Port = {
    name,
    write: (bytes) => {
      const text = bytes.toString("latin1");
      const [, id] = /#(\d+):/.exec(text)!;
      asked.push(Buffer.from(/atob\("([^"]*)"\),-?\d+\)\)/.exec(text)![1], "base64").toString("latin1"));
      setImmediate(() => listeners.forEach((listener) => listener(Buffer.from(`#${id}:{}\r\n`))));
      return Promise.resolve();
    },
    onData: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    gone: new Promise((resolve) => (hangUp = resolve)),
    close: () => Promise.resolve(hangUp()),
  };
  const print = (line: string) => listeners.forEach((listener) => listener(Buffer.from(`${line}\r\n`)));
  return { port, asked, print };
}

const BOOT = '#{"event":"boot","version":"1.0.0","free":2612}';

describe("a board that is reset by each opening of its port", () => {
  async function listen(name: string, after: number): Promise<string[]> {
    const { port, asked, print } = fakeBoard(name);
    let now = 0;
    const over = new AbortController();
    const heard: string[] = [];
    const following = follow(() => Promise.resolve(port), {
      onLine: (line) => heard.push(line),
      onPort: () => undefined,
      signal: over.signal,
      now: () => now,
    });
    await new Promise((resolve) => setImmediate(resolve));
    now = after;
    print(BOOT);
    expect(heard).toEqual([BOOT]);
    await new Promise((resolve) => setImmediate(resolve));
    over.abort();
    await following;
    return asked;
  }

  test("the boot that a listener's opening has caused is taken out of the board's count", async () => {
    const asked = await listen("/dev/ttyUSB0", OPENED_MS - 1);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain(`s.erase(n)`);
    expect(asked[0]).toContain(Buffer.from("boot.count").toString("base64"));
  });

  test("nothing is typed at a board that boots by itself, nor over TCP", async () => {
    expect(await listen("/dev/ttyUSB0", OPENED_MS)).toEqual([]);
    expect(await listen("tcp://127.0.0.1:23", 0)).toEqual([]);
  });

  test("the monitor names the opening of the port as a boot's cause; later boots have no such cause", () => {
    const causes = new BootCauses();
    const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
    const boot = (second: number, line: string) => causes.explain({ ...lineEntry(line)!, at: at(second) });
    causes.explain({ ...portEntry("/dev/ttyUSB0", "open"), at: at(0) });
    const first = boot(5, BOOT);
    expect(first).toMatchObject({ event: "boot", opened: true });
    expect(describeEntry(first)).toMatch(/boot +version 1\.0\.0, free 2612: the port was opened$/);
    expect(boot(20, BOOT)).not.toHaveProperty("opened");
    causes.explain({ ...portEntry("tcp://h:23", "open"), at: at(30) });
    expect(describeEntry(boot(31, BOOT))).toMatch(/free 2612$/);
  });

  test("the monitor shows a planned reboot with its code", () => {
    const causes = new BootCauses();
    const reboot = lineEntry('#{"event":"reboot","code":"offline","reason":"offline for 30 min"}')!;
    expect(describeEntry(causes.explain(reboot))).toMatch(/reboot +code offline, reason offline for 30 min$/);
    const planned = causes.explain(lineEntry(BOOT)!);
    expect(planned).toMatchObject({ planned: "offline" });
    expect(describeEntry(planned)).toMatch(/free 2612: planned \(offline\)$/);
    expect(causes.explain(lineEntry(BOOT)!)).not.toHaveProperty("planned");
  });

  test("a board cannot claim either", () => {
    const entry = new BootCauses().explain(lineEntry('#{"event":"boot","opened":true,"planned":"offline"}')!);
    expect(entry).toEqual({ at: entry.at, event: "boot" });
  });

  (hasPseudoTerminals ? test.each : test.skip.each)([
    ["provision", ["--show"]],
    ["monitor", ["--send", "1"]],
  ])("three quick runs of npm run %s are no three boots that did not last", async (tool, args) => {
    const board = await new ConsoleBoard("simulated", "pty").start();
    try {
      await board.powerOff();
      await board.writeFile("boot.count", "3");
      await board.powerOn();
      await runTool(tool, ["--port", board.port, ...args]);
      await board.powerOff();
      expect(await board.readFile("boot.count")).toBeUndefined();
    } finally {
      await board.remove();
    }
  });
});

test("a telnet that does not answer: the message names what replaces it", async () => {
  await expect(openPort("tcp://127.255.255.254:23")).rejects.toThrow(
    /ECONNREFUSED.*telnet is off unless its device\.json holds "telnet": true; the cable always works$/,
  );
});

test("host:port without tcp:// is named as what it may be", async () => {
  await expect(openPort("localhost:2323")).rejects.toThrow(/a console on the network is tcp:\/\/localhost:2323$/);
});

test("another port of TCP is no telnet", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  await expect(openPort(`tcp://127.0.0.1:${port}`)).rejects.toThrow(/is this its address\?$/);
});
