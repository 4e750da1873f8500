/** What the bundle sends first, byte by byte, on a raw TCP server: random keys, and a signature made without native hashes. */
import type { AddressInfo, Server } from "node:net";
import { createServer } from "node:net";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { EXAMPLES } from "../../tools/run/device-file";
import { onEachBoard, onImage } from "../fixtures/boards";

jest.setTimeout(60_000);

/** Listens, and hands out the heads of the requests that come. */
class Doorman {
  readonly heads: string[] = [];
  private readonly server: Server;
  private wake: () => void = () => undefined;

  constructor() {
    this.server = createServer((socket) => {
      let head = "";
      socket.on("error", () => undefined);
      socket.on("data", (data) => {
        head += data.toString("latin1");
        if (!head.endsWith("\r\n\r\n")) return;
        this.heads.push(head);
        socket.end("HTTP/1.1 503 Busy\r\n\r\n");
        this.wake();
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}/mqtt`;
  }

  async head(count: number): Promise<string> {
    while (this.heads.length < count) await new Promise<void>((resolve) => (this.wake = resolve));
    return this.heads[count - 1];
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

const key = (head: string) => /Sec-WebSocket-Key: (\S+)/.exec(head)![1];

onEachBoard((make) => {
  test("RFC 6455 §4.1: the request, with a key of 16 bytes that differs at each boot, though the generator does not", async () => {
    const doorman = new Doorman();
    const url = await doorman.listen();
    const device = make(1);
    try {
      await device.start({ ...EXAMPLES.aliyun, url });
      const first = await doorman.head(1);
      expect(first.split("\r\n")).toEqual([
        "GET /mqtt HTTP/1.1",
        `Host: ${url.slice(5, -5)}`,
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        `Sec-WebSocket-Key: ${key(first)}`,
        "Sec-WebSocket-Protocol: mqtt",
        "",
        "",
      ]);
      expect(await device.status("error")).toMatchObject({ code: "handshake-refused", reason: "503 Busy" });
      await device.board.powerOff();
      const before = doorman.heads.length;
      await device.board.powerOn();
      await doorman.head(before + 1);
      const keys = doorman.heads.map(key);
      expect(new Set(keys).size).toBe(keys.length);
      for (const text of keys) expect(Buffer.from(text, "base64")).toHaveLength(16);
    } finally {
      await device.stop();
      await doorman.close();
    }
  });
});

test("on a board without native hashes the hand-written SHA-1 signs the same", async () => {
  const platform = await startPlatform({ platform: "aliyun" });
  const device = onImage({ crypto: false }, 1);
  try {
    await device.start({ ...EXAMPLES.aliyun, url: platform.url });
    expect(await platform.when(({ event }) => event === "connect")).toMatchObject({
      password: "fafd82a3d602b37fb0fa8b7892f24a477f851a14",
      returnCode: 0,
    });
  } finally {
    await device.stop();
    await platform.close();
  }
});

describe("signMethod hmacsha256", () => {
  const aliyun = { ...EXAMPLES.aliyun.aliyun, signMethod: "hmacsha256" };

  test("is accepted where the board has the native hash", async () => {
    const platform = await startPlatform({ platform: "aliyun" });
    const device = onImage({}, 1);
    try {
      await device.start({ ...EXAMPLES.aliyun, aliyun, url: platform.url });
      expect(await platform.when(({ event }) => event === "connect")).toMatchObject({ returnCode: 0 });
    } finally {
      await device.stop();
      await platform.close();
    }
  });

  test("is refused with an error that says what to do where it has not", async () => {
    const device = onImage({ crypto: false }, 1);
    try {
      await device.start({ ...EXAMPLES.aliyun, aliyun });
      expect(await device.status("error")).toMatchObject({ code: "config-invalid", field: "aliyun.signMethod" });
    } finally {
      await device.stop();
    }
  });
});
