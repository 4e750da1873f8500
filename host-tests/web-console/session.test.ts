import type { Settings } from "../../firmware/device/config";
import { hostRuntime } from "../../tools/host/runtime";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { packetName } from "../../tools/web-console/inspect/packet";
import { message } from "../../tools/web-console/messages/messages";
import { channelOpener } from "../../tools/web-console/session/channel";
import { checkForm } from "../../tools/web-console/session/credentials";
import { formOf } from "../../tools/web-console/session/fields";
import { browserRuntime } from "../../tools/web-console/session/runtime";
import { Session } from "../../tools/web-console/session/session";
import WebSocket from "ws";
import { FakeSocket } from "../fixtures/fake-socket";
import { octets } from "../fixtures/octets";
import { VirtualClock } from "../fixtures/virtual-time";

const BROKER = {
  platform: "broker",
  url: "ws://127.0.0.1/",
  broker: { clientId: "c" },
  mqtt: { keepalive: 60, clean: true },
};
const ACCEPTED = octets("20 02 00 00");

const runtime = browserRuntime(hostRuntime());
const settingsOf = (device: object): Settings => checkForm(formOf(device)!, runtime).settings!;

/** A session on virtual time, and the sockets it opens. */
function begin(device: object = BROKER) {
  const clock = new VirtualClock();
  const sockets: FakeSocket[] = [];
  const make = () => {
    sockets.push(new FakeSocket());
    return sockets[sockets.length - 1];
  };
  const own = { ...browserRuntime(clock), now: () => clock.now, random: () => 0x7fffffff };
  const session = new Session(own, channelOpener(make, clock), () => undefined);
  session.connect(settingsOf(device));
  return { session, clock, sockets, socket: sockets[0] };
}

function online(device: object = BROKER) {
  const started = begin(device);
  started.socket.accept();
  started.socket.deliver(ACCEPTED);
  expect(started.session.state).toBe("online");
  return started;
}

const passed = (session: Session) =>
  session.packets.all.map(({ direction, bytes }) => `${direction} ${packetName(bytes.charCodeAt(0))}`);
const logged = (session: Session) => session.log.all.map(({ key, values }) => message("en", key, values));

test("each packet is written down, in both directions", () => {
  const { session, socket } = online();
  session.subscribe("t", 1);
  socket.deliver(octets("90 03 00 01 01") + octets('30 04 00 01 "tx"'));
  session.end();
  expect(passed(session)).toEqual([
    "out CONNECT",
    "in CONNACK",
    "out SUBSCRIBE",
    "in SUBACK",
    "in PUBLISH",
    "out DISCONNECT",
  ]);
  expect(session.packets.all[4].message).toEqual({ bytes: 11, packets: 2 });
  expect(session.messages.all).toMatchObject([{ topic: "t", payload: "x", qos: 0, retain: false }]);
  expect(logged(session)).toEqual([
    "Connecting to ws://127.0.0.1/",
    "Online after 0 ms",
    "Subscribed to t, QoS 1 granted",
    "Message on t, QoS 0, 1 bytes",
    "Disconnected",
  ]);
});

test("a subscription waits, is granted, and is gone when it is refused", () => {
  const { session, socket } = online();
  session.subscribe("t", 1);
  expect(session.subscriptions).toEqual([{ topic: "t", qos: 1 }]);
  socket.deliver(octets("90 03 00 01 00"));
  expect(session.subscriptions).toEqual([{ topic: "t", qos: 1, granted: 0 }]);
  session.subscribe("secret", 0);
  socket.deliver(octets("90 03 00 02 80"));
  expect(session.subscriptions).toEqual([{ topic: "t", qos: 1, granted: 0 }]);
  expect(session.failure).toMatchObject({ code: "subscription-refused" });
  session.subscribe("a/#/b", 0);
  expect(session.failure).toMatchObject({ code: "topic-invalid" });
  expect(session.subscriptions).toHaveLength(1);
  session.unsubscribe("t");
  expect(session.subscriptions).toEqual([]);
  session.end();
});

