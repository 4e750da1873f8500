import { check, deviceJson, secrets, set } from "../fixtures/device-json";

type Platform = "aliyun" | "ucloud" | "broker";

/** One value that is wrong, and its only fault. */
const singles: [Platform, string, unknown, string][] = [
  ["aliyun", "platform", undefined, "config-missing platform"],
  ["aliyun", "platform", null, "config-missing platform"],
  ["aliyun", "platform", "azure", "config-invalid platform"],
  ["aliyun", "platform", "Aliyun", "config-invalid platform"],
  ["aliyun", "platform", "toString", "config-invalid platform"],
  ["aliyun", "platform", 1, "config-invalid platform"],
  ["aliyun", "platform", ["aliyun"], "config-invalid platform"],
  ["aliyun", "aliyun", undefined, "config-missing aliyun"],
  ["aliyun", "aliyun", null, "config-missing aliyun"],
  ["ucloud", "ucloud", undefined, "config-missing ucloud"],
  ["aliyun", "aliyun.productKey", undefined, "config-missing aliyun.productKey"],
  ["aliyun", "aliyun.productKey", 7, "config-invalid aliyun.productKey"],
  ["aliyun", "aliyun.deviceName", "", "config-missing aliyun.deviceName"],
  ["aliyun", "aliyun.deviceName", "a&b", "config-invalid aliyun.deviceName"],
  ["aliyun", "aliyun.deviceSecret", undefined, "config-missing aliyun.deviceSecret"],
  ["aliyun", "aliyun.deviceSecret", null, "config-missing aliyun.deviceSecret"],
  ["aliyun", "aliyun.deviceSecret", `${secrets[1]} `, "config-invalid aliyun.deviceSecret"],
  ["aliyun", "aliyun.deviceSecret", [secrets[1]], "config-invalid aliyun.deviceSecret"],
  ["aliyun", "aliyun.clientId", "x".repeat(65), "config-invalid aliyun.clientId"],
  ["aliyun", "aliyun.clientId", "a|b", "config-invalid aliyun.clientId"],
  ["aliyun", "aliyun.signMethod", "hmacmd5", "config-invalid aliyun.signMethod"],
  ["aliyun", "aliyun.timestamp", 789, "config-invalid aliyun.timestamp"],
  ["aliyun", "aliyun.region", "cn shanghai", "config-invalid aliyun.region"],
  ["aliyun", "aliyun.secure", "false", "config-invalid aliyun.secure"],
  ["ucloud", "ucloud.productSN", undefined, "config-missing ucloud.productSN"],
  ["ucloud", "ucloud.deviceSN", undefined, "config-missing ucloud.deviceSN"],
  ["ucloud", "ucloud.deviceSN", "abc", "config-invalid ucloud.deviceSN"],
  ["ucloud", "ucloud.deviceSecret", "", "config-missing ucloud.deviceSecret"],
  ["ucloud", "ucloud.deviceSecret", `${secrets[2]}\n`, "config-invalid ucloud.deviceSecret"],
  ["ucloud", "ucloud.secure", 1, "config-invalid ucloud.secure"],
  ["ucloud", "ucloud.host", "h:443", "config-invalid ucloud.host"],
  ["broker", "broker", "bench-7", "config-invalid broker"],
  ["broker", "broker", 0, "config-invalid broker"],
  ["broker", "broker.clientId", 7, "config-invalid broker.clientId"],
  ["broker", "broker.username", undefined, "config-missing broker.username"],
  ["broker", "broker.password", { text: secrets[3] }, "config-invalid broker.password"],
  ["broker", "url", undefined, "config-missing url"],
  ["broker", "url", null, "config-missing url"],
  ["broker", "url", "http://127.0.0.1/", "url-invalid url"],
  ["aliyun", "url", "", "url-invalid url"],
  ["aliyun", "url", "127.0.0.1:8080", "url-invalid url"],
  ["aliyun", "url", 8080, "url-invalid url"],
  ["aliyun", "url", ["ws://h/"], "url-invalid url"],
  ["aliyun", "url", "ws://h/ HTTP/1.1\r\nX: y", "url-invalid url"],
  ["aliyun", "url", `ws://lamp:${secrets[3]}@h/`, "url-invalid url"],
  ["aliyun", "wifi", {}, "config-missing wifi.ssid"],
  ["aliyun", "wifi.ssid", undefined, "config-missing wifi.ssid"],
  ["aliyun", "wifi.ssid", "", "config-missing wifi.ssid"],
  ["aliyun", "wifi.password", 12345678, "config-invalid wifi.password"],
  ["aliyun", "wifi.password", [secrets[0]], "config-invalid wifi.password"],
  ["aliyun", "mqtt", [], "config-invalid mqtt"],
  ["aliyun", "mqtt", 300, "config-invalid mqtt"],
  ["aliyun", "mqtt", "x", "config-invalid mqtt"],
  ["aliyun", "mqtt.keepalive", 29, "option-out-of-range mqtt.keepalive"],
  ["aliyun", "mqtt.keepalive", 1201, "option-out-of-range mqtt.keepalive"],
  ["ucloud", "mqtt.keepalive", 29, "option-out-of-range mqtt.keepalive"],
  ["ucloud", "mqtt.keepalive", 1201, "option-out-of-range mqtt.keepalive"],
  ["aliyun", "mqtt.keepalive", 0, "option-out-of-range mqtt.keepalive"],
  ["aliyun", "mqtt.keepalive", "300", "option-out-of-range mqtt.keepalive"],
  ["aliyun", "mqtt.keepalive", 60.5, "option-out-of-range mqtt.keepalive"],
  ["aliyun", "mqtt.keepalive", [300], "option-out-of-range mqtt.keepalive"],
  ["broker", "mqtt.keepalive", 65536, "option-out-of-range mqtt.keepalive"],
  ["broker", "mqtt.keepalive", -1, "option-out-of-range mqtt.keepalive"],
  ["aliyun", "mqtt.protocolVersion", 5, "option-out-of-range mqtt.protocolVersion"],
  ["aliyun", "mqtt.protocolVersion", "4", "option-out-of-range mqtt.protocolVersion"],
  ["aliyun", "mqtt.clean", 1, "option-out-of-range mqtt.clean"],
  ["aliyun", "mqtt.clean", "true", "option-out-of-range mqtt.clean"],
  ["aliyun", "mqtt.connectTimeout", 999, "option-out-of-range mqtt.connectTimeout"],
  ["aliyun", "mqtt.maximumPacketSize", 127, "option-out-of-range mqtt.maximumPacketSize"],
  ["aliyun", "mqtt.queueBytes", -1, "option-out-of-range mqtt.queueBytes"],
  ["aliyun", "mqtt.queueMessages", 65536, "option-out-of-range mqtt.queueMessages"],
  ["aliyun", "mqtt.receiveMaximum", 0, "option-out-of-range mqtt.receiveMaximum"],
  ["aliyun", "mqtt.will", { topic: "/pk/device/user/gone", payload: "" }, "will-forbidden mqtt.will"],
  ["ucloud", "mqtt.will", { topic: "/product/lamp-1/gone", payload: "" }, "will-forbidden mqtt.will"],
  ["broker", "mqtt.will", { topic: "gone", payload: "", qos: 2 }, "qos-unsupported mqtt.will.qos"],
  ["broker", "mqtt.will", { topic: "gone", payload: "", qos: 3 }, "option-out-of-range mqtt.will.qos"],
  ["broker", "mqtt.will", { payload: "" }, "option-missing mqtt.will.topic"],
  ["broker", "mqtt.will", { topic: 5, payload: "" }, "topic-invalid mqtt.will.topic"],
  ["aliyun", "subscribe", {}, "config-invalid subscribe"],
  ["aliyun", "subscribe", "/pk/device/user/get", "config-invalid subscribe"],
  ["aliyun", "subscribe", 0, "config-invalid subscribe"],
  ["aliyun", "subscribe", Array(101).fill({ topic: "/pk/device/x" }), "config-invalid subscribe"],
  ["aliyun", "subscribe", [{}], "topic-invalid subscribe.0.topic"],
  ["aliyun", "subscribe.0.topic", undefined, "topic-invalid subscribe.0.topic"],
  ["aliyun", "subscribe.0.topic", "", "topic-invalid subscribe.0.topic"],
  ["aliyun", "subscribe.0.topic", 5, "topic-invalid subscribe.0.topic"],
  ["broker", "subscribe.0.topic", "a/b#", "topic-invalid subscribe.0.topic"],
  ["broker", "subscribe.0.topic", "a/#/b", "topic-invalid subscribe.0.topic"],
  ["broker", "subscribe.0.topic", "a\x00b", "topic-invalid subscribe.0.topic"],
  ["broker", "subscribe.0.topic", "\ud800", "topic-invalid subscribe.0.topic"],
  ["broker", "subscribe.0.topic", "x".repeat(65536), "topic-invalid subscribe.0.topic"],
  ["aliyun", "subscribe.0.topic", "/pk/other/user/get", "topic-forbidden subscribe.0.topic"],
  ["aliyun", "subscribe.0.topic", "/pk/device2/user/get", "topic-forbidden subscribe.0.topic"],
  ["aliyun", "subscribe.0.topic", "/pk/+/user/get", "topic-forbidden subscribe.0.topic"],
  ["aliyun", "subscribe.0.topic", "#", "topic-forbidden subscribe.0.topic"],
  ["aliyun", "subscribe.0.topic", `/pk/device/${"x".repeat(118)}`, "topic-forbidden subscribe.0.topic"],
  ["aliyun", "subscribe.0.topic", `/pk/device/${"灯".repeat(40)}`, "topic-forbidden subscribe.0.topic"],
  ["aliyun", "subscribe.0.topic", "/pk/device/3/4/5/6/7/8", "topic-forbidden subscribe.0.topic"],
  ["ucloud", "subscribe.0.topic", "/$system/product/lamp-2/get", "topic-forbidden subscribe.0.topic"],
  ["aliyun", "subscribe.0.qos", 2, "qos-unsupported subscribe.0.qos"],
  ["aliyun", "subscribe.0.qos", 3, "config-invalid subscribe.0.qos"],
  ["aliyun", "subscribe.0.qos", "1", "config-invalid subscribe.0.qos"],
  ["aliyun", "subscribe.0.qos", true, "config-invalid subscribe.0.qos"],
  ["aliyun", "telemetry", {}, "topic-invalid telemetry.topic"],
  ["aliyun", "telemetry.topic", undefined, "topic-invalid telemetry.topic"],
  ["aliyun", "telemetry.topic", "/pk/device/#", "topic-invalid telemetry.topic"],
  ["aliyun", "telemetry.topic", "/pk/other/user/update", "topic-forbidden telemetry.topic"],
  ["aliyun", "telemetry.qos", 2, "qos-unsupported telemetry.qos"],
  ["aliyun", "telemetry.qos", -1, "config-invalid telemetry.qos"],
  ["aliyun", "telemetry.period", 0, "config-invalid telemetry.period"],
  ["aliyun", "telemetry.period", 86401, "config-invalid telemetry.period"],
  ["aliyun", "telemetry.period", 1.5, "config-invalid telemetry.period"],
  ["aliyun", "telemetry.period", "60", "config-invalid telemetry.period"],
];

