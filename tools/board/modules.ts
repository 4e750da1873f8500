import { createHash } from "node:crypto";
import type { Realm } from "./realm";
import type { Servers } from "./servers";
import type { Sockets } from "./sockets";
import type { FlashStorage } from "./storage";

/** `require("net")`. */
export function makeNet(realm: Realm, sockets: Sockets, servers: Servers, print: (line: string) => void): object {
  return realm.object({
    connect: connectWith(sockets, print, false),
    createServer: (handler: unknown) => servers.create(handler),
  });
}

/** `require("tls")`: encrypts and verifies nothing. */
export function makeTls(realm: Realm, sockets: Sockets, print: (line: string) => void): object {
  return realm.object({ connect: connectWith(sockets, print, true) });
}

function connectWith(sockets: Sockets, print: (line: string) => void, tls: boolean) {
  return (target: unknown, onConnect: unknown) => {
    if (typeof target !== "object" || target === null) {
      print(`ERROR: Expecting Options to be an Object but it was ${typeof target}`);
      return undefined;
    }
    return sockets.connect(target, onConnect, tls);
  };
}

/** `require("crypto")`: the native hashes. Each gives an ArrayBuffer, or undefined when there is nothing to hash. */
export function makeCrypto(realm: Realm): object {
  const hash = (algorithm: string) => (message: unknown) => {
    if (message === undefined) return undefined;
    const bytes = typeof message === "string" ? Buffer.from(message, "latin1") : Buffer.from(message as Uint8Array);
    return realm.arrayBuffer(createHash(algorithm).update(bytes).digest());
  };
  return realm.object({
    SHA1: hash("sha1"),
    SHA224: hash("sha224"),
    SHA256: hash("sha256"),
    SHA384: hash("sha384"),
    SHA512: hash("sha512"),
  });
}

/** `require("Storage")`: plain files, whole or in parts. StorageFile (`open`) is not simulated. */
export function makeStorage(realm: Realm, flash: FlashStorage): object {
  const { own } = realm;
  const throwing = (change: () => void) => {
    try {
      change();
    } catch (error) {
      throw new own.Error((error as Error).message);
    }
    return true;
  };
  const json = own.JSON as { parse(text: string): unknown; stringify(value: unknown): string };
  return realm.object({
    read(name: string, offset = 0, length = 0) {
      const content = flash.read(String(name));
      return content === undefined ? undefined : content.slice(offset, length > 0 ? offset + length : undefined);
    },
    readArrayBuffer(name: string) {
      const content = flash.read(String(name));
      return content === undefined ? undefined : realm.arrayBuffer(Buffer.from(content, "latin1"));
    },
    readJSON(name: string, quiet?: boolean) {
      const content = flash.read(String(name));
      if (content === undefined) return undefined;
      try {
        return json.parse(content);
      } catch (error) {
        if (quiet) return undefined;
        throw error;
      }
    },
    write(name: string, data: unknown, offset = 0, size = 0) {
      return throwing(() => {
        const bytes = storedBytes(data, json);
        const old = flash.read(String(name));
        flash.write(String(name), offset ? patch(old, bytes, offset) : bytes.padEnd(size, "\xff"));
      });
    },
    writeJSON: (name: string, data: unknown) => throwing(() => flash.write(String(name), json.stringify(data))),
    erase: (name: string) => flash.erase(String(name)),
    eraseAll: () => flash.eraseAll(),
    list: (pattern?: { test(name: string): boolean }) =>
      realm.array(flash.list().filter((name) => !pattern || pattern.test(name))),
    getFree: () => flash.free(),
    compact: () => undefined,
  });
}

function storedBytes(data: unknown, json: { stringify(value: unknown): string }): string {
  if (data === undefined) throw new Error("Can't get pointer to data to write");
  if (typeof data === "string") return data;
  if (typeof data === "number") return String.fromCharCode(data & 255);
  if (Array.isArray(data) || ArrayBuffer.isView(data)) {
    return Buffer.from(Array.from(data as ArrayLike<number>)).toString("latin1");
  }
  if (Object.prototype.toString.call(data) === "[object ArrayBuffer]") {
    return Buffer.from(data as ArrayBuffer).toString("latin1");
  }
  return json.stringify(data);
}

/** Writing inside a file: flash that has been written cannot be written differently. */
function patch(old: string | undefined, bytes: string, offset: number): string {
  if (old === undefined) throw new Error("Unable to find or create file");
  if (offset + bytes.length > old.length) throw new Error("Too much data for file size");
  for (let i = 0; i < bytes.length; i++) {
    const there = old[offset + i];
    if (there !== "\xff" && there !== bytes[i]) throw new Error("File already written with different data");
  }
  return old.slice(0, offset) + bytes + old.slice(offset + bytes.length);
}
