/** What an ESP32's driver cuts or refuses is a fault of device.json, by name; lengths are bytes, not characters. */
import { check, deviceJson, set } from "../fixtures/device-json";

/** Three bytes of UTF-8. */
const CHARACTER = "植";

const faults = (path: string, value: unknown) => check(set(deviceJson("aliyun"), path, value)).faults;

describe("wifi.ssid: the driver cuts it at 31 bytes", () => {
  test.each([
    ["1 byte", "x"],
    ["31 bytes", "x".repeat(31)],
    ["30 bytes in 10 characters", CHARACTER.repeat(10)],
    ["31 bytes in 11 characters", `${CHARACTER.repeat(10)}x`],
  ])("%s may be", (_what, ssid) => {
    expect(faults("wifi.ssid", ssid)).toEqual([]);
  });

  test.each([
    ["32 bytes", "x".repeat(32)],
    ["33 bytes in 11 characters", CHARACTER.repeat(11)],
    ["32 bytes in 11 characters", `${CHARACTER.repeat(10)}xy`],
    ["300 bytes", "x".repeat(300)],
  ])("%s is told, with the limit", (_what, ssid) => {
    const { faults: told, messages, settings } = check(set(deviceJson("aliyun"), "wifi.ssid", ssid));
    expect(told).toEqual(["config-invalid wifi.ssid"]);
    expect(messages[0]).toMatch(/31 bytes/);
    expect(settings).toBeUndefined();
  });
});

describe("wifi.password: the driver refuses less than 8 bytes, and cuts it at 63", () => {
  test.each([
    ["none", undefined],
    ["null", null],
    ["empty, for an open network", ""],
    ["8 bytes", "x".repeat(8)],
    ["63 bytes", "x".repeat(63)],
    ["63 bytes in 21 characters", CHARACTER.repeat(21)],
    ["9 bytes in 3 characters", CHARACTER.repeat(3)],
  ])("%s may be", (_what, password) => {
    expect(faults("wifi.password", password)).toEqual([]);
  });

  test.each([
    ["1 byte", "x"],
    ["7 bytes", "x".repeat(7)],
    ["6 bytes in 2 characters", CHARACTER.repeat(2)],
    ["64 bytes", "x".repeat(64)],
    ["64 hexadecimal digits, a key instead of a password", "0123456789abcdef".repeat(4)],
    ["66 bytes in 22 characters", CHARACTER.repeat(22)],
  ])("%s is told, with the limits, and never quoted", (_what, password) => {
    const { faults: told, messages } = check(set(deviceJson("aliyun"), "wifi.password", password));
    expect(told).toEqual(["config-invalid wifi.password"]);
    expect(messages[0]).toMatch(/8 to 63 bytes/);
    if (password.length > 1) expect(messages[0]).not.toContain(password);
  });
});
