import { topicFault } from "../../firmware/mqtt/topics";
import type { Limits } from "../../firmware/seams";
import { utf8 } from "../fixtures/octets";

const name = (topic: string | undefined, limits: Limits = {}) => topicFault(topic, false, limits)?.code;
const filter = (topic: string | undefined, limits: Limits = {}) => topicFault(topic, true, limits)?.code;
const either = [
  ["topic name", name],
  ["topic filter", filter],
] as const;

describe.each(either)("a %s", (_kind, check) => {
  it("[MQTT-4.7.3-1] has at least one character", () => {
    expect(check("")).toBe("topic-invalid");
    expect(check(undefined)).toBe("topic-invalid");
    expect(check("a")).toBeUndefined();
  });

  it("[MQTT-4.7.3-2] has no U+0000", () => {
    for (const topic of ["\0", "a\0", "a/\0/b"]) expect(check(topic)).toBe("topic-invalid");
  });

  it("[MQTT-4.7.3-3] has at most 65535 bytes", () => {
    expect(check("x".repeat(65535))).toBeUndefined();
    expect(check("x".repeat(65536))).toBe("topic-invalid");
  });

  it.each(["/", "//", "/a", "a/", "a b", "$SYS/x", "$system/sn/dev/shadow/get", utf8("灯/开")])(
    "section 4.7.3: may be %j",
    (topic) => expect(check(topic)).toBeUndefined(),
  );
});

describe("wildcards", () => {
  it.each(["#", "+", "a/#", "+/b", "a+", "a#b"])("[MQTT-3.3.2-2] [MQTT-4.7.1-1] %s is no topic name", (topic) => {
    expect(name(topic)).toBe("topic-invalid");
  });

  it.each(["#", "a/#", "a/b/c/#", "/#", "+/#"])("[MQTT-4.7.1-2] %s is a topic filter", (topic) => {
    expect(filter(topic)).toBeUndefined();
  });

  it.each(["a#", "a/b#", "#/a", "a/#/b", "##", "#/", "#/#", "a/#+"])(
    "[MQTT-4.7.1-2] %s is no topic filter",
    (topic) => {
      expect(filter(topic)).toBe("topic-invalid");
    },
  );

  it.each(["+", "+/b", "a/+", "a/+/b", "/+", "+/+", "+/a/#"])("[MQTT-4.7.1-3] %s is a topic filter", (topic) => {
    expect(filter(topic)).toBeUndefined();
  });

  it.each(["a+", "+a", "a/b+", "++", "a/+b/c"])("[MQTT-4.7.1-3] %s is no topic filter", (topic) => {
    expect(filter(topic)).toBe("topic-invalid");
  });
});

describe.each(either)("a platform's limits on a %s", (_kind, check) => {
  it("length counts bytes, not characters", () => {
    const limits = { topicBytes: 128 };
    expect(check("x".repeat(128), limits)).toBeUndefined();
    expect(check("x".repeat(129), limits)).toBe("topic-forbidden");
    expect(check(utf8("灯".repeat(42)) + "xx", limits)).toBeUndefined();
    expect(check(utf8("灯".repeat(43)), limits)).toBe("topic-forbidden");
  });

  it("slashes, wherever they stand", () => {
    const limits = { topicSlashes: 7 };
    expect(check("/1/2/3/4/5/6/7", limits)).toBeUndefined();
    expect(check("0/1/2/3/4/5/6/7", limits)).toBeUndefined();
    expect(check("///////", limits)).toBeUndefined();
    expect(check("////////", limits)).toBe("topic-forbidden");
    expect(check("/1/2/3/4/5/6/7/", limits)).toBe("topic-forbidden");
  });

  const own = { own: "/pk/device" };

  it.each([
    "/pk/device/user/get",
    "/pk/device",
    "/sys/pk/device/thing/event/property/post",
    "/ext/ntp/pk/device/request",
    "/shadow/update/pk/device",
    "/broadcast/pk/all",
  ])("%s is the device's own", (topic) => expect(check(topic, own)).toBeUndefined());

  it.each([
    "/pk/device2/user/get",
    "/pk/devic",
    "/pk2/device/user/get",
    "/sys/xpk/device/thing",
    "pk/device/user/get",
    "/pk/other/user/get",
    "x/broadcast/pk",
    "broadcast/pk",
    "/",
  ])("%s is somebody else's", (topic) => expect(check(topic, own)).toBe("topic-forbidden"));

  it("a message says which limit it was", () => {
    const message = (topic: string, limits: Limits) => topicFault(topic, true, limits)?.message;
    expect(message("xxxxx", { topicBytes: 4 })).toContain("4 bytes");
    expect(message("a/b/c", { topicSlashes: 1 })).toContain("1 slashes");
    expect(message("a", own)).toContain("/pk/device");
  });
});

it.each(["/pk/+/user/get", "/sys/+/device/#", "#", "+/#"])("%s reaches other devices' topics", (topic) => {
  expect(filter(topic, { own: "/pk/device" })).toBe("topic-forbidden");
});
