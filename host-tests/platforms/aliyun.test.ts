import { createHmac } from "node:crypto";
import type { AliyunConfig } from "../../firmware/platforms/aliyun";
import { aliyun, checkAliyun } from "../../firmware/platforms/aliyun";
import { hmac, hex, sha1 } from "../../firmware/vendor/tiny-hmac-sha1";
import { parseUrl } from "../../firmware/websocket/handshake";
import { hostRuntime } from "../../tools/host/runtime";
import { faultsOf } from "../fixtures/field-faults";

const runtime = hostRuntime();
const device: AliyunConfig = { productKey: "pk", deviceName: "device", deviceSecret: "secret" };
const endpoint = (change: Partial<AliyunConfig> = {}, url?: string) =>
  aliyun({ ...device, ...change }, url, runtime).endpoint();

describe("known answers", () => {
  test("the documented device", () => {
    expect(endpoint({ clientId: "12345", timestamp: "789" })).toEqual({
      url: "ws://pk.iot-as-mqtt.cn-shanghai.aliyuncs.com:443/mqtt",
      clientId: "12345|securemode=3,signmethod=hmacsha1,timestamp=789|",
      username: "device&pk",
      password: "fafd82a3d602b37fb0fa8b7892f24a477f851a14",
    });
  });

  test("a device with a secret of 32 characters, whose client id is the default one", () => {
    const change = {
      productKey: "2UCRZpAbCGC",
      deviceName: "ExampleDev",
      deviceSecret: "fbh47lGBSayncmTHEjF1E5x4CZdeJTO9",
      timestamp: "2524608000000",
    };
    expect(endpoint({ ...change, secure: true })).toEqual({
      url: "wss://2UCRZpAbCGC.iot-as-mqtt.cn-shanghai.aliyuncs.com:443/mqtt",
      clientId: "2UCRZpAbCGC.ExampleDev|securemode=2,signmethod=hmacsha1,timestamp=2524608000000|",
      username: "ExampleDev&2UCRZpAbCGC",
      password: "326a4a6ed38b1bd5ddb6a5d11d27928bfb5a62d0",
    });
  });

  test("hmacsha256", () => {
    const change = {
      productKey: "a11xsrWmW14",
      deviceName: "paho_mqtt",
      deviceSecret: "Y877Bgo8X5owd3lcB5wWDjryNPoBUdiH",
      clientId: "paho_mqtt&a11xsrWmW14",
      timestamp: "2524608000000",
      signMethod: "hmacsha256",
    };
    expect(endpoint(change)).toMatchObject({
      clientId: "paho_mqtt&a11xsrWmW14|securemode=3,signmethod=hmacsha256,timestamp=2524608000000|",
      username: "paho_mqtt&a11xsrWmW14",
      password: "36e955dc3d9d012ef62c80657a29328b1cfae6186c611a17dc7939fab6378ed9",
    });
  });

  test("the hand-written SHA-1 signs alike", () => {
    const plain = aliyun({ ...device, clientId: "12345", timestamp: "789" }, undefined, hostRuntime({ sha1 }));
    expect(plain.endpoint().password).toBe("fafd82a3d602b37fb0fa8b7892f24a477f851a14");
  });
});

