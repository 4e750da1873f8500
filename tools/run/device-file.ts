/** device.json, and what a platform has to know of the device in it. */
import type { PlatformName, PlatformOptions } from "../platform-simulator/simulator";

/** device.json, as far as these tools look into it; the firmware checks it. */
export interface DeviceFile {
  platform: PlatformName;
  aliyun?: Record<string, string>;
  ucloud?: Record<string, string>;
  broker?: Record<string, string>;
  url?: string;
  mqtt?: { keepalive?: number };
  subscribe?: { topic: string; qos?: number }[];
  telemetry?: { topic: string; qos?: number; period?: number };
  [name: string]: unknown;
}

/** A ping each half minute or so, and telemetry in between. */
const MQTT = { keepalive: 60 };

/** A device of each platform to try things with; Alibaba Cloud's is the one its documents compute a signature for. */
export const EXAMPLES: Record<PlatformName, DeviceFile> = {
  aliyun: {
    platform: "aliyun",
    aliyun: {
      productKey: "pk",
      deviceName: "device",
      deviceSecret: "secret",
      clientId: "12345",
      signMethod: "hmacsha1",
      timestamp: "789",
    },
    mqtt: MQTT,
    subscribe: [{ topic: "/pk/device/user/get", qos: 1 }],
    telemetry: { topic: "/pk/device/user/update", qos: 1, period: 60 },
  },
  ucloud: {
    platform: "ucloud",
    ucloud: { productSN: "exampleproduct", deviceSN: "device-1", deviceSecret: "examplesecret" },
    mqtt: MQTT,
    subscribe: [{ topic: "/exampleproduct/device-1/get", qos: 1 }],
    telemetry: { topic: "/exampleproduct/device-1/update", qos: 1, period: 60 },
  },
  broker: {
    platform: "broker",
    broker: { clientId: "device-1" },
    mqtt: MQTT,
    subscribe: [{ topic: "device-1/get", qos: 1 }],
    telemetry: { topic: "device-1/update", qos: 1, period: 60 },
  },
};

/** How to start the simulator so that it knows this device. */
export function platformFor(device: DeviceFile, common: { speed: number }): PlatformOptions {
  const { aliyun = {}, ucloud = {}, broker = {} } = device;
  if (device.platform === "aliyun") {
    const { productKey, deviceName, deviceSecret } = aliyun;
    return { ...common, platform: "aliyun", devices: [{ productKey, deviceName, deviceSecret }] };
  }
  if (device.platform === "ucloud") {
    const { productSN, deviceSN, deviceSecret } = ucloud;
    return { ...common, platform: "ucloud", devices: [{ productSN, deviceSN, deviceSecret }] };
  }
  const { username, password } = broker;
  return { ...common, platform: "broker", devices: username ? [{ username, password }] : [] };
}
