/** What the firmware uses of Espruino 2v29, and nothing more. */

interface EspruinoSocket {
  write(bytes: string): boolean;
  end(): void;
  on(event: "data", handler: (bytes: string) => void): void;
  on(event: "close" | "drain", handler: () => void): void;
  on(event: "error", handler: (error: { message: string }) => void): void;
  /** Looked at by the interpreter itself: closes without sending what is queued. */
  clsNow?: boolean;
}

interface EspruinoNet {
  connect(options: { host: string; port: number; ca?: string }): EspruinoSocket;
}

interface EspruinoStorage {
  read(name: string): string | undefined;
  write(name: string, content: string): boolean;
}

interface EspruinoCrypto {
  SHA1(bytes: string): ArrayBuffer;
  SHA256?(bytes: string): ArrayBuffer;
}

interface EspruinoWifi {
  connect(ssid: string, options: { password?: string }, done: (error: string | null) => void): void;
  on(event: "connected" | "disconnected", handler: () => void): void;
}

declare function require(module: "net" | "tls"): EspruinoNet;
declare function require(module: "Storage"): EspruinoStorage;
declare function require(module: "crypto"): EspruinoCrypto;
declare function require(module: "Wifi"): EspruinoWifi;

declare const E: {
  hwRand(): number;
  srand(seed: number): void;
  toString(array: ArrayBuffer | ArrayBufferView): string;
  toArrayBuffer(bytes: string): ArrayBuffer;
  asUTF8(bytes: string): string;
  fromUTF8(text: string): string;
  isUTF8(text: string): boolean;
};
declare const process: { memory(collect?: boolean): { free: number; usage: number } };
declare const console: { log(line: string): void };
/** Seconds since 1970, or since boot where nothing has set the clock. */
declare function getTime(): number;
declare function getSerial(): string;
declare function setTimeout(fn: () => void, ms: number): unknown;
declare function clearTimeout(handle: unknown): void;
declare function btoa(bytes: string): string;
