import type { Loop } from "./loop";
import type { Realm } from "./realm";

type Handler = (this: unknown, ...args: unknown[]) => unknown;
type Emitter = Record<string, unknown>;

/** Where the board keeps handlers: an ordinary, visible member of the object. */
const PREFIX = "#on";
const MOST_ARGUMENTS = 4;

/** Queues a call of every handler of an event, from inside the board. */
export function queueEvent(loop: Loop, target: object, event: string, args: unknown[]): void {
  const handlers = (target as Emitter)[PREFIX + event] as Handler[] | undefined;
  if (!handlers) return;
  loop.queueEvent(() => {
    for (const handler of [...handlers]) loop.guard(() => handler.apply(target, args));
  });
}

/** Gives every object `on`, `emit`, `prependListener`, `removeListener` and `removeAllListeners`. */
export function installEvents(realm: Realm, loop: Loop, onDataHandler: (target: object) => void): void {
  const { TypeError } = realm.own;
  const check = (target: unknown, event: unknown) => {
    if ((typeof target !== "object" && typeof target !== "function") || target === null) {
      throw new TypeError("Parent must be an object - not a String, Integer, etc");
    }
    if (typeof event !== "string") throw new TypeError("First argument must be String");
    return target as Emitter;
  };
  const add = (first: boolean) =>
    function (this: unknown, event: unknown, handler: unknown) {
      "use strict";
      const target = check(this, event);
      if (typeof handler !== "function") throw new TypeError("Second argument must be a function or a String");
      const key = PREFIX + String(event);
      const others = (target[key] as unknown[] | undefined) ?? [];
      // A new array: handlers added after an emit do not see that event.
      target[key] = realm.array(first ? [handler, ...others] : [...others, handler]);
      if (event === "data") onDataHandler(target);
    };
  const methods: Record<string, unknown> = {
    on: add(false),
    prependListener: add(true),
    emit(this: unknown, event: unknown, ...args: unknown[]) {
      const target = check(this, event);
      if (args.length > MOST_ARGUMENTS) throw new TypeError(`Too many arguments (>${MOST_ARGUMENTS})`);
      queueEvent(loop, target, String(event), args);
    },
    removeListener(this: unknown, event: unknown, handler: unknown) {
      const handlers = check(this, event)[PREFIX + String(event)] as unknown[] | undefined;
      const at = handlers ? handlers.indexOf(handler) : -1;
      if (at >= 0) handlers!.splice(at, 1);
    },
    removeAllListeners(this: Emitter, event?: string) {
      for (const key of Object.keys(this)) {
        if (event === undefined ? key.startsWith(PREFIX) : key === PREFIX + event) delete this[key];
      }
    },
  };
  for (const [name, method] of Object.entries(methods)) realm.define(realm.own.Object.prototype, name, method);
}

/**
 * The board's Promise: callbacks are queued like events (two steps from resolve to `then`), and a rejection that nobody
 * handles is an uncaught error.
 */
export function installPromise(realm: Realm, loop: Loop): void {
  const queue = (fn: () => void) => loop.queueEvent(() => loop.guard(fn));
  const make = realm.run(PROMISE, "promise") as (queue: (fn: () => void) => void) => unknown;
  realm.define(realm.own.global, "Promise", make(queue));
}

const PROMISE = `(function (queue) {
  function settle(promise, state, value) {
    if (promise.s) return;
    if (state === "ok" && value && typeof value.then === "function")
      return value.then(function (v) { settle(promise, "ok", v); }, function (e) { settle(promise, "no", e); });
    hide(promise, "s", state);
    hide(promise, "v", value);
    queue(function () {
      var waiting = promise.w;
      hide(promise, "w", undefined);
      if (waiting.length) waiting.forEach(function (w) { queue(function () { w(state, value); }); });
      else if (state === "no" && !promise.h) throw new Error("Unhandled promise rejection: " + value);
    });
  }
  function hide(promise, name, value) {
    Object.defineProperty(promise, name, { value: value, writable: true, configurable: true });
  }
  function Promise(executor) {
    var promise = this;
    hide(promise, "w", []);
    try {
      executor(function (v) { settle(promise, "ok", v); }, function (e) { settle(promise, "no", e); });
    } catch (e) { settle(promise, "no", e); }
  }
  Promise.prototype.then = function (onOk, onNo) {
    var parent = this;
    hide(parent, "h", true);
    return new Promise(function (ok, no) {
      function run(state, value) {
        var handler = state === "ok" ? onOk : onNo;
        if (!handler) return state === "ok" ? ok(value) : no(value);
        var result;
        try { result = handler(value); } catch (e) { return no(e); }
        ok(result);
      }
      if (parent.w) parent.w.push(run);
      else queue(function () { run(parent.s, parent.v); });
    });
  };
  Promise.prototype.catch = function (onNo) { return this.then(undefined, onNo); };
  Object.defineProperty(Promise.prototype, "then", { enumerable: false });
  Object.defineProperty(Promise.prototype, "catch", { enumerable: false });
  Promise.resolve = function (v) { return new Promise(function (ok) { ok(v); }); };
  Promise.reject = function (e) { return new Promise(function (ok, no) { no(e); }); };
  Promise.all = function (list) {
    return new Promise(function (ok, no) {
      var results = [], left = list.length;
      if (!left) ok(results);
      list.forEach(function (p, i) {
        Promise.resolve(p).then(function (v) { results[i] = v; if (!--left) ok(results); }, no);
      });
    });
  };
  return Promise;
})`;