describe("what is signed", () => {
  const signed = (content: string, method = "sha1") => createHmac(method, "secret").update(content).digest("hex");

  test("a timestamp that is left out is neither sent nor signed", () => {
    expect(endpoint({ clientId: "12345" })).toMatchObject({
      clientId: "12345|securemode=3,signmethod=hmacsha1|",
      password: signed("clientId12345deviceNamedeviceproductKeypk"),
    });
  });

  test("the client id is productKey.deviceName where none is given", () => {
    expect(endpoint()).toMatchObject({
      clientId: "pk.device|securemode=3,signmethod=hmacsha1|",
      password: signed("clientIdpk.devicedeviceNamedeviceproductKeypk"),
    });
  });

  test("neither securemode nor region, instance and path change the signature", () => {
    const { password } = endpoint({ timestamp: "1" });
    expect(password).toBe(signed("clientIdpk.devicedeviceNamedeviceproductKeypktimestamp1"));
    for (const change of [{ secure: true }, { region: "us-west-1" }, { instanceId: "iot-x" }, { path: "/" }]) {
      expect(endpoint({ timestamp: "1", ...change }).password).toBe(password);
    }
  });

  test("signmethod is always sent: without it the server would expect hmacmd5", () => {
    expect(endpoint().clientId).toContain("signmethod=hmacsha1");
    expect(endpoint({ signMethod: "hmacsha1" })).toEqual(endpoint());
    expect(endpoint({ signMethod: "hmacsha256" }).password).toBe(
      signed("clientIdpk.devicedeviceNamedeviceproductKeypk", "sha256"),
    );
  });

  test("credentials are made afresh for each call", () => {
    let signatures = 0;
    const counting = hostRuntime({ sha1: (bytes) => (signatures++, runtime.sha1(bytes)) });
    const config = { ...device, timestamp: "1" };
    const platform = aliyun(config, undefined, counting);
    expect(signatures).toBe(0);
    const first = platform.endpoint();
    const each = signatures;
    expect(each).toBeGreaterThan(0);
    expect(platform.endpoint()).toEqual(first);
    expect(signatures).toBe(2 * each);
    config.timestamp = "2";
    expect(platform.endpoint().password).toBe(
      hex(hmac(sha1, "secret", "clientIdpk.devicedeviceNamedeviceproductKeypktimestamp2")),
    );
  });
});

describe("where to connect", () => {
  test.each([
    [{}, "ws://pk.iot-as-mqtt.cn-shanghai.aliyuncs.com:443/mqtt", 3],
    [{ secure: false }, "ws://pk.iot-as-mqtt.cn-shanghai.aliyuncs.com:443/mqtt", 3],
    [{ secure: true }, "wss://pk.iot-as-mqtt.cn-shanghai.aliyuncs.com:443/mqtt", 2],
    [{ region: "ap-southeast-1" }, "ws://pk.iot-as-mqtt.ap-southeast-1.aliyuncs.com:443/mqtt", 3],
    [{ instanceId: "iot-06z00xx" }, "ws://iot-06z00xx.mqtt.iothub.aliyuncs.com:443/mqtt", 3],
    [
      { instanceId: "iot-06z00xx", region: "us-west-1", secure: true },
      "wss://iot-06z00xx.mqtt.iothub.aliyuncs.com:443/mqtt",
      2,
    ],
    [{ path: "/" }, "ws://pk.iot-as-mqtt.cn-shanghai.aliyuncs.com:443/", 3],
  ])("%j: %s with securemode %i", (change, url, securemode) => {
    const made = endpoint(change);
    expect(made.url).toBe(url);
    expect(made.clientId).toContain(`|securemode=${securemode},`);
    expect(parseUrl(made.url).port).toBe(443);
  });

  test.each([
    ["ws://127.0.0.1:8080/mqtt", true, 3],
    ["wss://127.0.0.1:8080/", false, 2],
    ["ws://wss:80/", undefined, 3],
  ])("a url of %s decides, though secure is %s: securemode %i", (url, secure, securemode) => {
    const made = endpoint({ secure, instanceId: "x", region: "y", path: "/z" }, url);
    expect(made.url).toBe(url);
    expect(made.clientId).toContain(`|securemode=${securemode},`);
  });
});

test("limits: the platform's rules", () => {
  expect(aliyun(device, undefined, runtime).limits).toEqual({
    keepalive: [30, 1200],
    plain: true,
    topicBytes: 128,
    topicSlashes: 7,
    payload: 256 * 1024,
    subscriptions: 100,
    rate: [30, 3],
    own: "/pk/device",
  });
});

