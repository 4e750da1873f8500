/** What the firmware uses of Espruino 2v29, and nothing more. Types only: each file declares the globals it names. */

export interface EspruinoSocket {
  write(bytes: string): boolean;
  end(): void;
  on(event: "data", handler: (bytes: string) => void): void;
  on(event: "close" | "drain", handler: () => void): void;
  on(event: "error", handler: (error: { message: string }) => void): void;
  /** Looked at by the interpreter itself: closes without sending what is queued. */
  clsNow?: boolean;
}

export interface EspruinoTarget {
  host: string;
  port: number;
  /** A certificate in DER: the interpreter throws where it is none, and uses it for nothing. */
  ca?: string;
}

export interface EspruinoServer {
  listen(port: number): void;
  close(): void;
  /** The socket's number plus one. */
  sckt: number;
}

export interface EspruinoNet {
  /** Blocks on an ESP32 until the connection stands; throws where it does not. */
  connect(target: EspruinoTarget): EspruinoSocket;
  createServer(onConnection: () => void): EspruinoServer;
}

/** On images that have it: the console on port 23. */
export interface EspruinoTelnet {
  setOptions(options: { mode: "on" | "off" }): void;
}

/** The global `NRF`, on images with Bluetooth. */
export interface EspruinoBle {
  sleep(): void;
  wake(): void;
  on(event: "disconnect", handler: () => void): void;
}

export interface EspruinoStorage {
  read(name: string): string | undefined;
  write(name: string, content: string): boolean;
  erase(name: string): void;
}

export interface EspruinoCrypto {
  SHA1(bytes: string): ArrayBuffer;
  SHA256?(bytes: string): ArrayBuffer;
}

export interface EspruinoWifi {
  connect(ssid: string, options: { password?: string }): void;
  disconnect(): void;
  stopAP(): void;
  /** `0.0.0.0` while there is no address. */
  getIP(): { ip?: string };
  /** `station`: `connected`, or the driver's reason in words; `ssid` while connected. */
  getStatus(): { station: string; ssid?: string };
  /** Events bring details as well, which nobody may believe: another task writes them without a lock. */
  on(event: "connected" | "disconnected", handler: () => void): void;
}

export interface EspruinoRequire {
  (module: "net" | "tls"): EspruinoNet;
  (module: "Storage"): EspruinoStorage;
  (module: "crypto"): EspruinoCrypto;
  (module: "Wifi"): EspruinoWifi;
  (module: "TelnetServer"): EspruinoTelnet;
}

/** The global `E`. */
export interface EspruinoUtilities {
  hwRand(): number;
  srand(seed: number): void;
  toString(array: ArrayBuffer | ArrayBufferView): string;
  toArrayBuffer(bytes: string): ArrayBuffer;
  asUTF8(bytes: string): string;
  fromUTF8(text: string): string;
  isUTF8(text: string): boolean;
  CRC32(bytes: string): number;
  defrag(): void;
  enableWatchdog(seconds: number, automatic: boolean): void;
  kickWatchdog(): void;
  getErrorFlags(): string[];
  reboot(): void;
  /** With `force` no connection over telnet or Bluetooth takes the console away. */
  setConsole(device: string, options: { force: boolean }): void;
  on(event: "errorFlag", handler: (flags: string[]) => void): void;
}

export interface EspruinoProcess {
  on(event: "uncaughtException", handler: (thrown: unknown) => void): void;
  memory(collect?: boolean): { free: number; usage: number };
  /** The image's name, and its version such as `2v29`. */
  env: { BOARD: string; VERSION: string };
}
