/** The compiled bundle's randomness: left alone, the interpreter gives the same numbers after every boot of every board. */
import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { textToBytes } from "../../tools/board/board";
import { VirtualClock } from "../../tools/board/clock";
import { SimulatedBoard } from "../../tools/board/simulated";
import type { DeviceUnderTest } from "../fixtures/boards";
import { built, onEachBoard, SPEED } from "../fixtures/boards";
import { acceptance } from "../fixtures/websocket-peer";
import { device as json } from "../fixtures/virtual-board";

jest.setTimeout(Math.max(60_000, 600_000 / SPEED));

/** What one connection shows of a board's random numbers: 16 bytes of key in base64, 4 of mask in hexadecimal. */
interface Shown {
  key: string;
  mask: string;
}

/** Takes what a board sends, in any pieces; answers its handshake, and tells its key and the mask of its first frame. */
function reader(answer: (bytes: string) => void, tell: (shown: Shown) => void): (bytes: string) => void {
  let rest = "";
  let key = "";
  return (bytes) => {
    rest += bytes;
    if (!key && rest.includes("\r\n\r\n")) {
      key = /^Sec-WebSocket-Key: (.*)\r$/m.exec(rest)![1];
      answer(acceptance(rest, "Sec-WebSocket-Protocol: mqtt"));
      rest = rest.slice(rest.indexOf("\r\n\r\n") + 4);
    }
    const at = (rest.charCodeAt(1) & 127) < 126 ? 2 : 4;
    if (key && rest.length >= at + 4)
      tell({ key, mask: Buffer.from(rest.slice(at, at + 4), "latin1").toString("hex") });
  };
}

const distinct = (shown: Shown[]) => [
  new Set(shown.map(({ key }) => key)).size,
  new Set(shown.map(({ mask }) => mask)).size,
];

onEachBoard((make) => {
  let server: Server;
  let next: (shown: Shown) => void;
  const devices: DeviceUnderTest[] = [];

  beforeEach(async () => {
    server = createServer((socket) => {
      const read = reader(
        (bytes) => socket.write(bytes, "latin1"),
        (shown) => {
          next(shown);
          socket.destroy();
        },
      );
      socket.on("error", () => undefined).on("data", (data) => read(data.toString("latin1")));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });

  afterEach(async () => {
    for (const device of devices.splice(0)) await device.stop();
    await new Promise((resolve) => server.close(resolve));
  });

  test("three boots of each of two boards of the same serial number: no two share a key or a mask", async () => {
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/mqtt`;
    const shown: Shown[] = [];
    for (let board = 0; board < 2; board++) {
      const device = make();
      devices.push(device);
      for (let boot = 0; boot < 3; boot++) {
        const first = new Promise<Shown>((resolve) => (next = resolve));
        if (boot === 0) await device.start({ platform: "broker", broker: { clientId: "bench-7" }, url });
        else await device.board.powerOn();
        shown.push(await first);
        await device.board.powerOff();
      }
    }
    expect(distinct(shown)).toEqual([6, 6]);
  });
});

describe("in virtual time, where nothing else differs", () => {
  /** Boots a new board with this serial number, at the same time of the same clock as all others. */
  async function boots(serial: string, count: number): Promise<Shown[]> {
    const clock = new VirtualClock();
    const shown: Shown[] = [];
    const board = new SimulatedBoard({
      image: "LINUX",
      clock,
      serial,
      analogRead: () => 0.5,
      onLine: () => undefined,
      network: {
        connect(_target, events) {
          let told = false;
          const read = reader(
            (bytes) => events.data(Buffer.from(bytes, "latin1")),
            (one) => {
              if (!told) shown.push(one);
              told = true;
            },
          );
          events.open();
          return {
            write: (bytes) => (read(Buffer.from(bytes).toString("latin1")), true),
            end: () => undefined,
            destroy: () => undefined,
          };
        },
      },
    });
    await board.writeFile(".bootcde", textToBytes(built("firmware.js")));
    await board.writeFile("device.json", JSON.stringify({ ...json(), wifi: undefined }));
    for (let boot = 0; boot < count; boot++) {
      await board.powerOn();
      clock.advance(1000);
      await board.powerOff();
    }
    return shown;
  }

  test("the serial number sets boards apart, the seed in Storage boots", async () => {
    const shown = [...(await boots("240ac400-0001", 2)), ...(await boots("240ac400-0002", 2))];
    expect(distinct(shown)).toEqual([4, 4]);
    // The control: the same board at the same moment is the same.
    expect(await boots("240ac400-0001", 2)).toEqual(shown.slice(0, 2));
  });
});
