import { makeEndpoint } from "../../firmware/platforms/endpoint";
import { check, deviceJson, set } from "../fixtures/device-json";
import { hostRuntime } from "../../tools/host/runtime";

const runtime = hostRuntime();

/** What is not read may hold anything, the placeholders of an example among it. */
const example = JSON.parse(`{
  "wifi":     {"ssid": "plant-2", "password": "wifi-password"},
  "platform": "aliyun",
  "aliyun":   {"productKey": "pk", "deviceName": "device", "deviceSecret": "secret", "clientId": "12345",
               "region": "cn-shanghai", "secure": false, "signMethod": "hmacsha1", "timestamp": "789"},
  "ucloud":   {"productSN": "…", "deviceSN": "…", "deviceSecret": "…", "region": "cn-sh2", "secure": true},
  "broker":   {"clientId": "…", "username": "…", "password": "…"},
  "url":      "ws://127.0.0.1:8080/mqtt",
  "mqtt":     {"protocolVersion": 4, "keepalive": 300, "clean": true},
  "subscribe": [{"topic": "/pk/device/user/get", "qos": 1}],
  "telemetry": {"topic": "/pk/device/user/update", "qos": 1, "period": 60}
}`);

describe("the documented device.json", () => {
  test("is accepted as it is", () => {
    const { settings, faults } = check(example);
    expect(faults).toEqual([]);
    expect(settings).toMatchObject({
      wifi: { ssid: "plant-2", password: "wifi-password" },
      options: { protocolVersion: 4, keepalive: 300, clean: true },
      subscribe: [{ topic: "/pk/device/user/get", qos: 1 }],
      telemetry: { topic: "/pk/device/user/update", qos: 1, period: 60 },
    });
    expect(makeEndpoint(settings!.platform, runtime)).toEqual({
      url: "ws://127.0.0.1:8080/mqtt",
      clientId: "12345|securemode=3,signmethod=hmacsha1,timestamp=789|",
      username: "device&pk",
      password: "fafd82a3d602b37fb0fa8b7892f24a477f851a14",
    });
    expect(settings!.limits).toMatchObject({ keepalive: [30, 1200], own: "/pk/device" });
  });

  test("is not changed by the check", () => {
    const before = JSON.stringify(example);
    check(example);
    expect(JSON.stringify(example)).toBe(before);
  });
});

describe("each platform reads its own block", () => {
  test.each([
    ["aliyun", { username: "device&pk" }],
    ["ucloud", { clientId: "product.lamp-1", username: "product|lamp-1|1", password: "ucloud-5ecret" }],
    ["broker", { clientId: "bench-7", username: "lamp", password: "broker-5ecret" }],
  ] as const)("%s", (platform, credentials) => {
    const { settings, faults } = check(deviceJson(platform));
    expect(faults).toEqual([]);
    expect(makeEndpoint(settings!.platform, runtime)).toMatchObject({
      url: "ws://127.0.0.1:8080/mqtt",
      ...credentials,
    });
  });

  test.each(["aliyun", "ucloud", "broker"] as const)("%s: the others' may hold anything, or nothing", (platform) => {
    for (const other of ["aliyun", "ucloud", "broker"].filter((each) => each !== platform)) {
      for (const value of [undefined, null, 5, [], "x", { deviceSecret: 5 }]) {
        expect(check(set(deviceJson(platform), other, value)).faults).toEqual([]);
      }
    }
  });
});

describe("what may be left out", () => {
  test.each(["wifi", "mqtt", "subscribe", "telemetry", "url"])("%s, on a cloud", (field) => {
    for (const value of [undefined, null]) {
      const { settings, faults } = check(set(deviceJson("aliyun"), field, value));
      expect(faults).toEqual([]);
      expect(settings).toBeDefined();
    }
  });

  test("all but platform and credentials", () => {
    const { settings, faults } = check({
      platform: "aliyun",
      aliyun: { productKey: "pk", deviceName: "device", deviceSecret: "secret" },
    });
    expect(faults).toEqual([]);
    expect(settings).toMatchObject({ options: {}, subscribe: [] });
    expect([settings!.wifi, settings!.telemetry]).toEqual([undefined, undefined]);
    expect(makeEndpoint(settings!.platform, runtime)).toMatchObject({
      url: "ws://pk.iot-as-mqtt.cn-shanghai.aliyuncs.com:443/mqtt",
      clientId: "pk.device|securemode=3,signmethod=hmacsha1|",
    });
  });

  test("a broker's whole block", () => {
    const { settings, faults } = check({ platform: "broker", url: "ws://h/" });
    expect(faults).toEqual([]);
    expect(makeEndpoint(settings!.platform, runtime)).toEqual({ url: "ws://h/", clientId: "" });
  });

  test.each([
    "wifi.password",
    "aliyun.clientId",
    "aliyun.timestamp",
    "aliyun.signMethod",
    "aliyun.region",
    "aliyun.secure",
    "mqtt.protocolVersion",
    "mqtt.keepalive",
    "mqtt.clean",
    "subscribe.0.qos",
    "telemetry.qos",
    "telemetry.period",
  ])("%s", (path) => expect(check(set(deviceJson("aliyun"), path, undefined)).faults).toEqual([]));
});

