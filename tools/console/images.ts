/**
 * Espruino's images for ESP32 chips and what each cannot do, by `process.env.BOARD` and `.VERSION`. Read in Espruino's source:
 * boards/*.py, targets/esp32/main.c, IDF4/sdkconfig*. The README's table of images has what of it was run.
 */

/** TLS on an image: `tight` has the memory only where little else takes it; `heap` never has it; `none` was built without. */
type Tls = "fits" | "tight" | "heap" | "none";

export interface Image {
  name: string;
  tls: Tls;
  /** SHA-1 and SHA-256 of the interpreter's own. */
  hashes: boolean;
  /** Listens on port 23 until the firmware ends that. */
  telnet: boolean;
  /** Kilobytes of Storage. */
  storage: number;
  /** False: it watches ESP-IDF's idle task as well, which never runs while a socket is open. */
  watchdog: boolean;
}

/** What the table needs of a board. */
export interface ImageFacts {
  /** `process.env.BOARD` and `.VERSION`. */
  board: string;
  version: string;
  /** Bytes of the C heap that are free, where the build reports them. */
  heap?: number;
}

/** A release, or 0 where there is none: 2v29 is 229, a build after it 229.5. */
function releaseOf(version: string): number {
  const match = /^(\d+)v(\d+)(\.[1-9])?/.exec(version);
  return match ? Number(match[1]) * 100 + Number(match[2]) + (match[3] ? 0.5 : 0) : 0;
}

/** Of a C3 the build after 2v29 keeps 70,000 bytes of heap free for TLS, all others 40,000. */
const AFTER_2V29 = 229.5;

const IMAGES: Record<string, (release: number) => Omit<Image, "name" | "storage">> = {
  ESP32: () => ({ tls: "heap", hashes: true, telnet: true, watchdog: true }),
  ESP32_CYD: () => ({ tls: "heap", hashes: true, telnet: true, watchdog: true }),
  ESP32_IDF4: () => ({ tls: "none", hashes: false, telnet: false, watchdog: false }),
  ESP32C3_IDF4: (release) => ({
    tls: release >= AFTER_2V29 ? "fits" : "tight",
    hashes: true,
    telnet: false,
    watchdog: release >= 229,
  }),
  ESP32S3_IDF4: () => ({ tls: "tight", hashes: true, telnet: true, watchdog: true }),
};

/** Bytes of free heap that a TLS connection needs: two buffers of 16.7 kB, and the handshake. */
const TLS_HEAP = 50_000;

/** The image, by the table; undefined where it is none of an ESP32's. */
export function imageOf({ board, version, heap }: ImageFacts): Image | undefined {
  if (!Object.hasOwn(IMAGES, board)) return undefined;
  const release = releaseOf(version);
  const image = IMAGES[board](release);
  // PSRAM, or an image that somebody has built with a larger heap.
  const roomy = (heap ?? 0) >= TLS_HEAP && image.tls !== "none";
  return { name: board, storage: release >= 226 ? 896 : 256, ...image, ...(roomy && { tls: "fits" }) };
}

/** What the image cannot do, one line each. */
export function imageLimits(facts: ImageFacts): string[] {
  const image = imageOf(facts);
  if (!image) return [];
  const limits: string[] = [];
  const add = (condition: boolean, text: string) => void (condition && limits.push(text));
  add(image.tls === "none", "no TLS: wss:// cannot work");
  add(image.tls === "heap", "TLS does not fit its heap: wss:// cannot work");
  add(image.tls === "tight", "TLS just fits its heap, if at all: wss:// may fail for want of memory");
  add(!image.hashes, "no native hashes: signing takes a few tenths of a second, hmacsha256 is not possible");
  add(
    !image.watchdog,
    "its watchdog also restarts a board that is well: it watches the idle task, which never runs while a socket is open",
  );
  add(image.storage < 896, `${image.storage} kB of Storage; 896 kB from 2v26`);
  return limits;
}

/** Why this image cannot connect over TLS, and what to do; undefined where it may. */
export function tlsFault(facts: ImageFacts): string | undefined {
  const image = imageOf(facts);
  if (image?.tls === "none") {
    return `the image ${image.name} has no TLS. Use ws, or another image: the ESP32 has TLS but no memory for it, an S3 or a C3 has both`;
  }
  if (image?.tls !== "heap") return undefined;
  const left = facts.heap === undefined ? "" : `, ${facts.heap} are free`;
  return (
    `TLS does not fit the heap of the image ${image.name}: it needs some ${TLS_HEAP} bytes${left}. Use ws; or a board with PSRAM, an S3 or a ` +
    "C3; or an image built with a larger ESP_HEAP_SIZE (README, wss on a plain ESP32)"
  );
}
