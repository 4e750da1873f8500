import { Events } from "../../firmware/events";
import type { Subscribed } from "../../firmware/mqtt/subscriptions";
import { Subscriptions } from "../../firmware/mqtt/subscriptions";
import type { CodedError } from "../../firmware/seams";
import { hexOf, wire } from "../fixtures/octets";

type Settled = [topic: string | undefined, error: string | undefined, qos: number | undefined];

/** The unit, and what it settled: the topic or, where it has none, the callback's name. */
function build(max = 100): { wishes: Subscriptions; settled: Settled[]; named: (name: string) => Subscribed } {
  const settled: Settled[] = [];
  const events = new Events();
  const wishes = new Subscriptions(max, events);
  // A wish without a callback is settled by its topic.
  const want = wishes.want.bind(wishes);
  wishes.want = (topic, qos, done = (error, granted) => void settled.push([topic, error?.code, granted])) =>
    want(topic, qos, done);
  const named = (name: string): Subscribed => {
    return (error, qos) => void settled.push([name, error?.code, qos]);
  };
  return { wishes, settled, named };
}

const subscribe = (messageId: number, ...topics: [string, 0 | 1][]) =>
  hexOf(
    wire({
      cmd: "subscribe",
      messageId,
      subscriptions: topics.map(([topic, qos]) => ({ topic, qos })),
    }),
  );
const unsubscribe = (messageId: number, ...unsubscriptions: string[]) =>
  hexOf(wire({ cmd: "unsubscribe", messageId, unsubscriptions }));
const next = (wishes: Subscriptions, id: number) => {
  const packet = wishes.next(id);
  return packet === undefined ? undefined : hexOf(packet);
};

it("a refusal that has no callback is an `error` event with the topic", () => {
  const events = new Events();
  const told: unknown[] = [];
  events.on("error", (error: CodedError, topic: string) => void told.push(error.code, topic));
  const wishes = new Subscriptions(100, events);
  wishes.want("a", 1);
  wishes.next(7);
  expect(wishes.answered(7, "\x80")).toBe(true);
  expect(told).toEqual(["subscription-refused", "a"]);
});

describe("sending", () => {
  it("nothing waits at first", () => {
    const { wishes } = build();
    expect(wishes.waiting).toBe(false);
    expect(wishes.next(1)).toBeUndefined();
  });

  it("section 3.8: filters go in one SUBSCRIBE, in the order of the calls, each with its QoS", () => {
    const { wishes } = build();
    wishes.want("b", 1);
    wishes.want("a/#", 0);
    expect(wishes.waiting).toBe(true);
    expect(next(wishes, 7)).toBe(subscribe(7, ["b", 1], ["a/#", 0]));
    expect(wishes.waiting).toBe(false);
    expect(next(wishes, 8)).toBeUndefined();
  });

  it("at most eight filters go in one packet", () => {
    const { wishes } = build();
    const topics = Array.from({ length: 17 }, (_, i): [string, 0 | 1] => [`t${i}`, 0]);
    for (const [topic, qos] of topics) wishes.want(topic, qos);
    expect(next(wishes, 1)).toBe(subscribe(1, ...topics.slice(0, 8)));
    expect(next(wishes, 2)).toBe(subscribe(2, ...topics.slice(8, 16)));
    expect(next(wishes, 3)).toBe(subscribe(3, ...topics.slice(16)));
    expect(wishes.waiting).toBe(false);
  });

  it("section 3.10: UNSUBSCRIBE goes in packets of its own", () => {
    const { wishes } = build();
    wishes.want("a", 0);
    wishes.want("b", -1);
    wishes.want("c", 1);
    wishes.want("d", -1);
    expect(next(wishes, 1)).toBe(subscribe(1, ["a", 0], ["c", 1]));
    expect(next(wishes, 2)).toBe(unsubscribe(2, "b", "d"));
  });

  it("an identifier is held until its answer", () => {
    const { wishes } = build();
    wishes.want("a", 0);
    wishes.next(5);
    expect([wishes.holds(5), wishes.holds(6)]).toEqual([true, false]);
    wishes.answered(5, "\x00");
    expect(wishes.holds(5)).toBe(false);
  });
});