/** No message holds a secret, and every fault has a message. */
function expectDiscreet(messages: string[]) {
  for (const message of messages) {
    expect(message).toMatch(/./);
    for (const secret of secrets) expect(message).not.toContain(secret);
  }
}

const titled = (table: typeof singles) =>
  table.map(
    (each) => [`${each[0]}: ${each[1]} ${JSON.stringify(each[2])?.slice(0, 60)}: ${each[3]}`, ...each] as const,
  );

describe("one fault is told once, with its field", () => {
  test.each(titled(singles))("%s", (_, platform, path, value, fault) => {
    const { settings, faults, messages } = check(set(deviceJson(platform), path, value));
    expect(faults).toEqual([fault]);
    expect(settings).toBeUndefined();
    expectDiscreet(messages);
  });

  test.each([
    [undefined, "config-missing"],
    [null, "config-missing"],
    [[], "config-invalid"],
    [[{}], "config-invalid"],
    ["{}", "config-invalid"],
    ["", "config-invalid"],
    [0, "config-invalid"],
    [5, "config-invalid"],
    [true, "config-invalid"],
  ])("a device.json that is %j", (json, code) => {
    expect(check(json)).toMatchObject({ settings: undefined, faults: [`${code} device.json`] });
  });

  test("an entry of a list is named by its place", () => {
    const json = deviceJson("aliyun");
    json.subscribe = [{ topic: "/pk/device/a" }, { topic: "/pk/device/b", qos: 2 }, { topic: "/pk/device/c" }];
    expect(check(json).faults).toEqual(["qos-unsupported subscribe.1.qos"]);
  });
});