test("a publish is sent, acknowledged, or refused with its code", () => {
  const { session, socket } = online();
  expect(session.publish("t", "x", 0, false)).toBe("sent");
  expect(session.publish("t", "x", 1, false)).toBe("sent");
  socket.deliver(octets("40 02 00 01"));
  expect(logged(session).slice(-2)).toEqual(["Published to t, QoS 0", "Published to t, QoS 1, acknowledged"]);
  expect(session.publish("t/#", "x", 0, false)).toBe("topic-invalid");
  expect(session.failure).toMatchObject({ code: "topic-invalid", platform: "broker" });
  session.end();
  expect(session.publish("t", "x", 0, false)).toBe("ended");
});

test("a refusal is kept with its reason, and the wait until the next try is known", () => {
  const { session, socket, clock, sockets } = begin();
  socket.accept();
  socket.deliver(octets("20 02 00 04"));
  expect(session.state).toBe("waiting");
  expect(session.failure).toMatchObject({
    code: "bad-username-or-password",
    reason: expect.stringContaining("CONNACK 4"),
  });
  expect(session.retryAt - clock.now).toBe(300_000);
  session.end();
  expect(session.state).toBe("idle");
  clock.advance(600_000);
  expect(sockets).toHaveLength(1);
  expect(logged(session).slice(-1)).toEqual(["Disconnected"]);
});

test("a lost connection comes back by itself, and the failure is gone with it", () => {
  const { session, socket, clock, sockets } = online();
  socket.end(1006, "");
  expect(session).toMatchObject({ state: "waiting", failure: { code: "socket-closed" } });
  clock.advance(1000);
  expect(session.state).toBe("connecting");
  sockets[1].accept();
  sockets[1].deliver(ACCEPTED);
  expect(session).toMatchObject({ state: "online", failure: undefined });
  session.end();
});

test("the countdown runs from the older of what was last sent and last heard, and the ping starts it anew", () => {
  const { session, socket, clock } = online();
  expect(session.countdown()).toEqual({ due: 30_000, limit: 90_000, interval: 60_000 });
  clock.advance(20_000);
  session.publish("t", "x", 0, false);
  expect(session.countdown()).toEqual({ due: 10_000, limit: 90_000, interval: 60_000 });
  clock.advance(10_000);
  expect(passed(session).slice(-1)).toEqual(["out PINGREQ"]);
  socket.deliver(octets("d0 00"));
  expect(session.rtt).toBeGreaterThanOrEqual(0);
  expect(session.countdown()!.due).toBeGreaterThan(25_000);
  session.end();
  expect(session.countdown()).toBeUndefined();
});

test("no countdown without keepalive", () => {
  const { session } = online({ ...BROKER, mqtt: { keepalive: 0 } });
  expect(session.countdown()).toBeUndefined();
  session.end();
});

test("what a connection that was replaced still says is nobody's", () => {
  const { session, socket, sockets } = online();
  session.connect(settingsOf(BROKER));
  const before = session.packets.all.length;
  socket.deliver(octets('30 03 00 01 "t"'));
  socket.end(1006, "");
  expect(session.packets.all).toHaveLength(before);
  expect(session.messages.all).toEqual([]);
  sockets[1].accept();
  sockets[1].deliver(ACCEPTED);
  expect(session.state).toBe("online");
  session.end();
});

test("the log, the messages and the packets have their caps", () => {
  const { session, socket } = online();
  for (let i = 0; i < 3000; i++) socket.deliver(octets('30 03 00 01 "t"'));
  expect(session.messages.all).toHaveLength(500);
  expect(session.packets.all).toHaveLength(1000);
  expect(session.log.all).toHaveLength(2000);
  session.end();
});

test("over a real WebSocket to the simulated cloud: online, and the documented signature", async () => {
  const platform = await startPlatform({ platform: "aliyun" });
  const timers = hostRuntime();
  const open = channelOpener((url, subprotocol) => new WebSocket(url, subprotocol) as never, timers);
  const session = new Session(browserRuntime(timers), open, () => undefined);
  const aliyun = {
    productKey: "pk",
    deviceName: "device",
    deviceSecret: "secret",
    clientId: "12345",
    timestamp: "789",
  };
  session.connect(settingsOf({ platform: "aliyun", url: platform.url, aliyun }));
  const event = await platform.when(({ event: name }) => name === "connect");
  expect(event).toMatchObject({ returnCode: 0, password: "fafd82a3d602b37fb0fa8b7892f24a477f851a14" });
  session.publish("/pk/device/user/update", "开", 1, false);
  await platform.when(({ event: name }) => name === "published");
  session.end();
  await platform.when(({ event: name }) => name === "disconnected");
  await platform.close();
});
