import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Realm } from "./realm";

const PAGE = 4096;
const FLASH_BYTES = 0x400000;
/** The only pages that are free on every image: 16 of 4 kB. */
const FREE_BEGIN = 0x310000;
const FREE_END = 0x320000;
/** What `getFree` claims (jshardware.c:789): the first belongs to the settings on IDF 4, the last lies in Storage. */
const CLAIMED = [
  { addr: 0xe000, length: 0x2000 },
  { addr: FREE_BEGIN, length: 0x10000 },
  { addr: 0x360000, length: 0xa0000 },
];

/** The pages beside Storage that a program may write itself. Elsewhere the simulated board throws, where a chip would destroy something. */
export class RawFlash {
  private readonly bytes: Buffer;

  /** @param file where they are kept; in memory without one. */
  constructor(private readonly file: string | undefined) {
    const kept = file !== undefined && existsSync(file);
    this.bytes = kept ? readFileSync(file) : Buffer.alloc(FREE_END - FREE_BEGIN, 0xff);
  }

  read(length: number, addr: number): Buffer {
    const from = this.place(addr, length);
    return Buffer.from(this.bytes.subarray(from, from + length));
  }

  /** Bits only fall. */
  write(bytes: Uint8Array, addr: number): void {
    const from = this.place(addr, bytes.length);
    bytes.forEach((byte, at) => (this.bytes[from + at] &= byte));
    this.keep();
  }

  erasePage(addr: number): void {
    const from = this.place(addr, 1) & ~(PAGE - 1);
    this.bytes.fill(0xff, from, from + PAGE);
    this.keep();
  }

  private place(addr: number, length: number): number {
    if (addr < FREE_BEGIN || addr + length > FREE_END) {
      throw new RangeError(`the simulated flash has 0x310000 to 0x31ffff only, not 0x${addr.toString(16)}`);
    }
    return addr - FREE_BEGIN;
  }

  private keep(): void {
    if (this.file === undefined) return;
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(this.file, this.bytes);
  }
}

/** `require("Flash")` (src/jswrap_flash.c). */
export function makeFlash(realm: Realm, flash: RawFlash): object {
  const { own } = realm;
  const throwing = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw new own.Error((error as Error).message);
    }
  };
  const toBytes = (data: unknown): Buffer => {
    if (typeof data === "string") return Buffer.from(data, "latin1");
    if (data instanceof own.ArrayBuffer) return Buffer.from(new Uint8Array(data));
    return Buffer.from(Array.from(data as ArrayLike<number>));
  };
  return realm.object({
    getPage: (addr: number) =>
      addr >= 0 && addr < FLASH_BYTES ? realm.object({ addr: addr & ~(PAGE - 1), length: PAGE }) : undefined,
    getFree: () => realm.array(CLAIMED.map((area) => realm.object(area))),
    erasePage(addr: unknown) {
      if (!Number.isInteger(addr)) throw new own.Error(`Address should be an integer, got ${typeof addr}`);
      throwing(() => flash.erasePage(addr as number));
    },
    write(data: unknown, addr: number) {
      if (data === undefined) throw new own.Error("Data is not defined");
      throwing(() => flash.write(toBytes(data), Number(addr)));
    },
    read(length: number, addr: number) {
      if (!(length > 0)) return undefined;
      return new own.Uint8Array(realm.arrayBuffer(throwing(() => flash.read(Number(length), Number(addr)))));
    },
  });
}
