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

export interface EspruinoNet {
  connect(options: { host: string; port: number; ca?: string }): EspruinoSocket;
}

export interface EspruinoStorage {
  read(name: string): string | undefined;
  write(name: string, content: string): boolean;
}

export interface EspruinoCrypto {
  SHA1(bytes: string): ArrayBuffer;
  SHA256?(bytes: string): ArrayBuffer;
}

export interface EspruinoWifi {
  connect(ssid: string, options: { password?: string }, done: (error: string | null) => void): void;
  on(event: "connected" | "disconnected", handler: () => void): void;
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
}

export interface EspruinoProcess {
  memory(collect?: boolean): { free: number; usage: number };
}
