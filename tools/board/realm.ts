import { createContext, runInContext } from "node:vm";
import type { Context } from "node:vm";
import { GLOBALS, MEMBERS } from "./builtins";

type Fn = (...args: never[]) => unknown;
type Ctor<T> = new (...args: unknown[]) => T;

/** What of the context's own world the host needs: errors thrown and objects made for the board must be of that world. */
export interface Intrinsics {
  global: Record<string, unknown>;
  Object: ObjectConstructor;
  Array: ArrayConstructor;
  Error: Ctor<Error>;
  TypeError: Ctor<Error>;
  SyntaxError: Ctor<Error>;
  InternalError: Ctor<Error>;
  ArrayBuffer: ArrayBufferConstructor;
  Uint8Array: Uint8ArrayConstructor;
  Date: DateConstructor;
  functionPrototype: object;
  JSON: JSON;
}

/** A bare JavaScript world reduced to what Espruino has of the language. */
export class Realm {
  readonly context: Context;
  readonly own: Intrinsics;

  constructor() {
    this.context = createContext({}, { codeGeneration: { strings: true, wasm: false } });
    this.own = runInContext(INTRINSICS, this.context) as Intrinsics;
    this.prune();
    this.correctLanguage();
  }

  /** Runs a program (a byte string) in the global scope. */
  run(code: string, name: string): unknown {
    return runInContext(code, this.context, { filename: name });
  }

  /** An object of the board's world with these members. */
  object(members: Record<string, unknown> = {}): Record<string, unknown> {
    return Object.assign(new this.own.Object() as Record<string, unknown>, members);
  }

  array(items: Iterable<unknown>): unknown[] {
    const array = new this.own.Array<unknown>();
    for (const item of items) array.push(item);
    return array;
  }

  arrayBuffer(bytes: Uint8Array): ArrayBuffer {
    const view = new this.own.Uint8Array(bytes.length);
    view.set(bytes);
    return view.buffer as ArrayBuffer;
  }