describe("values at the edge of their range", () => {
  test.each([
    ["mqtt.keepalive", 30],
    ["mqtt.keepalive", 1200],
    ["mqtt.protocolVersion", 3],
    ["mqtt.clean", false],
    ["mqtt.subprotocol", "mqttv3.1"],
    ["mqtt.connectTimeout", 1000],
    ["mqtt.maximumPacketSize", 128],
    ["mqtt.queueBytes", 0],
    ["mqtt.queueMessages", 0],
    ["mqtt.receiveMaximum", 1],
    ["mqtt.receiveMaximum", 65535],
    ["telemetry.period", 1],
    ["telemetry.period", 86400],
    ["telemetry.qos", 0],
    ["subscribe", []],
    ["subscribe", Array.from({ length: 100 }, (_, i) => ({ topic: `/pk/device/user/${i}` }))],
    ["subscribe.0.topic", "/pk/device/user/#"],
    ["subscribe.0.topic", "/pk/device/+/get"],
    ["subscribe.0.topic", "/sys/pk/device/thing/service/property/set"],
    ["subscribe.0.topic", "/ext/ntp/pk/device/response"],
    ["subscribe.0.topic", "/broadcast/pk/all"],
    ["subscribe.0.topic", `/pk/device/${"x".repeat(117)}`],
    ["subscribe.0.topic", "/pk/device/3/4/5/6/7"],
    ["subscribe.0.topic", `/pk/device/${"灯".repeat(39)}`],
    ["wifi.ssid", "植物"],
    ["url", "wss://h"],
    ["aliyun.clientId", "x".repeat(64)],
    ["aliyun.signMethod", "hmacsha256"],
  ])("%s may be %j on a cloud", (path, value) => {
    expect(check(set(deviceJson("aliyun"), path, value)).faults).toEqual([]);
  });

  test.each([
    ["mqtt.keepalive", 0],
    ["mqtt.keepalive", 29],
    ["mqtt.keepalive", 65535],
    ["mqtt.will", { topic: "lamp/gone", payload: "yes", qos: 1, retain: true }],
    ["mqtt.will", null],
    ["subscribe.0.topic", "#"],
    ["subscribe.0.topic", "+/+/+/+/+/+/+/+/+/+"],
    ["subscribe.0.topic", "x".repeat(65535)],
    ["telemetry.topic", "anybody's"],
    ["telemetry.topic", "温度"],
  ])("%s may be %j on a broker", (path, value) => {
    expect(check(set(deviceJson("broker"), path, value)).faults).toEqual([]);
  });

  test("a url's scheme decides the securemode", () => {
    for (const [scheme, securemode] of [
      ["ws", 3],
      ["wss", 2],
    ]) {
      const { settings } = check(set(deviceJson("aliyun"), "url", `${scheme}://127.0.0.1:8080/mqtt`));
      expect(makeEndpoint(settings!.platform, runtime).clientId).toContain(`|securemode=${securemode},`);
    }
  });

  test("a will's payload and flags reach the options", () => {
    const will = { topic: "lamp/gone", payload: "yes", qos: 1, retain: true };
    expect(check(set(deviceJson("broker"), "mqtt.will", will)).settings!.options.will).toEqual(will);
  });

  test("hmacsha256 is refused where the board has no native SHA-256", () => {
    const json = set(deviceJson("aliyun"), "aliyun.signMethod", "hmacsha256");
    expect(check(json, hostRuntime({ sha256: () => undefined }))).toMatchObject({
      settings: undefined,
      faults: ["config-invalid aliyun.signMethod"],
    });
  });
});
