/** The compiled firmware with its product's secret alone, against the simulated clouds: registered once, or told why not. */
import type { Platform, PlatformOptions } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import type { DeviceUnderTest } from "../fixtures/boards";
import { onEachBoard } from "../fixtures/boards";
import { makeCertificate } from "../fixtures/certificate";

jest.setTimeout(120_000);

const ALIYUN = { productKey: "pk", deviceName: "device", deviceSecret: "0wn-s3cret", productSecret: "pr0duct-s3cret" };
const UCLOUD = { productSN: "prod", deviceSN: "device-1", deviceSecret: "0wn-s3cret", productSecret: "pr0duct-s3cret" };

onEachBoard(
  (make) => {
    let platform: Platform;
    let device: DeviceUnderTest;

    async function open(name: "aliyun" | "ucloud", options: Partial<PlatformOptions> = {}): Promise<void> {
      const known = name === "aliyun" ? [ALIYUN] : [UCLOUD];
      const tls = name === "aliyun" ? await makeCertificate() : undefined;
      platform = await startPlatform({ platform: name, devices: known, tls, ...options } as PlatformOptions);
      device = make(1);
    }

    function file(name: "aliyun" | "ucloud", more: Record<string, string> = {}): object {
      const block = { ...(name === "aliyun" ? ALIYUN : UCLOUD), deviceSecret: undefined };
      return { platform: name, [name]: { ...block, ...more }, url: platform.url, mqtt: { keepalive: 30 } };
    }

    /** CONNECTs that were taken, without and with the device's own secret. */
    function connects(): string[] {
      const taken = platform.events.filter(({ event }) => event === "connect");
      return taken.map(({ clientId, username }) =>
        /authType=register|\|2$/.test(clientId! + username!) ? "register" : "own",
      );
    }

    afterEach(async () => {
      await device.stop();
      await platform.close();
    });

    test.each(["aliyun", "ucloud"] as const)(
      "%s: registers once, keeps the secret, and is online with it",
      async (name) => {
        await open(name);
        await device.start(file(name));
        await device.status("registered");
        await device.status("online");
        expect(connects()).toEqual(["register", "own"]);
        expect(device.all("error")).toEqual([]);
        expect(device.lines.join("\n")).not.toMatch(/s3cret/);
        // The next boot, as after a new flash, finds its record.
        await device.board.powerOff();
        await device.board.powerOn();
        await device.status("online", 2);
        expect(connects()).toEqual(["register", "own", "own"]);
        expect(device.all("registered")).toHaveLength(1);
      },
    );

    test.each([
      ["aliyun", "registration-secret", { productSecret: "wrong" }],
      ["aliyun", "registration-refused", { deviceName: "nobody" }],
      ["ucloud", "registration-secret", { productSecret: "wrong" }],
      ["ucloud", "registration-refused", { deviceSN: "nobody" }],
    ] as const)("%s: %s says what to do in the console, and nothing is tried again", async (name, code, wrong) => {
      await open(name);
      await device.start(file(name, wrong as never));
      const error = await device.status("error");
      expect(error).toMatchObject({ code });
      expect(error.reason).toContain(name === "aliyun" ? "Alibaba Cloud's console" : "UCloud's console");
      expect(error).not.toHaveProperty("retry");
      expect(connects()).toEqual([]);
      expect(platform.events.filter(({ event }) => event === "websocket")).toHaveLength(1);
    });

    test("a record that is erased while the board is online: it starts again, and asks again", async () => {
      await open("ucloud");
      const sketch = 'device.on("connect",function(){require("Storage").erase("device.secret");print("erased")});';
      await device.start(file("ucloud"), sketch);
      await device.line((line) => line === "erased");
      platform.cut("reset");
      await device.status("error", 2);
      expect(device.all("error")).toMatchObject([{ code: "config-changed" }, { code: "registration-refused" }]);
      expect(connects()).toEqual(["register", "own", "register"]);
    });

    test.each(["aliyun", "ucloud"] as const)("%s: a device that is active already is told so", async (name) => {
      await open(name);
      await device.start(file(name));
      await device.status("online");
      await device.board.powerOff();
      await device.board.writeFile("device.secret", "torn");
      await device.board.powerOn();
      expect(await device.status("error")).toMatchObject({ code: "registration-refused" });
      expect(device.all("online")).toHaveLength(1);
      expect(platform.events.filter(({ event }) => event === "refused")).toHaveLength(1);
    });

    test.each(["aliyun", "ucloud"] as const)(
      "%s: no answer is registration-timeout, before the cloud closes after 15 s",
      async (name) => {
        await open(name, { withholdSecrets: true });
        await device.start(file(name));
        expect(await device.status("error")).toMatchObject({ code: "registration-timeout" });
        expect(connects()).toEqual(["register"]);
      },
    );

    test.each(["connect", "registered"] as const)(
      "a power cut right after %s leaves a board that comes up right",
      async (when) => {
        await open("ucloud");
        await device.start(file("ucloud"));
        await platform.when(({ event }) => event === when);
        await device.board.powerOff();
        await device.board.powerOn();
        await device.status("online");
        expect(connects().pop()).toBe("own");
        expect(device.all("error")).toEqual([]);
      },
    );

    test("a server that is not there is tried again, since it knows nothing of the device yet", async () => {
      await open("ucloud");
      await device.stop();
      device = make();
      const { port } = platform;
      const there = file("ucloud");
      await platform.close();
      await device.start(there);
      const { retry } = await device.status("error");
      expect(retry).toBeGreaterThanOrEqual(0);
      platform = await startPlatform({ platform: "ucloud", devices: [UCLOUD], port });
      await device.status("online");
      expect(connects()).toEqual(["register", "own"]);
    });

    test("aliyun: over plain ws registration is refused before anything is sent", async () => {
      await open("aliyun", { tls: undefined });
      await device.start(file("aliyun"));
      expect(await device.status("error")).toMatchObject({ code: "registration-insecure", field: "url" });
      expect(platform.events.filter(({ event }) => event === "websocket")).toEqual([]);
    });
  },
  { tls: "fits" },
);
