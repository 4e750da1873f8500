/** device.json between people and boards: fields by path, what is shown of it, and what counts as a visible secret. */
import { checkDevice } from "../../tools/device-json/check";
import { getField, setField, typedValue } from "../../tools/device-json/json";
import type { Json } from "../../tools/device-json/json";
import { hideSecrets, refuseVisibleSecrets } from "../../tools/device-json/secrets";
import { deviceJson, secrets } from "../fixtures/device-json";

test("a field is set by its path, through blocks and lists that are not there yet", () => {
  const json: Json = { mqtt: { clean: true } };
  setField(json, "mqtt.keepalive", 60);
  setField(json, "subscribe.0.topic", "a");
  setField(json, "subscribe.1.topic", "b");
  expect(json).toEqual({ mqtt: { clean: true, keepalive: 60 }, subscribe: [{ topic: "a" }, { topic: "b" }] });
  expect(getField(json, "subscribe.1.topic")).toBe("b");
  expect(getField(json, "mqtt.toString")).toBeUndefined();
});

test("a path that names a prototype changes none, and is refused as unknown", () => {
  const json = deviceJson("broker");
  setField(json, "__proto__.polluted", 1);
  expect(({} as Json).polluted).toBeUndefined();
  expect(checkDevice(json).faults).toEqual([expect.stringMatching(/^__proto__ is unknown/)]);
});

test.each([
  ["aliyun.timestamp", "789", "789"],
  ["aliyun.secure", "true", true],
  ["wifi.ssid", "12", "12"],
  ["mqtt.keepalive", "60", 60],
  ["mqtt.will.payload", "0", "0"],
  ["mqtt.outgoingStore", "", ""],
  ["subscribe.0.topic", "1", "1"],
  ["telemetry.qos", "one", "one"],
])("%s typed as %j is %j", (path, text, value) => {
  expect(typedValue(path, text)).toBe(value);
});

test("each platform's configuration is shown without any of its secrets, and otherwise as it is", () => {
  for (const platform of ["aliyun", "ucloud", "broker"] as const) {
    const json = deviceJson(platform);
    const shown = hideSecrets(json) as typeof json;
    for (const secret of secrets) expect(JSON.stringify(shown)).not.toContain(secret);
    expect({ ...shown, wifi: 0, aliyun: 0, ucloud: 0, broker: 0 }).toEqual({
      ...json,
      wifi: 0,
      aliyun: 0,
      ucloud: 0,
      broker: 0,
    });
    expect(shown.wifi).toEqual({ ssid: "plant-2", password: "(hidden)" });
  }
});

test("what has an unknown name is hidden, whatever its shape", () => {
  expect(hideSecrets({ deviceSecert: "a", list: ["b", { nested: "c" }], password: 12345 })).toEqual({
    deviceSecert: "(hidden)",
    list: ["(hidden)", { nested: "(hidden)" }],
    password: "(hidden)",
  });
});

test.each([["--secret-file"], ["--product-key"], ["--set"], ["mqtt.keepalive=60"], ["--url=ws://h/password"]])(
  "%s is no secret",
  (arg) => {
    expect(() => refuseVisibleSecrets([arg])).not.toThrow();
  },
);

test.each([
  [["--set", 'broker={"username":"u","password":"hunter2"}']],
  [['--set=mqtt={"a":[{"deviceSecret":"hunter2"}]}']],
])("a secret inside the JSON of %j is refused, and not repeated", (args) => {
  expect(() => refuseVisibleSecrets(args)).toThrow(/^(?!.*hunter2).*a secret on the command line/);
});

test("every variable that may hold a secret is named where one is refused", () => {
  const refused = () => refuseVisibleSecrets(["--set", "aliyun.productSecret=hunter2"]);
  expect(refused).toThrow(/DEVICE_SECRET, PRODUCT_SECRET, BROKER_PASSWORD, WIFI_PASSWORD/);
});

test("JSON without a secret may be set", () => {
  expect(() => refuseVisibleSecrets(["--set", 'mqtt={"keepalive":60}'])).not.toThrow();
});

test("the query of a url is hidden: it may hold a token", () => {
  expect(hideSecrets({ url: "wss://u:p@h:8084/mqtt?token=a@b" })).toEqual({
    url: "wss://(hidden)@h:8084/mqtt?(hidden)",
  });
});
