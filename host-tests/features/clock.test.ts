/** The time service's rules, with a cloud that is the test. */
import { FeatureBench } from "../fixtures/feature-bench";

const REQUEST = "/ext/ntp/pk/device/request";
const RESPONSE = "/ext/ntp/pk/device/response";
/** How far the cloud's clock is ahead of the board's. */
const AHEAD = 1_767_323_045_000;

function bench() {
  const b = new FeatureBench("aliyun", true);
  /** The cloud answers a question `way` milliseconds after it was sent, half of which each way takes. */
  const answer = (question: [string, unknown], way: number) => {
    const { deviceSendTime } = question[1] as { deviceSendTime: string };
    const server = `${AHEAD + Number(deviceSendTime) + way / 2}`;
    b.clock.advance(way);
    b.receive(RESPONSE, { deviceSendTime, serverRecvTime: server, serverSendTime: server });
  };
  return { b, answer, off: () => (b.device.time() ?? NaN) - AHEAD - b.clock.now };
}

test("asked with each connection; nothing is known before the answer", () => {
  const { b, answer } = bench();
  b.connect();
  const [question] = b.take();
  expect(question[0]).toBe(REQUEST);
  expect(b.device.time()).toBeUndefined();
  answer(question, 400);
  expect(b.device.time()).toBe(AHEAD + b.clock.now);
});

test("a question that would have to wait is not sent, and asked by the next look at the clock", () => {
  const { b, answer, off } = bench();
  b.connected = false;
  b.connect();
  expect(b.take()).toEqual([]);
  b.connected = true;
  b.clock.advance(61_000);
  expect(b.device.time()).toBeUndefined();
  answer(b.take()[0], 100);
  expect(off()).toBe(0);
});

test("an answer that took more than 2 s counts for nothing, and is asked for again after a minute", () => {
  const { b, answer, off } = bench();
  b.connect();
  answer(b.take()[0], 2100);
  expect(b.device.time()).toBeUndefined();
  expect(b.take()).toEqual([]);
  b.clock.advance(60_000);
  expect(b.device.time()).toBeUndefined();
  answer(b.take()[0], 1900);
  expect(off()).toBe(0);
});

test("half a day later it is asked again, a day later the answer is forgotten", () => {
  const { b, answer, off } = bench();
  b.connect();
  answer(b.take()[0], 10);
  b.clock.advance(43_200_000);
  b.take();
  b.clock.advance(60_000);
  expect(off()).toBe(0);
  expect(b.take()).toHaveLength(1);
  b.clock.advance(43_200_000);
  expect(b.device.time()).toBeUndefined();
});

test("somebody else's answer, and one without a time, change nothing; the latter is told", () => {
  const { b } = bench();
  const said = jest.spyOn(console, "log").mockImplementation(() => undefined);
  b.connect();
  b.receive(RESPONSE, { deviceSendTime: "1", serverRecvTime: "5", serverSendTime: "5" });
  expect(said).not.toHaveBeenCalled();
  b.receive(RESPONSE, { deviceSendTime: "0" });
  expect(said.mock.calls.join()).toContain("clock-invalid");
  expect(b.device.time()).toBeUndefined();
  said.mockRestore();
});
