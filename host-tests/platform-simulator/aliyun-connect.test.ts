import type { Platform } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { WireClient } from "../fixtures/wire-client";
import { makeCertificate } from "../fixtures/certificate";
import type { Connect } from "./devices";
import { DOCUMENTED, lastEvent, leave, online, sign } from "./devices";

const SECOND = { productKey: "pk", deviceName: "device-2", deviceSecret: "other" };
const FIRST = { productKey: "pk", deviceName: "device", deviceSecret: "secret" };

let platform: Platform;
/** Virtual time, so that the connection rate is only met where it is meant. */
let time = 0;

beforeAll(async () => {
  platform = await startPlatform({ platform: "aliyun", devices: [FIRST, SECOND], now: () => time });
});
beforeEach(() => (time += 60_000));
afterAll(() => platform.close());

/** Connects, and returns the CONNACK code with the code of the reason that was logged. */
async function attempt(packet: Connect, at = platform): Promise<{ returnCode?: number; code?: string }> {
  const before = at.events.length;
  const client = await WireClient.open(at.url);
  const { returnCode } = await client.connect(packet);
  await leave(at, client);
  const refused = at.events.slice(before).find(({ event }) => event === "refused");
  if (refused) expect(refused).toMatchObject({ returnCode, reason: expect.stringMatching(/\w+ \w+/) });
  return { returnCode, code: refused?.code };
}

const accepted = { returnCode: 0, code: undefined };

describe("aliyun admits", () => {
  test("the documented CONNECT of the example device, and tells its signature", async () => {
    const client = await online(platform.url, DOCUMENTED);
    expect(platform.connected()).toEqual(["device&pk"]);
    expect(lastEvent(platform, "connect")).toEqual({
      event: "connect",
      clientId: DOCUMENTED.clientId,
      username: "device&pk",
      password: "fafd82a3d602b37fb0fa8b7892f24a477f851a14",
      protocolVersion: 4,
      keepalive: 300,
      returnCode: 0,
      sessionPresent: false,
    });
    await leave(platform, client);
  });

  test("MQTT 3.1, whose client id may be longer than 23 characters here", async () => {
    expect(await attempt({ ...DOCUMENTED, protocolVersion: 3 })).toEqual(accepted);
  });

  test("a signature in capitals", async () => {
    const password = Buffer.from("FAFD82A3D602B37FB0FA8B7892F24A477F851A14");
    expect(await attempt({ ...DOCUMENTED, password })).toEqual(accepted);
  });

  test.each([
    ["hmacsha256", "sha256"],
    ["hmacmd5", "md5"],
  ] as const)("signmethod %s", async (signmethod, hash) => {
    const clientId = `12345|securemode=3,signmethod=${signmethod},timestamp=789|`;
    const password = sign("clientId12345deviceNamedeviceproductKeypktimestamp789", hash);
    expect(await attempt({ ...DOCUMENTED, clientId, password })).toEqual(accepted);
  });

  test("a missing signmethod as hmacmd5", async () => {
    const password = sign("clientId12345deviceNamedeviceproductKeypk", "md5");
    expect(await attempt({ ...DOCUMENTED, clientId: "12345|securemode=3|", password })).toEqual(accepted);
  });

  test("a missing timestamp, which is then not signed", async () => {
    const password = sign("clientId12345deviceNamedeviceproductKeypk");
    expect(await attempt({ ...DOCUMENTED, clientId: "12345|securemode=3,signmethod=hmacsha1|", password })).toEqual(
      accepted,
    );
  });

  test("unsigned parameters besides the signed ones", async () => {
    const clientId = "12345|securemode=3,_v=own-1.0,signmethod=hmacsha1,timestamp=789|";
    expect(await attempt({ ...DOCUMENTED, clientId })).toEqual(accepted);
  });

  test("securemode 2 over wss", async () => {
    const secure = await startPlatform({ platform: "aliyun", tls: await makeCertificate() });
    const clientId = "12345|securemode=2,signmethod=hmacsha1,timestamp=789|";
    expect(secure.url).toMatch(/^wss:/);
    expect(await attempt({ ...DOCUMENTED, clientId }, secure)).toEqual(accepted);
    await secure.close();
  });

  test.each([30, 1200])("keepalive %i s", async (keepalive) => {
    expect(await attempt({ ...DOCUMENTED, keepalive })).toEqual(accepted);
  });

  test("a client id of 64 characters", async () => {
    const id = "i".repeat(64);
    const password = sign(`clientId${id}deviceNamedeviceproductKeypk`);
    expect(await attempt({ ...DOCUMENTED, clientId: `${id}|securemode=3,signmethod=hmacsha1|`, password })).toEqual(
      accepted,
    );
  });
});