describe("several faults", () => {
  test("are told each", () => {
    const json = deviceJson("aliyun");
    set(json, "wifi.ssid", "");
    set(json, "aliyun.deviceSecret", undefined);
    set(json, "aliyun.clientId", "x".repeat(65));
    set(json, "mqtt.keepalive", 5);
    set(json, "mqtt.will", { topic: "gone", payload: "" });
    set(json, "subscribe.0.qos", 2);
    set(json, "telemetry.topic", "a/+");
    set(json, "telemetry.period", 0);
    set(json, "url", "tcp://h");
    const { settings, faults, messages } = check(json);
    expect(settings).toBeUndefined();
    expect(faults.sort()).toEqual([
      "config-invalid aliyun.clientId",
      "config-invalid telemetry.period",
      "config-missing aliyun.deviceSecret",
      "config-missing wifi.ssid",
      "option-out-of-range mqtt.keepalive",
      "qos-unsupported subscribe.0.qos",
      "topic-invalid telemetry.topic",
      "url-invalid url",
      "will-forbidden mqtt.will",
    ]);
    expectDiscreet(messages);
  });

  test("of one topic are its name and its QoS", () => {
    expect(check(set(deviceJson("broker"), "telemetry", { topic: "#", qos: 2, period: "" })).faults).toEqual([
      "topic-invalid telemetry.topic",
      "qos-unsupported telemetry.qos",
      "config-invalid telemetry.period",
    ]);
  });

  test("of an unknown platform leave the rest to be checked", () => {
    const json = set(set(deviceJson("aliyun"), "platform", "x"), "mqtt.keepalive", 70000);
    expect(check(json).faults).toEqual(["config-invalid platform", "option-out-of-range mqtt.keepalive"]);
  });

  test("a cloud's keepalive is checked even where its credentials are not sound", () => {
    const json = set(set(deviceJson("aliyun"), "aliyun.productKey", ""), "mqtt.keepalive", 29);
    expect(check(json).faults).toEqual(["config-missing aliyun.productKey", "option-out-of-range mqtt.keepalive"]);
  });

  test.each([
    [{ clean: false }, {}],
    [{ protocolVersion: 3 }, { clientId: "" }],
    [{ protocolVersion: 3, clean: true }, undefined],
  ])("a broker without a client id needs a clean session of 3.1.1: %j", (mqtt, block) => {
    const json = set(set(deviceJson("broker"), "mqtt", mqtt), "broker", block);
    expect(check(json).faults).toEqual(["config-missing broker.clientId"]);
  });
});

