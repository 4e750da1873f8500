import { createHmac } from "node:crypto";
import type { IConnectPacket, IPacket } from "mqtt-packet";
import type { Platform, PlatformEvent } from "../../tools/platform-simulator/simulator";
import { WireClient } from "../fixtures/wire-client";

export type Connect = Omit<IConnectPacket, keyof IPacket>;

/** The example device's CONNECT, byte for byte as the vendor documents it. */
export const DOCUMENTED: Connect = {
  clientId: "12345|securemode=3,signmethod=hmacsha1,timestamp=789|",
  username: "device&pk",
  password: Buffer.from("fafd82a3d602b37fb0fa8b7892f24a477f851a14"),
  keepalive: 300,
};

export const UCLOUD: Connect = {
  clientId: "exampleproduct.device-1",
  username: "exampleproduct|device-1|1",
  password: Buffer.from("examplesecret"),
  keepalive: 300,
};

/** Signs as the documents say, for variations on the example device. */
export function sign(content: string, hash: "sha1" | "sha256" | "md5" = "sha1", secret = "secret"): Buffer {
  return Buffer.from(createHmac(hash, secret).update(content).digest("hex"));
}

/** Opens a WebSocket and connects; the caller terminates it. */
export async function online(url: string, packet: Connect = DOCUMENTED): Promise<WireClient> {
  const client = await WireClient.open(url);
  const { returnCode } = await client.connect(packet);
  expect(returnCode).toBe(0);
  return client;
}

/** The next event of this name, from now on. */
export function nextEvent(platform: Platform, name: PlatformEvent["event"]): Promise<PlatformEvent> {
  return new Promise((resolve) => {
    const stop = platform.on((event) => {
      if (event.event !== name) return;
      stop();
      resolve(event);
    });
  });
}

/** Breaks the connection off, and waits until the platform knows. */
export async function leave(platform: Platform, client: WireClient): Promise<void> {
  const known = platform.connected().length > 0 && nextEvent(platform, "disconnected");
  client.terminate();
  await client.closed;
  await known;
}

/** The latest event of this name so far. */
export function lastEvent(platform: Platform, name: PlatformEvent["event"]): PlatformEvent | undefined {
  return platform.events.filter(({ event }) => event === name).pop();
}
