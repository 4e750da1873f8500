/** The device that is measured: the one the README configures, signing in to Alibaba Cloud, here with a server of our own. */
export const deviceFile = (port: number) => ({
  platform: "aliyun",
  aliyun: {
    productKey: "pk",
    deviceName: "device",
    deviceSecret: "secret",
    clientId: "12345",
    timestamp: "789",
  },
  url: `ws://127.0.0.1:${port}/mqtt`,
  mqtt: { keepalive: 300 },
  subscribe: [{ topic: "/pk/device/user/get", qos: 1 }],
  telemetry: { topic: "/pk/device/user/update", qos: 1, period: 60 },
});
