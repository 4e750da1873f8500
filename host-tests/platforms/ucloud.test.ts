import type { UCloudConfig } from "../../firmware/platforms/ucloud";
import { checkUCloud, ucloud } from "../../firmware/platforms/ucloud";
import { parseUrl } from "../../firmware/websocket/handshake";
import { faultsOf } from "../fixtures/field-faults";

const device: UCloudConfig = { productSN: "5g4p0fkz3g2tnw4x", deviceSN: "lamp-1@hall:2", deviceSecret: "e7d2y9k1" };
const endpoint = (change: Partial<UCloudConfig> = {}, url?: string) => ucloud({ ...device, ...change }, url).endpoint();

test("a device of static registration signs on with its secret as it is", () => {
  expect(endpoint()).toEqual({
    url: "wss://mqtt-cn-sh2.iot.ucloud.cn:443/",
    clientId: "5g4p0fkz3g2tnw4x.lamp-1@hall:2",
    username: "5g4p0fkz3g2tnw4x|lamp-1@hall:2|1",
    password: "e7d2y9k1",
  });
});

describe("where to connect", () => {
  test.each([
    [{}, "wss://mqtt-cn-sh2.iot.ucloud.cn:443/", true, 443],
    [{ secure: true }, "wss://mqtt-cn-sh2.iot.ucloud.cn:443/", true, 443],
    [{ secure: false }, "ws://mqtt-cn-sh2.iot.ucloud.cn:80/", false, 80],
    [{ region: "cn-gd" }, "wss://mqtt-cn-gd.iot.ucloud.cn:443/", true, 443],
    [{ host: "mqtt-cn-sh2.ucloud.cn" }, "wss://mqtt-cn-sh2.ucloud.cn:443/", true, 443],
    [{ host: "mqtt-cn-sh2.ucloud.cn", region: "cn-gd", secure: false }, "ws://mqtt-cn-sh2.ucloud.cn:80/", false, 80],
    [{ path: "/mqtt" }, "wss://mqtt-cn-sh2.iot.ucloud.cn:443/mqtt", true, 443],
  ])("%j: %s", (change, url, tls, port) => {
    expect(endpoint(change).url).toBe(url);
    expect(parseUrl(url)).toMatchObject({ tls, port });
  });

  test("a url overrides all of it, and changes no credential", () => {
    const { url, ...credentials } = endpoint({ secure: false, host: "x", path: "/y" }, "ws://127.0.0.1:8080/mqtt");
    expect(url).toBe("ws://127.0.0.1:8080/mqtt");
    expect(endpoint()).toMatchObject(credentials);
  });
});

test("credentials are made afresh for each call", () => {
  const config = { ...device };
  const platform = ucloud(config, undefined);
  expect(platform.endpoint()).toEqual(platform.endpoint());
  expect(platform.endpoint()).not.toBe(platform.endpoint());
  config.deviceSecret = "renewed";
  expect(platform.endpoint().password).toBe("renewed");
});

test("limits: the platform's rules", () => {
  expect(ucloud(device, undefined).limits).toEqual({
    keepalive: [30, 1200],
    plain: true,
    topicBytes: 128,
    topicSlashes: 7,
    payload: 256 * 1024,
    subscriptions: 100,
    rate: [30, 1],
    own: "/5g4p0fkz3g2tnw4x/lamp-1@hall:2",
  });
});

describe("checkUCloud", () => {
  const check = (change: object) => faultsOf(checkUCloud, { ...device, ...change });

  test.each([
    {},
    { deviceSN: "abcd" },
    { deviceSN: "x".repeat(64) },
    { deviceSN: "AZaz09-_@:" },
    { secure: null, region: null, host: null, path: null },
    { secure: false, region: "cn-gd", host: "mqtt-cn-sh2.ucloud.cn", path: "/mqtt" },
  ])("finds no fault with %j", (change) => expect(check(change)).toEqual([]));

  test.each([
    ["config-missing productSN", { productSN: undefined }],
    ["config-missing productSN", { productSN: "" }],
    ["config-invalid productSN", { productSN: 5 }],
    ["config-invalid productSN", { productSN: "a|b" }],
    ["config-invalid productSN", { productSN: "a/b" }],
    ["config-invalid productSN", { productSN: "a.b" }],
    ["config-missing deviceSN", { deviceSN: undefined }],
    ["config-missing deviceSN", { deviceSN: "" }],
    ["config-invalid deviceSN", { deviceSN: 12345 }],
    ["config-invalid deviceSN", { deviceSN: ["lamp"] }],
    ["config-invalid deviceSN", { deviceSN: "abc" }],
    ["config-invalid deviceSN", { deviceSN: "x".repeat(65) }],
    ["config-invalid deviceSN", { deviceSN: "lamp.1" }],
    ["config-invalid deviceSN", { deviceSN: "lamp 1" }],
    ["config-invalid deviceSN", { deviceSN: "lamp|1" }],
    ["config-invalid deviceSN", { deviceSN: "lamp/1" }],
    ["config-invalid deviceSN", { deviceSN: "路灯一号" }],
    ["config-missing deviceSecret", { deviceSecret: undefined }],
    ["config-invalid deviceSecret", { deviceSecret: {} }],
    ["config-invalid deviceSecret", { deviceSecret: "a b" }],
    ["config-invalid region", { region: "a/b" }],
    ["config-invalid region", { region: 2 }],
    ["config-invalid host", { host: "h:80" }],
    ["config-invalid host", { host: "u@h" }],
    ["config-invalid host", { host: "ws://h" }],
    ["config-invalid host", { host: true }],
    ["config-invalid path", { path: "/a b" }],
    ["config-invalid path", { path: 1 }],
    ["config-invalid secure", { secure: "yes" }],
    ["config-invalid secure", { secure: 0 }],
  ])("%s for %j", (fault, change) => expect(check(change)).toEqual([fault]));

  test("every fault is told", () => {
    expect(faultsOf(checkUCloud, { deviceSN: "abc", secure: 1 }).sort()).toEqual([
      "config-invalid deviceSN",
      "config-invalid secure",
      "config-missing deviceSecret",
      "config-missing productSN",
    ]);
  });

  // It becomes part of the URL behind the port: `:443mqtt` is refused by every connect instead of once, here.
  test("a path that does not begin with a slash is a fault", () => {
    expect(check({ path: "mqtt" })).toEqual(["config-invalid path"]);
  });
});
