import { Events } from "../../firmware/events";
import type { CodedError } from "../../firmware/seams";

it("calls the handlers of an event, at once and in order, with its arguments", () => {
  const events = new Events();
  const calls: unknown[] = [];
  events.on("a", (...args) => calls.push(["first", ...args]));
  events.on("a", (...args) => calls.push(["second", ...args]));
  events.on("b", () => calls.push("other"));
  events.emit("a", 1, "two", [3]);
  expect(calls).toEqual([
    ["first", 1, "two", [3]],
    ["second", 1, "two", [3]],
  ]);
});

it("an event without handlers is nothing", () => {
  expect(() => new Events().emit("a")).not.toThrow();
});

it("a handler set up by a handler is called from the next time on", () => {
  const events = new Events();
  const late = jest.fn();
  events.on("a", () => events.on("a", late));
  events.emit("a");
  expect(late).not.toHaveBeenCalled();
  events.emit("a");
  expect(late).toHaveBeenCalledTimes(1);
});

describe("a handler that throws", () => {
  it("becomes an error event, and the others are still called", () => {
    const events = new Events();
    const errors: CodedError[] = [];
    const other = jest.fn();
    events.on("error", (error) => errors.push(error));
    events.on("a", () => {
      throw new Error("broken");
    });
    events.on("a", other);
    events.emit("a");
    expect(errors).toEqual([
      expect.objectContaining({ code: "handler-threw", message: expect.stringContaining("broken") }),
    ]);
    expect(other).toHaveBeenCalledTimes(1);
  });

  it.each([["text"], [undefined], [null], [7]])("may throw %p", (thrown) => {
    const events = new Events();
    const errors: CodedError[] = [];
    events.on("error", (error) => errors.push(error));
    events.call(() => {
      throw thrown;
    });
    expect(errors).toEqual([expect.objectContaining({ code: "handler-threw", message: String(thrown) })]);
  });

  it("is nobody's trouble where there is no error handler", () => {
    const events = new Events();
    events.on("a", () => {
      throw new Error("broken");
    });
    expect(() => events.emit("a")).not.toThrow();
  });

  it("may be the error handler itself: it is told once more, and then no more", () => {
    const events = new Events();
    const seen: string[] = [];
    events.on("error", (error: CodedError) => {
      seen.push(error.code);
      throw new Error("again");
    });
    events.emit("error", Object.assign(new Error("first"), { code: "some-error" }));
    expect(seen).toEqual(["some-error", "handler-threw"]);
  });
});

describe("call", () => {
  it("passes up to three arguments", () => {
    const handler = jest.fn();
    new Events().call(handler, 1, 2, 3);
    expect(handler.mock.calls).toEqual([[1, 2, 3]]);
  });

  it("takes a callback that was left out", () => {
    expect(() => new Events().call(undefined, 1)).not.toThrow();
  });
});
