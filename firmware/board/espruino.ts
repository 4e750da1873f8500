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

export interface EspruinoNet {
  connect(target: EspruinoTarget): EspruinoSocket;
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

/** Of a `connected` (the address) or a `disconnected` event (the driver's reason as a number in text, and in words). */
export interface EspruinoWifiDetails {
  ip?: string;
  reason?: string;
  msg?: string;
}

export interface EspruinoWifi {
  connect(ssid: string, options: { password?: string }): void;
  disconnect(): void;
  /** Missing in some of the modules by this name. */
  getHostByName?(name: string, done: (address: string | null) => void): void;
  on(event: "connected" | "disconnected", handler: (details: EspruinoWifiDetails) => void): void;
}

export interface EspruinoRequire {
  (module: "net" | "tls"): EspruinoNet;
  (module: "Storage"): EspruinoStorage;
  (module: "crypto"): EspruinoCrypto;
  (module: "Wifi"): EspruinoWifi;
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
  on(event: "errorFlag", handler: (flags: string[]) => void): void;
}

export interface EspruinoProcess {
  on(event: "uncaughtException", handler: (thrown: unknown) => void): void;
  memory(collect?: boolean): { free: number; usage: number };
}
