/** The compiled bundle and a faulty device.json: each fault has its line, and nothing is sent. */
import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { EXAMPLES } from "../../tools/run/device-file";
import type { DeviceUnderTest } from "../fixtures/boards";
import { onEachBoard } from "../fixtures/boards";

const { aliyun } = EXAMPLES;
const SECRET = "c0nfidential";
const credentials = { ...aliyun.aliyun!, deviceSecret: SECRET };

const sound = { ...aliyun, aliyun: credentials };

/** What is wrong, device.json, and the code and field of its one error. */
const FAULTS: [string, unknown, string, string][] = [
  ["no file", undefined, "config-missing", "device.json"],
  ["not JSON", "{platform:", "config-invalid", "device.json"],
  ["not an object", [1], "config-invalid", "device.json"],
  ["no platform", { ...sound, platform: undefined }, "config-missing", "platform"],
  ["an unknown platform", { ...sound, platform: "azure" }, "config-invalid", "platform"],
  ["no block", { ...sound, aliyun: undefined }, "config-missing", "aliyun"],
  [
    "no secret",
    { ...sound, aliyun: { ...credentials, deviceSecret: undefined } },
    "config-missing",
    "aliyun.deviceSecret",
  ],
  [
    "a client id of 65 characters",
    { ...sound, aliyun: { ...credentials, clientId: "x".repeat(65) } },
    "config-invalid",
    "aliyun.clientId",
  ],
  ["keepalive 29", { ...sound, mqtt: { keepalive: 29 } }, "option-out-of-range", "mqtt.keepalive"],
  ["keepalive 1201", { ...sound, mqtt: { keepalive: 1201 } }, "option-out-of-range", "mqtt.keepalive"],
  [
    "a Will on a cloud",
    { ...sound, mqtt: { will: { topic: "/pk/device/user/x", payload: "" } } },
    "will-forbidden",
    "mqtt.will",
  ],
  ["a URL that is none", { ...sound, url: "http://127.0.0.1" }, "url-invalid", "url"],
  [
    "a topic of another device",
    { ...sound, telemetry: { topic: "/pk/other/user/update" } },
    "topic-forbidden",
    "telemetry.topic",
  ],
  ["a misspelt name", { ...sound, telemtry: {} }, "config-unknown", "telemtry"],
  ["QoS 2", { ...sound, subscribe: [{ topic: "/pk/device/user/get", qos: 2 }] }, "qos-unsupported", "subscribe.0.qos"],
];

jest.setTimeout(30_000);

onEachBoard((make) => {
  let device: DeviceUnderTest;
  let server: Server;
  let connections = 0;

  beforeEach(async () => {
    connections = 0;
    server = createServer((socket) => {
      connections++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });

  afterEach(async () => {
    await device.stop();
    await new Promise((resolve) => server.close(resolve));
  });

  test.each(FAULTS)("%s: one error line names it, and nothing is sent", async (_what, json, code, field) => {
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/mqtt`;
    device = make(100);
    const file = json && typeof json === "object" && !Array.isArray(json) ? { url, ...json } : json;
    await device.start(file, 'print("configured "+device.status().configured);');
    await device.line((line) => line === "configured false");
    expect(device.all("error")).toMatchObject([{ code, field }]);
    expect(device.lines.join("\n")).not.toContain(SECRET);
    expect(connections).toBe(0);
  });
});
