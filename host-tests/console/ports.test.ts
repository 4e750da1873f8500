/** Finding the port of a board, and the line to it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Duplex } from "node:stream";
import { Failure, UsageError } from "../../tools/command-line/exit";
import { checkVersion } from "../../tools/console/board-facts";
import { onlyCandidate, scanDevices } from "../../tools/console/candidates";
import { StreamPort } from "../../tools/console/port";

describe("the port of a board that was not named", () => {
  test("is the only one there is", () => {
    expect(onlyCandidate([{ path: "/dev/ttyUSB0", description: "" }])).toBe("/dev/ttyUSB0");
  });

  test("is missed where there is none", () => {
    expect(() => onlyCandidate([])).toThrow(Failure);
    expect(() => onlyCandidate([])).toThrow(/plug the board in.*--port/);
  });

  test("has to be chosen where there are several, and each is listed", () => {
    const several = ["/dev/ttyUSB0", "/dev/ttyUSB1"].map((path, at) => ({ path, description: `maker ${at}` }));
    expect(() => onlyCandidate(several)).toThrow(UsageError);
    expect(() => onlyCandidate(several)).toThrow(/\/dev\/ttyUSB0 +maker 0\n +\/dev\/ttyUSB1 +maker 1/);
  });

  test("is found among the devices where nothing lists them", () => {
    const directory = mkdtempSync(join(tmpdir(), "dev-"));
    for (const name of ["ttyUSB1", "ttyACM0", "ttyS0", "tty0", "ttyUSB", "null"])
      writeFileSync(join(directory, name), "");
    expect(scanDevices(directory).map(({ path }) => path)).toEqual(
      ["ttyACM0", "ttyUSB1"].map((name) => join(directory, name)),
    );
    expect(scanDevices(join(directory, "none"))).toEqual([]);
    rmSync(directory, { recursive: true });
  });
});

describe("a line to a board", () => {
  /** A stream whose far end is in the test's hands. */
  function line() {
    const sent: string[] = [];
    const stream = new Duplex({
      read: () => undefined,
      write(bytes: Buffer, _encoding, done) {
        sent.push(bytes.toString());
        done();
      },
    });
    return { sent, stream, port: new StreamPort("line", stream, () => stream.destroy()) };
  }
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  test("waits between XOFF and XON", async () => {
    const { sent, stream, port } = line();
    stream.push(Buffer.from([0x13]));
    await turn();
    const written = port.write(Buffer.from("a"));
    await turn();
    expect(sent).toEqual([]);
    stream.push(Buffer.from([0x11]));
    await written;
    expect(sent).toEqual(["a"]);
    await port.close();
  });

  test("goes on where XON is lost", async () => {
    jest.useFakeTimers({ doNotFake: ["setImmediate", "nextTick", "queueMicrotask"] });
    const { sent, stream, port } = line();
    stream.push(Buffer.from([0x13]));
    await turn();
    const written = port.write(Buffer.from("a"));
    jest.advanceTimersByTime(4999);
    await turn();
    expect(sent).toEqual([]);
    jest.advanceTimersByTime(1);
    await written;
    expect(sent).toEqual(["a"]);
    jest.useRealTimers();
    await port.close();
  });

  test("says that it is gone", async () => {
    const { stream, port } = line();
    stream.destroy();
    await port.gone;
    await expect(port.write(Buffer.from("a"))).rejects.toThrow(/^line is gone/);
    await port.close();
  });

  test("tells every listener, until it listens no more", async () => {
    const stream = new PassThrough();
    const port = new StreamPort("line", stream, () => stream.destroy());
    const heard: string[] = [];
    const stop = port.onData((bytes) => heard.push(bytes.toString()));
    stream.write("a");
    await turn();
    stop();
    stream.write("b");
    await turn();
    expect(heard).toEqual(["a"]);
    await port.close();
  });
});

test.each(["2v20", "2v20.1", "2v29.277", "3v1"])("Espruino %s is new enough", (version) => {
  expect(() => checkVersion(version)).not.toThrow();
});
test.each(["2v19", "1v99", "undefined", ""])("Espruino %j is refused, with where to get another", (version) => {
  expect(() => checkVersion(version)).toThrow(/2v20 or later is needed: https:\/\/www\.espruino\.com\/ESP32/);
});