describe("answers", () => {
  it("[MQTT-3.8.4-5] each filter gets the code at its place", () => {
    const { wishes, settled } = build();
    for (const topic of ["a", "b", "c", "d"]) wishes.want(topic, 1);
    wishes.next(1);
    expect(wishes.answered(1, "\x01\x00\x80\x02")).toBe(true);
    expect(settled).toEqual([
      ["a", undefined, 1],
      ["b", undefined, 0],
      ["c", "subscription-refused", 128],
      ["d", undefined, 2],
    ]);
  });

  it("[MQTT-3.9.3-2] a code of 3 does not fit", () => {
    const { wishes } = build();
    wishes.want("a", 1);
    wishes.next(1);
    expect(wishes.answered(1, "\x03")).toBe(false);
  });

  it.each([
    ["too few codes", "\x00"],
    ["too many codes", "\x00\x00\x00"],
    ["none, an UNSUBACK,", ""],
  ])("section 3.9.3: %s for two filters do not fit", (_name, codes) => {
    const { wishes } = build();
    wishes.want("a", 1);
    wishes.want("b", 1);
    wishes.next(1);
    expect(wishes.answered(1, codes)).toBe(false);
  });

  it("[MQTT-3.8.4-2] a SUBACK with an identifier that was not sent does not fit", () => {
    const { wishes, settled } = build();
    wishes.want("a", 1);
    wishes.next(1);
    expect(wishes.answered(2, "\x00")).toBe(false);
    expect(settled).toEqual([]);
  });
  it("[MQTT-2.3.1-1] a SUBACK with identifier 0 answers nothing that was not sent", () => {
    const { wishes, settled } = build();
    wishes.want("a", 1);
    expect(wishes.answered(0, "\x01")).toBe(false);
    expect(settled).toEqual([]);
    expect(wishes.waiting).toBe(true);
  });

  it("[MQTT-3.10.4-4] an UNSUBACK settles its UNSUBSCRIBE, without a QoS", () => {
    const { wishes, settled } = build();
    wishes.want("a", -1);
    wishes.next(1);
    expect(wishes.answered(1, "")).toBe(true);
    expect(settled).toEqual([["a", undefined, undefined]]);
    wishes.forget();
    expect(wishes.waiting).toBe(false);
  });

  it("section 3.11: a SUBACK for an UNSUBSCRIBE does not fit", () => {
    const { wishes } = build();
    wishes.want("a", -1);
    wishes.next(1);
    expect(wishes.answered(1, "\x00")).toBe(false);
  });

  it("an UNSUBACK for nothing is let pass", () => {
    expect(build().wishes.answered(9, "")).toBe(true);
  });

  it("answers may come in another order than they were asked for", () => {
    const { wishes, settled } = build();
    wishes.want("a", 1);
    wishes.next(1);
    wishes.want("b", 0);
    wishes.next(2);
    expect(wishes.answered(2, "\x00")).toBe(true);
    expect(wishes.answered(1, "\x01")).toBe(true);
    expect(settled).toEqual([
      ["b", undefined, 0],
      ["a", undefined, 1],
    ]);
  });
});

describe("a later wish for the same filter", () => {
  it("takes the place of one that was not sent, which is told so", () => {
    const { wishes, settled, named } = build();
    wishes.want("a", 0, named("first"));
    wishes.want("a", 1, named("second"));
    expect(settled).toEqual([["first", "superseded", undefined]]);
    expect(next(wishes, 1)).toBe(subscribe(1, ["a", 1]));
    expect(next(wishes, 2)).toBeUndefined();
  });

  it("[MQTT-3.8.4-3] renews a granted one without settling it twice", () => {
    const { wishes, settled, named } = build();
    wishes.want("a", 0, named("first"));
    wishes.next(1);
    wishes.answered(1, "\x00");
    wishes.want("a", 1, named("second"));
    expect(next(wishes, 2)).toBe(subscribe(2, ["a", 1]));
    wishes.answered(2, "\x01");
    expect(settled).toEqual([
      ["first", undefined, 0],
      ["second", undefined, 1],
    ]);
  });
  it("[MQTT-3.8.4-4] leaves room for the SUBACK of one that was sent", () => {
    const { wishes } = build();
    wishes.want("a", 0);
    wishes.next(1);
    wishes.want("a", -1);
    expect(next(wishes, 2)).toBe(unsubscribe(2, "a"));
    expect(wishes.answered(1, "\x00")).toBe(true);
    expect(wishes.answered(2, "")).toBe(true);
  });

  it("[MQTT-3.8.4-5] does not shift the codes of the others in its batch", () => {
    const { wishes, settled } = build();
    wishes.want("a", 0);
    wishes.want("b", 1);
    wishes.next(1);
    wishes.want("a", -1);
    expect(wishes.answered(1, "\x00\x01")).toBe(true);
    expect(settled).toContainEqual(["b", undefined, 1]);
  });
  it("may come from a callback in the same batch", () => {
    const { wishes, settled } = build();
    wishes.want("a", 0, () => wishes.want("a", -1));
    wishes.want("b", 1);
    wishes.next(1);
    expect(wishes.answered(1, "\x00\x01")).toBe(true);
    expect(settled).toContainEqual(["b", undefined, 1]);
  });
});

