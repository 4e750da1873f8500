import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { DOCUMENTED, online, UCLOUD } from "./devices";

const ROOT = join(__dirname, "..", "..");

/** Those still running: a failed test leaves its tool behind. */
const started = new Set<ChildProcess>();
afterAll(() => started.forEach((child) => child.kill("SIGKILL")));

/** The tool as a process of its own. */
class Tool {
  readonly ended: Promise<number | null>;
  errors = "";
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;

  constructor(...args: string[]) {
    const command = ["--import", "tsx", join(ROOT, "tools", "platform.ts"), ...args];
    this.child = spawn(process.execPath, command, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    started.add(this.child);
    this.ended = once(this.child, "close").then(([code]) => {
      started.delete(this.child);
      return code as number | null;
    });
    this.child.stderr!.on("data", (chunk: Buffer) => (this.errors += chunk.toString()));
    this.lines = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
  }

  /** The next line that holds this text. */
  async line(text: string): Promise<string> {
    for (;;) {
      const { value, done } = await this.lines.next();
      if (done) throw new Error(`ended before "${text}": ${this.errors}`);
      if (value.includes(text)) return value;
    }
  }

  interrupt(): Promise<number | null> {
    this.child.kill("SIGINT");
    return this.ended;
  }
}

test("prints the address, a device.json and every event, and ends with 0 on SIGINT", async () => {
  const tool = new Tool("--port", "0");
  const url = (await tool.line("listening")).match(/ws:\S+/)![0];
  const device = JSON.parse((await tool.line("device.json")).replace(/^.*?: /, ""));
  expect(device).toEqual({
    platform: "aliyun",
    aliyun: { productKey: "pk", deviceName: "device", deviceSecret: "secret" },
    url,
  });
  const client = await online(url, DOCUMENTED);
  expect(await tool.line("connect ")).toContain("signature fafd82a3d602b37fb0fa8b7892f24a477f851a14");
  client.publish("/pk/other/user/update", "x");
  expect(await tool.line("refused")).toMatch(/\/pk\/other\/user\/update .*foreign-topic: not a topic of this device/);
  expect(await tool.line("disconnected")).toContain("foreign-topic");
  expect(await tool.interrupt()).toBe(0);
  expect(tool.errors).toBe("");
}, 20_000);

test("--json prints one object a line; --platform and --device choose who is known", async () => {
  const tool = new Tool("--platform", "ucloud", "--port", "0", "--json", "--device", "sn,unit-9,key");
  const { url } = JSON.parse(await tool.line('"listening"'));
  const { device } = JSON.parse(await tool.line('"device"'));
  expect(device).toEqual({
    platform: "ucloud",
    ucloud: { productSN: "sn", deviceSN: "unit-9", deviceSecret: "key" },
    url,
  });
  await online(url, { ...UCLOUD, clientId: "sn.unit-9", username: "sn|unit-9|1", password: Buffer.from("key") });
  expect(JSON.parse(await tool.line('"connect"'))).toMatchObject({ event: "connect", returnCode: 0 });
  expect(await tool.interrupt()).toBe(0);
}, 20_000);

test("a port in use ends with 1 and says what to do", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const tool = new Tool("--port", String(port));
  expect(await tool.ended).toBe(1);
  expect(tool.errors).toContain(`port ${port} is in use`);
  expect(tool.errors).toContain("--port 0");
  other.close();
}, 20_000);

test.each([
  [["--platform", "azure"], "aliyun, ucloud, broker"],
  [["--port", "70000"], "0–65535"],
  [["--speed", "0"], "above 0"],
  [["--device", "pk,device"], "productKey,deviceName,deviceSecret"],
  [["--tls-key", "missing.pem"], "go together"],
  [["--tls-key", "missing.pem", "--tls-cert", "missing.pem"], "cannot read missing.pem"],
  [["--unknown"], "--unknown"],
])(
  "wrong usage %j ends with 2 and says what is right",
  async (args, said) => {
    const tool = new Tool(...args);
    expect(await tool.ended).toBe(2);
    expect(tool.errors).toContain(said);
  },
  20_000,
);

test("each device gets a device.json", async () => {
  const tool = new Tool("--platform", "ucloud", "--port", "0", "--device", "a,b,c", "--device", "d,e,f,g");
  expect(await tool.line("device.json")).toContain('"ucloud":{"productSN":"a","deviceSN":"b","deviceSecret":"c"}');
  expect(await tool.line("device.json")).toContain('"ucloud":{"productSN":"d","deviceSN":"e","productSecret":"g"}');
  expect(await tool.interrupt()).toBe(0);
});

test("no device.json that every tool refuses: Alibaba Cloud registers over wss alone, and TLS needs a certificate", async () => {
  const tool = new Tool("--port", "0", "--device", "a,b,c,d");
  expect(await tool.line("device.json")).toMatch(/^no device\.json to register with: .*--tls-key and --tls-cert$/);
  expect(await tool.interrupt()).toBe(0);
});

test("--help names the device that is known by default", async () => {
  const tool = new Tool("--help");
  await tool.line("pk,device,secret");
  expect(await tool.ended).toBe(0);
});