describe("one fault, one line, also where", () => {
  test.each(
    titled([
      ["aliyun", "wifi", [], "config-invalid wifi"],
      ["aliyun", "wifi", "plant-2", "config-invalid wifi"],
      ["aliyun", "aliyun", [], "config-invalid aliyun"],
      ["aliyun", "aliyun", 5, "config-invalid aliyun"],
      ["ucloud", "ucloud", "x", "config-invalid ucloud"],
      ["aliyun", "telemetry", [], "config-invalid telemetry"],
      ["aliyun", "telemetry", 60, "config-invalid telemetry"],
      ["aliyun", "subscribe", [null], "config-missing subscribe.0"],
      ["aliyun", "subscribe", ["/pk/device/user/get"], "config-invalid subscribe.0"],
    ]),
  )("%s", (_, platform, path, value, fault) => {
    expect(check(set(deviceJson(platform), path, value)).faults).toEqual([fault]);
  });

  test("a ssid that is a number is invalid, not missing", () => {
    expect(check(set(deviceJson("aliyun"), "wifi.ssid", 5)).faults).toEqual(["config-invalid wifi.ssid"]);
  });

  // It goes into the opening request as it is: a line end in it writes headers of its own.
  test.each(["mqtt\r\nX: y", "mqtt, chat", "灯", 5, ["mqtt"]])("mqtt.subprotocol %j is told", (value) => {
    expect(check(set(deviceJson("aliyun"), "mqtt.subprotocol", value)).faults).toEqual([
      expect.stringMatching(/^\S+ mqtt\.subprotocol$/),
    ]);
  });

  // An empty payload would be sent for what is no text, a flag for what is neither true nor false; a wildcard is for filters.
  test.each([
    ["a number as payload", { topic: "gone", payload: 5 }, "mqtt.will.payload"],
    ["text as retain", { topic: "gone", payload: "", retain: "no" }, "mqtt.will.retain"],
    ["a wildcard", { topic: "gone/#", payload: "" }, "mqtt.will.topic"],
    ["no UTF-8", { topic: "\ud800", payload: "" }, "mqtt.will.topic"],
  ])("a will with %s is told", (_, will, field) => {
    expect(check(set(deviceJson("broker"), "mqtt.will", will)).faults).toEqual([expect.stringContaining(` ${field}`)]);
  });

  test("a will that is no block is told as such", () => {
    expect(check(set(deviceJson("broker"), "mqtt.will", "gone")).faults).toEqual([
      expect.stringMatching(/^\S+ mqtt\.will$/),
    ]);
  });
});