describe("aliyun refuses", () => {
  const cases: [rule: string, change: Partial<Connect>, returnCode: number, code: string][] = [
    ["a wrong signature with CONNACK 4", { password: sign("clientId12345") }, 4, "bad-signature"],
    ["a missing password with CONNACK 4", { password: undefined, username: "device&pk" }, 4, "bad-signature"],
    ["a user name of another form with CONNACK 4", { username: "device" }, 4, "bad-username"],
    ["a missing user name with CONNACK 4", { username: undefined, password: undefined }, 4, "bad-username"],
    ["an unknown product with CONNACK 5", { username: "device&nobody" }, 5, "unknown-product"],
    ["an unknown device with CONNACK 5", { username: "nobody&pk" }, 5, "unknown-device"],
    ["a keepalive below 30 s with CONNACK 3", { keepalive: 29 }, 3, "keepalive-out-of-range"],
    ["a keepalive above 1200 s with CONNACK 3", { keepalive: 1201 }, 3, "keepalive-out-of-range"],
    ["keepalive switched off with CONNACK 3", { keepalive: 0 }, 3, "keepalive-out-of-range"],
    [
      "a client id over 64 characters with CONNACK 3",
      { clientId: `${"i".repeat(65)}|securemode=3,signmethod=hmacsha1|` },
      3,
      "client-id-too-long",
    ],
    [
      "a client id without its closing bar with CONNACK 2",
      { clientId: "12345|securemode=3,signmethod=hmacsha1,timestamp=789" },
      2,
      "bad-client-id",
    ],
    ["a client id without parameters with CONNACK 2", { clientId: "12345" }, 2, "bad-client-id"],
    [
      "securemode 2 over ws with CONNACK 2",
      { clientId: "12345|securemode=2,signmethod=hmacsha1,timestamp=789|" },
      2,
      "securemode-mismatch",
    ],
    ["a missing securemode with CONNACK 2", { clientId: "12345|signmethod=hmacsha1|" }, 2, "securemode-mismatch"],
    [
      "an unknown signmethod with CONNACK 2",
      { clientId: "12345|securemode=3,signmethod=sha1,timestamp=789|" },
      2,
      "unknown-signmethod",
    ],
    [
      "a will with CONNACK 2",
      { will: { topic: "/pk/device/user/gone", payload: Buffer.from("x"), qos: 0, retain: false } },
      2,
      "will-forbidden",
    ],
  ];

  test.each(cases)("%s", async (_rule, change, returnCode, code) => {
    expect(await attempt({ ...DOCUMENTED, ...change })).toEqual({ returnCode, code });
  });

  test("a signature that leaves out the timestamp that was sent", async () => {
    const password = sign("clientId12345deviceNamedeviceproductKeypk");
    expect(await attempt({ ...DOCUMENTED, password })).toEqual({ returnCode: 4, code: "bad-signature" });
  });

  test("the secret of another device", async () => {
    const password = sign("clientId12345deviceNamedeviceproductKeypktimestamp789", "sha1", SECOND.deviceSecret);
    expect(await attempt({ ...DOCUMENTED, password })).toEqual({ returnCode: 4, code: "bad-signature" });
  });

  test("securemode 3 over wss", async () => {
    const secure = await startPlatform({ platform: "aliyun", tls: await makeCertificate() });
    expect(await attempt(DOCUMENTED, secure)).toEqual({ returnCode: 2, code: "securemode-mismatch" });
    await secure.close();
  });

  test("protocol level 5 with CONNACK 1 on the wire", async () => {
    const client = await WireClient.open(platform.url);
    // Level 4's CONNECT with the level exchanged and, as level 5 has them, no properties.
    const properties = "00";
    const body = `00044d51545405c2012c${properties}000131000164000173`;
    client.ws.send(Buffer.from(`10${(body.length / 2).toString(16).padStart(2, "0")}${body}`, "hex"));
    await client.closed;
    expect(Buffer.concat(client.messages).toString("hex")).toBe("20020001");
    expect(lastEvent(platform, "refused")).toMatchObject({
      returnCode: 1,
      code: "protocol-version",
    });
  });

  test("a refused connection is closed after its CONNACK", async () => {
    const client = await WireClient.open(platform.url);
    await client.connect({ ...DOCUMENTED, keepalive: 29 });
    expect(await client.closed).toMatchObject({ code: 1000 });
    expect(Buffer.concat(client.messages).toString("hex")).toBe("20020003");
    expect(platform.connected()).toEqual([]);
  });

  test("the sixth connection request in a minute, and none after the minute", async () => {
    const start = time;
    for (let request = 0; request < 5; request++) {
      time = start + request * 1000;
      expect(await attempt(DOCUMENTED)).toEqual(accepted);
    }
    time = start + 59_999;
    expect(await attempt(DOCUMENTED)).toEqual({ returnCode: 3, code: "too-many-connects" });
    time = start + 60_000;
    expect(await attempt(DOCUMENTED)).toEqual(accepted);
  });

  test("too many connection requests of one device only", async () => {
    for (let request = 0; request < 5; request++) expect(await attempt(DOCUMENTED)).toEqual(accepted);
    const clientId = "2|securemode=3,signmethod=hmacsha1|";
    const password = sign("clientId2deviceNamedevice-2productKeypk", "sha1", SECOND.deviceSecret);
    expect(await attempt({ ...DOCUMENTED, clientId, username: "device-2&pk", password })).toEqual(accepted);
    expect(await attempt(DOCUMENTED)).toEqual({ returnCode: 3, code: "too-many-connects" });
  });

  test("too many connection requests at the platform's speed", async () => {
    const fast = await startPlatform({ platform: "aliyun", speed: 10, now: () => time });
    for (let request = 0; request < 5; request++) expect(await attempt(DOCUMENTED, fast)).toEqual(accepted);
    time += 5_999;
    expect(await attempt(DOCUMENTED, fast)).toEqual({ returnCode: 3, code: "too-many-connects" });
    time += 1;
    expect(await attempt(DOCUMENTED, fast)).toEqual(accepted);
    await fast.close();
  });
});

test("no event holds a device secret", async () => {
  await attempt(DOCUMENTED);
  await attempt({ ...DOCUMENTED, password: sign("wrong") });
  expect(JSON.stringify(platform.events)).not.toContain(SECOND.deviceSecret + '"');
  expect(JSON.stringify(platform.events)).not.toMatch(/"secret"/);
});
