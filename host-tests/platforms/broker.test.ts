import { broker, checkBroker } from "../../firmware/platforms/broker";
import { hostRuntime } from "../../tools/host/runtime";
import { faultsOf } from "../fixtures/field-faults";

const runtime = hostRuntime();
const URL = "ws://192.168.1.10:8083/mqtt";

describe("the endpoint", () => {
  test("is the url, with what is given", () => {
    expect(broker({ clientId: "bench-7", username: "lamp", password: "pass word" }, URL, runtime).endpoint()).toEqual({
      url: URL,
      clientId: "bench-7",
      username: "lamp",
      password: "pass word",
    });
  });

  test("leaves out what is not: the broker makes up a client id", () => {
    expect(broker({}, URL, runtime).endpoint()).toEqual({ url: URL, clientId: "" });
  });

  test("keeps what is empty: a user without a name, a password of no characters", () => {
    expect(broker({ username: "", password: "" }, URL, runtime).endpoint()).toMatchObject({
      username: "",
      password: "",
    });
  });

  test("holds UTF-8", () => {
    expect(broker({ clientId: "灯", username: "é", password: "😀" }, URL, runtime).endpoint()).toEqual({
      url: URL,
      clientId: "\xe7\x81\xaf",
      username: "\xc3\xa9",
      password: "\xf0\x9f\x98\x80",
    });
  });

  test("is made afresh for each call", () => {
    const config = { clientId: "a", password: "old", username: "u" };
    const platform = broker(config, URL, runtime);
    expect(platform.endpoint()).not.toBe(platform.endpoint());
    config.password = "new";
    expect(platform.endpoint().password).toBe("new");
  });

  test("limits nothing", () => expect(broker({}, URL, runtime).limits).toEqual({}));
});

describe("checkBroker", () => {
  test.each([
    {},
    { clientId: "", username: "", password: "" },
    { clientId: null, username: null, password: null },
    { clientId: "灯 1", username: "user" },
    { username: "user", password: "a\nb" },
  ])("finds no fault with %j", (block) =>
    expect(faultsOf((given, runtime, fault) => checkBroker(given, {}, runtime, fault), block)).toEqual([]),
  );

  test.each([
    [["config-invalid clientId"], { clientId: 7 }],
    [["config-invalid clientId"], { clientId: ["a"] }],
    [["config-invalid clientId"], { clientId: "\ud800" }],
    [["config-invalid username"], { username: true }],
    [["config-invalid username"], { username: "\udc00x" }],
    [["config-invalid password"], { username: "u", password: 1234 }],
    [["config-invalid password"], { username: "u", password: {} }],
    [["config-missing username"], { password: "x" }],
    [["config-missing username"], { username: null, password: "" }],
    [
      ["config-invalid clientId", "config-invalid username", "config-invalid password"],
      { clientId: 1, username: 2, password: 3 },
    ],
  ])("%j for %j", (faults, block) =>
    expect(faultsOf((given, runtime, fault) => checkBroker(given, {}, runtime, fault), block)).toEqual(faults),
  );
});
