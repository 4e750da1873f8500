/** The compiled firmware where there is no server: the interpreter's connect throws, and the firmware goes on. */
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { EspruinoBoard, findEspruino } from "../../tools/board/espruino";
import { DeviceUnderTest } from "../fixtures/boards";

const SPEED = 100;
const ATTEMPTS = 14;
/** Milliseconds for all of them: the Linux build reads each line of code in Storage by system calls. */
const PATIENCE = 50_000;
/** Prints the error flags. A build whose memory grows says LOW_MEMORY each time that it makes room for itself. */
const FLAGS =
  "E.getErrorFlags();(function(total){setInterval(function(){var flags=E.getErrorFlags(),now=process.memory().total;" +
  'print("flags "+flags.filter(function(flag){return flag!="LOW_MEMORY"||now==total;}));total=now;},5000);})' +
  "(process.memory().total);";

jest.setTimeout(PATIENCE + 10_000);

/** A port on which nobody listens any more. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

(findEspruino() ? describe : describe.skip)("on the real interpreter", () => {
  let device: DeviceUnderTest;

  afterEach(() => device.stop());

  test.each([
    ["a port that refuses", async () => `ws://127.0.0.1:${await closedPort()}/mqtt`],
    ["a name that does not exist", () => Promise.resolve("ws://nowhere.invalid/mqtt")],
  ])(
    "%s: connect-failed each time, no exception, and never more than five attempts in a minute",
    async (_what, url) => {
      device = new DeviceUnderTest((options) => new EspruinoBoard(options), SPEED);
      await device.start({ platform: "broker", url: await url() }, FLAGS);
      const errors = await device.until(
        () => {
          const all = device.all("error");
          return all.length >= ATTEMPTS ? all : undefined;
        },
        `${ATTEMPTS} attempts`,
        PATIENCE,
      );
      for (const error of errors) expect(error).toMatchObject({ code: "connect-failed", retry: expect.any(Number) });
      // Six attempts, five waits between them.
      for (let i = 0; i + 5 <= errors.length; i++) {
        const waits = errors.slice(i, i + 5).map(({ retry }) => Number(retry));
        expect(waits.reduce((sum, wait) => sum + wait)).toBeGreaterThan(60);
      }
      expect(await device.line((line) => line.startsWith("flags "))).toBe("flags ");
      expect(device.lines.filter((line) => /uncaught|flags \w/i.test(line))).toEqual([]);
      expect(device.all("online")).toEqual([]);
    },
  );
});
