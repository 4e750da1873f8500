import type { ImageName, Release } from "./images";
import { IMAGES, LIBRARIES } from "./images";

type Value = boolean | number | string;

interface Row<T extends Value> {
  /** One line for `--help`. */
  help: string;
  /** The words it can be; a number or on/off where missing. */
  words?: readonly T[];
  /** What it is on this image unless told otherwise. */
  on(image: ImageName, release: Release): T;
}

const row = <T extends Value>(help: string, on: Row<T>["on"], words?: readonly T[]): Row<T> => ({ help, on, words });
const chip = (image: ImageName) => image !== "LINUX";

/** Every way in which a simulated board can be as unkind as a chip: the one table of them. */
const TABLE = {
  lookup: row<"broken" | "repaired">(
    "Wifi.getHostByName: broken answers null at once, or with the bytes of a pointer",
    (_, release) => (release === "2v29" ? "broken" : "repaired"),
    ["broken", "repaired"],
  ),
  driver: row<Release>(
    "Wifi.connect: 2v29 is one try; later is three, and nothing where the driver runs in AP+STA and is not joined",
    (_, release) => release,
    ["2v29", "later"],
  ),
  "access-point": row<boolean>(
    "an open access point ESP_xxxxxx from power-on, beside the station",
    (image, release) => chip(image) && release === "2v29",
  ),
  telnet: row<boolean>(
    "a console on TCP port 23 of the board (not of this computer), without a password",
    (image) => LIBRARIES[image].telnet,
  ),
  bluetooth: row<boolean>(
    "a console over BLE, without pairing, until ESP32.enableBLE(false)",
    (image) => LIBRARIES[image].bluetooth,
  ),
  "stay-on-ble": row<boolean>(
    "the console stays on BLE when somebody disconnects",
    (image, release) => chip(image) && release === "2v29",
  ),
  "late-advertising": row<number>(
    "milliseconds after each start at which BLE advertises again, whatever was asked meanwhile",
    (image) => (chip(image) ? 50 : 0),
  ),
  wificfg: row<boolean>("Wifi.save()'s .wificfg is restored after .bootcde and wins", chip),
  "garbled-details": row<boolean>("what a Wi-Fi event hands over is garbage; getIP and getStatus are right", chip),
  "event-leak": row<boolean>("each Wi-Fi event leaks its details until load()", chip),
  variables: row<number>("variables in all, with BLE on; 2,000 more without", (image) => (chip(image) ? 2600 : 16383)),
  "exhaust-at-step": row<number>(
    "memory runs out at this call of the program's code, counted from the first power-on; 0 is never",
    () => 0,
  ),
  sockets: row<number>("sockets of the TCP/IP stack; 0 is without limit", (image) => (chip(image) ? 10 : 0)),
  tls: row<"fits" | "tight" | "too-large" | "absent">(
    "whether a TLS connection fits the heap; tight: it does, and the heap that is reported free is an ESP32's",
    (image, release) => {
      if (!LIBRARIES[image].tls) return "absent";
      if (image === "ESP32") return "too-large";
      return image === "ESP32S3_IDF4" || (image === "ESP32C3_IDF4" && release === "2v29") ? "tight" : "fits";
    },
    ["fits", "tight", "too-large", "absent"],
  ),
  "tls-leak": row<boolean>("a TLS connection that fails in setup keeps its socket until a reboot", chip),
  "blocking-connect": row<boolean>("net.connect blocks: name servers 21 s, a server that is silent 39 s", chip),
  "idle-watchdog": row<boolean>(
    "the watchdog also watches the idle task, which never runs while a socket is open",
    (image) => image === "ESP32_IDF4",
  ),
  "idf-log": row<boolean>("log lines of ESP-IDF inside what the serial port prints", () => false),
  "reset-on-open": row<boolean>(
    "opening or closing the console's port resets the board, as at a serial port",
    () => false,
  ),
};

type Table = typeof TABLE;
export type TraitName = keyof Table;
export type Traits = { [Name in TraitName]: ReturnType<Table[Name]["on"]> };

const names = () => Object.keys(TABLE) as TraitName[];

/** The traits of an image, with what is told otherwise. */
export function traitsOf(image: ImageName, release: Release, given: Partial<Traits> = {}): Traits {
  const usual = names().map((name) => [name, TABLE[name].on(image, release)]);
  const told = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...(Object.fromEntries(usual) as Traits), ...Object.fromEntries(told) };
}

/** Reads `name` (on) or `name=value`. Throws a RangeError that says what is possible. */
export function parseTrait(text: string): Partial<Traits> {
  const [name, value = "on"] = text.split("=", 2);
  if (!Object.hasOwn(TABLE, name)) throw new RangeError(`no trait "${name}": ${names().join(", ")}`);
  const { words, on } = TABLE[name as TraitName] as Row<Value>;
  const wrong = (possible: string) => new RangeError(`${name} must be ${possible}, not "${value}"`);
  if (words) {
    if (!words.includes(value)) throw wrong(words.join(" or "));
    return { [name]: value };
  }
  if (typeof on("ESP32", "2v29") === "number") {
    if (!/^\d+$/.test(value)) throw wrong("a whole number");
    return { [name]: Number(value) };
  }
  if (value !== "on" && value !== "off") throw wrong("on or off");
  return { [name]: value === "on" };
}

/** The table as lines for a command's help. */
export function describeTraits(): string {
  const shown = (value: Value) => (typeof value === "boolean" ? (value ? "on" : "off") : String(value));
  return names()
    .map((name) => {
      const { help, on } = TABLE[name] as Row<Value>;
      const [released, later] = [on("ESP32", "2v29"), on("ESP32", "later")].map(shown);
      const usual = released === later ? released : `${released}, later ${later}`;
      const others = IMAGES.filter((image) => shown(on(image, "2v29")) !== released);
      const otherwise = others.map((image) => `; ${image}: ${shown(on(image, "2v29"))}`).join("");
      return `  ${name.padEnd(18)} ${help} (ESP32: ${usual}${otherwise})`;
    })
    .join("\n");
}
