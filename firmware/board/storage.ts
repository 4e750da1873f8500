import type { Bytes, Store } from "../seams";
import type { EspruinoRequire, EspruinoUtilities } from "./espruino";

declare const E: EspruinoUtilities;
declare const require: EspruinoRequire;

/** Reads a whole file of the board's Storage; undefined when there is none. */
export function readFile(name: string): string | undefined {
  return require("Storage").read(name);
}

/** Writes a whole file; one that is empty goes. Throws when there is no room. */
export function writeFile(name: string, content: string): void {
  const storage = require("Storage");
  if (content) storage.write(name, content);
  else storage.erase(name);
}

/** Four bytes that a record torn by a power cut does not have. */
export function checksum(bytes: Bytes): Bytes {
  const crc = E.CRC32(bytes);
  return String.fromCharCode((crc >> 24) & 255, (crc >> 16) & 255, (crc >> 8) & 255, crc & 255);
}

/** Records in the board's Storage, each behind its checksum. */
export class BoardStore implements Store {
  read(name: string): Bytes | undefined {
    const file = readFile(name);
    const bytes = file && file.substr(4);
    return bytes && file.substr(0, 4) === checksum(bytes) ? bytes : undefined;
  }

  write(name: string, bytes: Bytes): void {
    writeFile(name, checksum(bytes) + bytes);
  }
}
