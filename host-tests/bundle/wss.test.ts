/** The compiled bundle over TLS: what works, what it says of itself, and what becomes of a handshake that fails. */
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer as createSecureServer } from "node:tls";
import type { Platform, PlatformOptions } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { EXAMPLES } from "../../tools/run/device-file";
import { makeCertificate, makeSigned } from "../fixtures/certificate";
import type { DeviceUnderTest } from "../fixtures/boards";
import { onEachBoard, SPEED } from "../fixtures/boards";

jest.setTimeout(Math.max(60_000, 600_000 / SPEED));

onEachBoard(
  (make) => {
    let platform: Platform | undefined;
    let server: Server | undefined;
    let device: DeviceUnderTest;

    afterEach(async () => {
      await device.stop();
      await platform?.close();
      const stopping = server;
      if (stopping) await new Promise((resolve) => stopping.close(resolve));
      platform = server = undefined;
    });

    async function start(
      name: "aliyun" | "ucloud",
      tls: object,
      more: object = {},
      files: Record<string, string> = {},
    ) {
      platform = await startPlatform({ platform: name, tls, speed: SPEED } as PlatformOptions);
      device = make();
      for (const [file, content] of Object.entries(files)) await device.board.writeFile(file, content);
      await device.start({ ...EXAMPLES[name], url: platform.url, mqtt: { keepalive: 300 }, ...more });
    }

    test("a server with a certificate of a private CA, whose own is in Storage as ca.der: online, and messages flow", async () => {
      const { server: certificate, ca } = await makeSigned();
      await start("aliyun", certificate, {}, { "ca.der": ca });
      await device.status("published");
      expect(device.all("error")).toEqual([]);
    });

    // Nobody looks at it: a board whose CA is another's connects all the same, as does one without any.
    test("the certificate is not verified", async () => {
      const { ca } = await makeSigned();
      await start("aliyun", await makeCertificate(), {}, { "ca.der": ca });
      await device.status("online");
    });

    test("a ca.der that is no certificate: ca-invalid, which names it, and a try in five minutes", async () => {
      await start("aliyun", await makeCertificate(), {}, { "ca.der": "-".repeat(200) });
      const error = await device.status("error");
      expect(error).toMatchObject({ code: "ca-invalid", retry: expect.any(Number) });
      expect(error.retry).toBeGreaterThanOrEqual(300);
      expect(error.reason).toMatch(/ca\.der is no certificate/);
      expect(device.lines.filter((line) => /uncaught/i.test(line))).toEqual([]);
    });

    test.each([
      ["aliyun", "not the deviceSecret"],
      ["ucloud", "which is the deviceSecret"],
    ] as const)("%s: one line says that nobody is verified, and what that exposes", async (name, exposed) => {
      await start(name, await makeCertificate());
      await device.status("online");
      platform!.cut("reset");
      await device.status("online", 2);
      const [warning, ...more] = device.all("warning");
      expect(warning).toMatchObject({ code: "tls-unverified", reason: expect.stringContaining(exposed) });
      expect(more).toEqual([]);
    });

    test("it comes back after one cut after the other", async () => {
      await start("aliyun", await makeCertificate());
      for (let i = 1; i <= 3; i++) {
        await device.status("online", i);
        platform!.cut("reset");
      }
      await device.status("online", 4);
      expect(device.all("error")).toEqual([]);
    });

    test("a dead link is let go of before the next connection begins: its memory is free by then", async () => {
      await start("aliyun", await makeCertificate(), { telemetry: undefined, mqtt: { keepalive: 30 } });
      await device.status("online");
      for (let i = 1; i <= 2; i++) {
        platform!.cut("blackhole");
        expect(await device.status("offline", i)).toMatchObject({ code: "ping-timeout" });
        await device.status("online", i + 1);
      }
      expect(device.all("error")).toEqual([]);
    });

    describe("a handshake that comes to nothing is tls-failed, tried again, and no fault of the program's", () => {
      const hangUp = (socket: Socket) => void socket.destroy();
      const speakHttp = (socket: Socket) =>
        void socket.on("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));

      test.each<[string, () => Promise<Server>]>([
        ["a server that hangs up", () => Promise.resolve(createServer(hangUp))],
        ["a server that speaks HTTP", () => Promise.resolve(createServer(speakHttp))],
        [
          "a server of TLS 1.3 alone",
          async () => createSecureServer({ ...(await makeCertificate()), minVersion: "TLSv1.3" }),
        ],
        [
          "a server whose key is elliptic",
          async () => createSecureServer({ ...(await makeCertificate("ec")), maxVersion: "TLSv1.2" }),
        ],
      ])("%s", async (_name, makeServer) => {
        const made = (server = await makeServer());
        made.on("connection", (socket: Socket) => socket.on("error", () => undefined));
        made.on("tlsClientError", () => undefined);
        await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
        device = make();
        const url = `wss://127.0.0.1:${(made.address() as AddressInfo).port}/mqtt`;
        await device.start({ ...EXAMPLES.aliyun, url, telemetry: undefined });
        const ends = () => device.all("error").filter(({ retry }) => retry !== undefined);
        await device.until(() => ends()[2], "three attempts");
        expect(new Set(ends().map(({ code }) => code))).toEqual(new Set(["tls-failed"]));
        expect(device.lines.filter((line) => /uncaught/i.test(line))).toEqual([]);
        expect(device.all("fault")).toEqual([]);
        await device.board.powerOff();
        expect(await device.board.readFile("boot.faults")).toBeUndefined();
      });
    });
  },
  { tls: "fits" },
);
