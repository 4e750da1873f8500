import type { ChannelSink, CodedError } from "../../firmware/seams";
import { channelOpener } from "../../tools/web-console/session/channel";
import { FakeSocket } from "../fixtures/fake-socket";
import { VirtualClock } from "../fixtures/virtual-time";

function open(make?: (url: string, subprotocol: string) => FakeSocket) {
  const clock = new VirtualClock();
  const socket = new FakeSocket();
  const told: string[] = [];
  const sink: ChannelSink = {
    channelOpen: () => told.push("open"),
    channelBytes: (bytes) => told.push(`bytes ${bytes}`),
    channelDrain: () => told.push("drain"),
    channelClose: (error?: CodedError) => told.push(`close ${error?.code} ${error?.message}`),
  };
  const channel = channelOpener(make ?? (() => socket), clock)("ws://127.0.0.1/", "mqtt", sink);
  return { clock, socket, told, channel };
}

test("address and subprotocol go to the browser, which shall hand over buffers", () => {
  let asked: string[] = [];
  const made = new FakeSocket();
  open((...given) => {
    asked = given;
    return made;
  });
  expect(asked).toEqual(["ws://127.0.0.1/", "mqtt"]);
  expect(made.binaryType).toBe("arraybuffer");
});

test("bytes there and back, all 256 of them", () => {
  const all = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i));
  const { socket, told, channel } = open();
  socket.accept();
  expect(channel.send(all)).toBe(true);
  expect(socket.sent).toEqual([all]);
  socket.deliver(all.repeat(100));
  expect(told).toEqual(["open", `bytes ${all.repeat(100)}`]);
});

test("a text frame ends the connection", () => {
  const { socket, told } = open();
  socket.accept();
  socket.onmessage!({ data: "text" } as never);
  expect(told).toEqual(["open", "close websocket-protocol 1003: a text frame"]);
  expect(socket.closed).toEqual([undefined]);
});

test.each([
  ["before it was open", false, 1006, "", "browser-connect-failed the browser gives no reason"],
  ["without a Close frame", true, 1006, "", "socket-closed the connection was closed without a Close frame"],
  ["with a code", true, 1001, "", "websocket-closed 1001"],
  ["with a code and a reason", true, 1008, "kicked", "websocket-closed 1008 kicked"],
])("an end %s", (_how, opened, code, reason, expected) => {
  const { socket, told } = open();
  if (opened) socket.accept();
  socket.end(code, reason);
  expect(told[told.length - 1]).toBe(`close ${expected}`);
});

test("after a close of one's own nothing more comes", () => {
  const { socket, told, channel } = open();
  socket.accept();
  channel.close(1000);
  channel.close(1000);
  socket.deliver("late");
  socket.end(1000, "");
  expect(told).toEqual(["open"]);
  expect(socket.closed).toEqual([1000]);
});

test.each([0, 1001, 1002])("%i is no code that a page may send: it closes without one", (code) => {
  const { socket, channel } = open();
  socket.accept();
  channel.close(code);
  expect(socket.closed).toEqual([undefined]);
});

test("a full buffer is told by the answer, and its end by drain", () => {
  const { clock, socket, told, channel } = open();
  socket.accept();
  socket.bufferedAmount = 100_000;
  expect(channel.send("x")).toBe(false);
  clock.advance(500);
  expect(told).toEqual(["open"]);
  socket.bufferedAmount = 0;
  clock.advance(50);
  expect(told).toEqual(["open", "drain"]);
  expect(clock.pending).toBe(0);
});

test("nobody looks at the buffer of a closed connection", () => {
  const { clock, socket, told, channel } = open();
  socket.accept();
  socket.bufferedAmount = 100_000;
  channel.send("x");
  channel.close(0);
  socket.bufferedAmount = 0;
  clock.advance(100);
  expect(told).toEqual(["open"]);
  expect(clock.pending).toBe(0);
});

test("what the browser does not even try has a code of its own", () => {
  const refuse = () => {
    throw Object.assign(new Error("An insecure WebSocket connection may not be initiated"), { code: 18 });
  };
  expect(() => open(refuse)).toThrow(expect.objectContaining({ code: "browser-blocked" }));
});