describe("checkAliyun", () => {
  const check = (change: object, board = runtime) => faultsOf(checkAliyun, { ...device, ...change }, board);

  test.each([
    {},
    { clientId: "x".repeat(64) },
    { clientId: "a&b,c=d" },
    { deviceName: "a-b_c@d.e:f" },
    { region: null, clientId: null, timestamp: null, signMethod: null, secure: null, path: null, instanceId: null },
    { signMethod: "hmacsha256" },
    { secure: false, region: "us-west-1", instanceId: "iot-x", timestamp: "0", path: "/mqtt?x=1" },
  ])("finds no fault with %j", (change) => expect(check(change)).toEqual([]));

  test.each([
    ["config-missing productKey", { productKey: undefined }],
    ["config-missing productKey", { productKey: "" }],
    ["config-invalid productKey", { productKey: 5 }],
    ["config-invalid productKey", { productKey: "a&b" }],
    ["config-invalid productKey", { productKey: "a/b" }],
    ["config-invalid productKey", { productKey: "a.b" }],
    ["config-invalid productKey", { productKey: "a|b" }],
    ["config-missing deviceName", { deviceName: undefined }],
    ["config-missing deviceName", { deviceName: null }],
    ["config-invalid deviceName", { deviceName: ["device"] }],
    ["config-invalid deviceName", { deviceName: "a&b" }],
    ["config-invalid deviceName", { deviceName: "a/b" }],
    ["config-invalid deviceName", { deviceName: "设备" }],
    ["config-missing deviceSecret", { deviceSecret: undefined }],
    ["config-invalid deviceSecret", { deviceSecret: 12345 }],
    ["config-invalid deviceSecret", { deviceSecret: "with space" }],
    ["config-invalid deviceSecret", { deviceSecret: "line\n" }],
    ["config-invalid clientId", { clientId: "x".repeat(65) }],
    ["config-invalid clientId", { clientId: "a|securemode=2|" }],
    ["config-invalid clientId", { clientId: 12345 }],
    ["config-invalid clientId", { clientId: "é" }],
    ["config-missing clientId", { clientId: "" }],
    ["config-invalid region", { region: "evil.example/" }],
    ["config-invalid region", { region: "a@b" }],
    ["config-invalid region", { region: "a:1" }],
    ["config-invalid region", { region: false }],
    ["config-invalid instanceId", { instanceId: "a?b" }],
    ["config-invalid instanceId", { instanceId: "a#b" }],
    ["config-invalid instanceId", { instanceId: {} }],
    ["config-invalid timestamp", { timestamp: 789 }],
    ["config-invalid timestamp", { timestamp: "1,securemode=2" }],
    ["config-invalid timestamp", { timestamp: "1|" }],
    ["config-invalid path", { path: "/a b" }],
    ["config-invalid path", { path: "/\r\nX: y" }],
    ["config-invalid secure", { secure: "true" }],
    ["config-invalid secure", { secure: 1 }],
    ["config-invalid signMethod", { signMethod: "hmacmd5" }],
    ["config-invalid signMethod", { signMethod: "HMACSHA1" }],
    ["config-invalid signMethod", { signMethod: 1 }],
  ])("%s for %j", (fault, change) => expect(check(change)).toEqual([fault]));

  test("hmacsha256 needs a native SHA-256", () => {
    const board = hostRuntime({ sha256: () => undefined });
    expect(check({ signMethod: "hmacsha256" }, board)).toEqual(["config-invalid signMethod"]);
    expect(check({ signMethod: "hmacsha1" }, board)).toEqual([]);
  });

  test("every fault is told", () => {
    expect(faultsOf(checkAliyun, { clientId: "|", secure: "no", signMethod: "md5" })).toEqual([
      "config-missing productKey",
      "config-missing deviceName",
      "config-missing deviceSecret",
      "config-invalid clientId",
      "config-invalid secure",
      "config-invalid signMethod",
    ]);
  });

  // It becomes part of the URL behind the port: `:443mqtt` is refused by every connect instead of once, here.
  test("a path that does not begin with a slash is a fault", () => {
    expect(check({ path: "mqtt" })).toEqual(["config-invalid path"]);
  });

  // A fragment is refused by the URL parser at every connect.
  test("a path with a fragment is a fault", () => {
    expect(check({ path: "/mqtt#x" })).toEqual(["config-invalid path"]);
  });

  // Whatever counts as false is taken for the default.
  test.each([false, 0])("a signMethod of %s is a fault", (signMethod) => {
    expect(check({ signMethod })).toEqual(["config-invalid signMethod"]);
  });
});