describe("a new connection", () => {
  it("rewind: what was not answered is sent again, what was granted is not", () => {
    const { wishes } = build();
    wishes.want("a", 0);
    wishes.next(1);
    wishes.answered(1, "\x00");
    wishes.want("b", 1);
    wishes.want("c", -1);
    wishes.next(2);
    wishes.next(3);
    wishes.rewind();
    expect(next(wishes, 4)).toBe(subscribe(4, ["b", 1]));
    expect(next(wishes, 5)).toBe(unsubscribe(5, "c"));
    expect(next(wishes, 6)).toBeUndefined();
  });

  it("forget: everything is subscribed again, and what was to be unsubscribed is settled unsent", () => {
    const { wishes, settled } = build();
    wishes.want("a", 0);
    wishes.want("b", 1);
    wishes.next(1);
    wishes.answered(1, "\x00\x01");
    wishes.want("b", -1);
    wishes.want("c", 0);
    settled.length = 0;
    wishes.forget();
    expect(settled).toEqual([["b", undefined, undefined]]);
    expect(next(wishes, 2)).toBe(subscribe(2, ["a", 0], ["c", 0]));
    wishes.answered(2, "\x00\x00");
    expect(settled.slice(1)).toEqual([["c", undefined, 0]]);
  });

  it("a granted subscription that is made again does not call its callback again", () => {
    const { wishes, settled, named } = build();
    wishes.want("a", 0, named("first"));
    wishes.next(1);
    wishes.answered(1, "\x00");
    wishes.forget();
    wishes.next(2);
    wishes.answered(2, "\x00");
    expect(settled).toEqual([["first", undefined, 0]]);
  });

  it("a refused subscription is not made again", () => {
    const { wishes } = build();
    wishes.want("a", 0);
    wishes.next(1);
    wishes.answered(1, "\x80");
    wishes.forget();
    expect(wishes.waiting).toBe(false);
  });
  it("forget: a callback that subscribes costs no other subscription", () => {
    const { wishes } = build();
    wishes.want("a", 0);
    wishes.want("c", 0);
    wishes.next(1);
    wishes.answered(1, "\x00\x00");
    wishes.want("b", -1, () => wishes.want("a", 1));
    wishes.want("c", 0);
    wishes.next(2);
    wishes.next(3);
    wishes.answered(3, "\x00");
    wishes.rewind();
    wishes.forget();
    expect(next(wishes, 4)).toBe(subscribe(4, ["c", 0], ["a", 1]));
  });
});

describe("how many", () => {
  it("a wish over the limit is refused", () => {
    const { wishes } = build(2);
    expect([wishes.want("a", 0), wishes.want("b", 0), wishes.want("c", 0)]).toEqual([true, true, false]);
  });

  it("a full list still takes a change of what it holds", () => {
    const { wishes } = build(2);
    wishes.want("a", 0);
    wishes.want("b", 0);
    expect(wishes.want("a", 1)).toBe(true);
    expect(wishes.want("b", -1)).toBe(true);
  });

  it("a refused and an unsubscribed filter make room", () => {
    const { wishes } = build(2);
    wishes.want("a", 0);
    wishes.want("b", -1);
    wishes.next(1);
    wishes.next(2);
    wishes.answered(1, "\x80");
    wishes.answered(2, "");
    expect([wishes.want("c", 0), wishes.want("d", 0)]).toEqual([true, true]);
  });
});
