import { hostRuntime } from "../../tools/host/runtime";
import { checkForm, connectParameters } from "../../tools/web-console/session/credentials";
import type { Form } from "../../tools/web-console/session/fields";
import { deviceOf, EMPTY_FORM, formOf } from "../../tools/web-console/session/fields";
import { browserRuntime } from "../../tools/web-console/session/runtime";

const runtime = browserRuntime(hostRuntime());

const ALIYUN: Form = {
  platform: "aliyun",
  values: {
    ...EMPTY_FORM.values,
    "aliyun.productKey": "pk",
    "aliyun.deviceName": "device",
    "aliyun.deviceSecret": "secret",
    "aliyun.clientId": "12345",
    "aliyun.timestamp": "789",
  },
};

const changed = (form: Form, values: Form["values"]): Form => ({ ...form, values: { ...form.values, ...values } });
const parametersOf = (form: Form) => connectParameters(checkForm(form, runtime).settings!, runtime);

test("the documented device: what is signed, and the signature", () => {
  expect(parametersOf(ALIYUN)).toEqual({
    url: "ws://pk.iot-as-mqtt.cn-shanghai.aliyuncs.com:443/mqtt",
    clientId: "12345|securemode=3,signmethod=hmacsha1,timestamp=789|",
    username: "device&pk",
    password: "fafd82a3d602b37fb0fa8b7892f24a477f851a14",
    signed: "clientId12345deviceNamedeviceproductKeypktimestamp789",
  });
});

test("hmacsha256, which browsers have by hand too", () => {
  const form = changed(ALIYUN, {
    "aliyun.productKey": "a11xsrWmW14",
    "aliyun.deviceName": "paho_mqtt",
    "aliyun.deviceSecret": "Y877Bgo8X5owd3lcB5wWDjryNPoBUdiH",
    "aliyun.clientId": "paho_mqtt&a11xsrWmW14",
    "aliyun.timestamp": "2524608000000",
    "aliyun.signMethod": "hmacsha256",
  });
  expect(parametersOf(form)).toMatchObject({
    password: "36e955dc3d9d012ef62c80657a29328b1cfae6186c611a17dc7939fab6378ed9",
    signed: "clientIdpaho_mqtt&a11xsrWmW14deviceNamepaho_mqttproductKeya11xsrWmW14timestamp2524608000000",
  });
});

test("a secret longer than a block of the hash is hashed first, and what is signed stays the same", () => {
  const long = parametersOf(changed(ALIYUN, { "aliyun.deviceSecret": "s".repeat(65) }));
  expect(long.signed).toBe("clientId12345deviceNamedeviceproductKeypktimestamp789");
});

test("UCloud signs nothing", () => {
  const form: Form = {
    platform: "ucloud",
    values: {
      "ucloud.productSN": "sn",
      "ucloud.deviceSN": "dev-1",
      "ucloud.deviceSecret": "secret",
      "ucloud.secure": true,
    },
  };
  expect(parametersOf(form)).toEqual({
    url: "wss://mqtt-cn-sh2.iot.ucloud.cn:443/",
    clientId: "sn.dev-1",
    username: "sn|dev-1|1",
    password: "secret",
    signed: undefined,
  });
});

test("a broker's names may be any text", () => {
  const values = {
    url: "ws://127.0.0.1/",
    "broker.clientId": "灯",
    "broker.username": "用户",
    "broker.password": "密码",
  };
  expect(parametersOf({ platform: "broker", values })).toMatchObject({
    clientId: "灯",
    username: "用户",
    password: "密码",
  });
});

test("faults are the firmware's, each with its field, and none quotes a secret", () => {
  const form = changed(ALIYUN, {
    "aliyun.productKey": "",
    "aliyun.deviceSecret": "se cret",
    "mqtt.keepalive": "7",
    url: "http://x",
  });
  const { settings, faults } = checkForm(form, runtime);
  expect(settings).toBeUndefined();
  expect(faults.map(({ code, field }) => `${code} ${field}`)).toEqual([
    "url-invalid url",
    "config-missing aliyun.productKey",
    "config-invalid aliyun.deviceSecret",
    "option-out-of-range mqtt.keepalive",
  ]);
  expect(JSON.stringify(faults)).not.toContain("se cret");
});

test("a keepalive that is no number is a fault, not a default", () => {
  const { faults } = checkForm(changed(ALIYUN, { "mqtt.keepalive": "soon" }), runtime);
  expect(faults).toMatchObject([{ code: "option-out-of-range", field: "mqtt.keepalive" }]);
});

describe("a form and device.json", () => {
  const device = {
    platform: "aliyun",
    aliyun: { productKey: "pk", deviceName: "device", deviceSecret: "secret", clientId: "12345", timestamp: "789" },
    mqtt: { keepalive: 60, protocolVersion: 3, clean: false },
    url: "ws://127.0.0.1:8080/mqtt",
  };

  test("one becomes the other and comes back", () => {
    expect(deviceOf(formOf(device)!)).toEqual(device);
  });

  test("what the form has no field for is left out", () => {
    const more = { ...device, wifi: { ssid: "x", password: "y" }, telemetry: { topic: "/pk/device/user/update" } };
    expect(deviceOf(formOf(more)!)).toEqual(device);
  });

  test.each([null, "text", 7, [], {}, { platform: "other" }, { platform: "constructor" }])("%j is none", (json) => {
    expect(formOf(json)).toBeUndefined();
  });
});