  define(target: object, name: string, value: unknown): void {
    Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: false });
  }

  private prune(): void {
    const names = runInContext("Object.getOwnPropertyNames(globalThis)", this.context) as string[];
    const members = Object.entries(MEMBERS).map(
      ([expression, keep]) => [runInContext(expression, this.context) as object, keep] as const,
    );
    for (const name of names) if (!GLOBALS.includes(name)) Reflect.deleteProperty(this.own.global, name);
    for (const [holder, keep] of members) {
      for (const name of Object.getOwnPropertyNames(holder)) {
        if (name === "constructor" || name === "prototype" || keep.includes(name)) continue;
        Reflect.deleteProperty(holder, name);
      }
    }
  }

  /** Where the language itself differs: strings are bytes, errors have no name. */
  private correctLanguage(): void {
    const { own } = this;
    const string = own.global.String as { fromCharCode: Fn; prototype: object };
    this.define(string, "fromCharCode", (...codes: unknown[]) =>
      String.fromCharCode(...codes.map((code) => Number(code) & 255)),
    );
    const shift = (from: RegExp, by: number) =>
      function (this: unknown) {
        return String(this).replace(from, (letter) => String.fromCharCode(letter.charCodeAt(0) + by));
      };
    this.define(string.prototype, "toUpperCase", shift(/[a-z]/g, -32));
    this.define(string.prototype, "toLowerCase", shift(/[A-Z]/g, 32));
    this.correctSearch(string.prototype);
    const toString = Function.prototype.toString;
    Object.defineProperty(own.functionPrototype, "\xffcod", {
      get(this: () => unknown) {
        return /^[^{]*\{\s*(?:return\b\s*)?([^]*?)\s*\}$/.exec(toString.call(this))![1];
      },
    });
    this.define(own.global, "encodeURIComponent", (text: unknown) =>
      String(text).replace(/[^A-Za-z0-9\-_.!~*'()]/g, (c) => "%" + hex(c.charCodeAt(0) & 255, 2)),
    );
    this.define(own.global, "decodeURIComponent", (text: unknown) =>
      String(text).replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16))),
    );
    for (const name of ["Error", "TypeError", "SyntaxError", "ReferenceError", "InternalError"]) {
      const prototype = (own.global[name] as { prototype: object }).prototype;
      this.define(prototype, "type", name);
      Reflect.deleteProperty(prototype, "name");
    }
    this.define(own.Error.prototype, "toString", function (this: { type?: string; message?: string }) {
      return this.type + (this.message ? ": " + this.message : "");
    });
    this.correctJson();
  }

  /** The board also finds what the end of the string cuts short: "ab".indexOf("bc") is 1 there. */
  private correctSearch(prototype: object): void {
    const find = (text: string, wanted: string, from = 0): number => {
      if (wanted.length > text.length) return -1;
      for (let at = Math.max(0, from); at < text.length; at++) {
        if (wanted.startsWith(text.slice(at, at + wanted.length))) return at;
      }
      return -1;
    };
    this.define(prototype, "indexOf", function (this: unknown, wanted: unknown, from?: number) {
      return find(String(this), String(wanted), from);
    });
    this.define(prototype, "includes", function (this: unknown, wanted: unknown, from?: number) {
      return find(String(this), String(wanted), from) >= 0;
    });
  }

  private correctJson(): void {
    const { parse, stringify } = this.own.JSON;
    const { SyntaxError, Uint8Array, ArrayBuffer } = this.own;
    const toArray = function (this: ArrayLike<number>) {
      return Array.from(this);
    };
    this.define(Object.getPrototypeOf(Uint8Array.prototype) as object, "toJSON", toArray);
    this.define(ArrayBuffer.prototype, "toJSON", function (this: ArrayBuffer) {
      return Array.from(new Uint8Array(this));
    });
    this.define(this.own.JSON, "stringify", (value: unknown, replacer?: never, space?: number) => {
      const json = stringify(value, replacer, space) as string | undefined;
      return json === undefined ? "null" : escapeBytes(json);
    });
    this.define(this.own.JSON, "parse", (text: unknown) => {
      const source = maskEscapes(String(text));
      try {
        return parse(source) as unknown;
      } catch (error) {
        const message = (error as Error).message;
        // The board stops reading where the value ends.
        const trailing = /after JSON at position (\d+)/.exec(message);
        if (trailing) return parse(source.slice(0, Number(trailing[1]))) as unknown;
        throw new SyntaxError("Expecting valid value, got " + (/end of JSON/.test(message) ? "EOF" : "ID"));
      }
    });
  }
}

/** Evaluated in the context before anything is taken away from it. */
const INTRINSICS = `(function (global) {
  function InternalError(message) { this.message = message; }
  InternalError.prototype = Object.create(Error.prototype, { constructor: { value: InternalError, configurable: true } });
  Object.defineProperty(global, "InternalError", { value: InternalError, writable: true, configurable: true });
  return { global: global, Object: Object, Array: Array, Error: Error, TypeError: TypeError, SyntaxError: SyntaxError,
    InternalError: InternalError, ArrayBuffer: ArrayBuffer, Uint8Array: Uint8Array, Date: Date, JSON: JSON, functionPrototype: Function.prototype };
})(globalThis)`;

function hex(code: number, digits: number): string {
  return code.toString(16).toUpperCase().padStart(digits, "0");
}

/** As the board writes JSON: bytes over 126 as four-digit escapes, digits in capitals. */
function escapeBytes(json: string): string {
  return json
    .replace(/\\(u[0-9a-f]{4}|.)/g, (escape) => (escape[1] === "u" ? "\\u" + escape.slice(2).toUpperCase() : escape))
    .replace(/[\x7f-\uffff]/g, (c) => "\\u" + hex(c.charCodeAt(0) & 255, 4));
}

/** As the board reads JSON: of a four-digit escape it keeps the low byte. */
function maskEscapes(json: string): string {
  return json.replace(/\\(u[0-9a-fA-F]{4}|[^])/g, (escape) => (escape[1] === "u" ? "\\u00" + escape.slice(4) : escape));
}
