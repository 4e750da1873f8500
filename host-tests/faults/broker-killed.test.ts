/** A broker that loses its power: the device comes back to its session, and what waited on either side arrives. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Mosquitto } from "../fixtures/mosquitto";
import { findMosquitto, startMosquitto } from "../fixtures/mosquitto";
import { WireClient } from "../fixtures/wire-client";
import { Device } from "./device";

const found = findMosquitto() ? test : test.skip;

found(
  "Mosquitto is killed and restarted with its persistence",
  async () => {
    const directory = mkdtempSync(join(tmpdir(), "mosquitto-killed-"));
    let broker: Mosquitto = await startMosquitto({ directory, persistence: true });
    const device = new Device(broker.url, { clientId: "device", still: 100 });
    let subscribed = 0;
    const acknowledged: string[] = [];
    const publish = (text: string) => device.client.publish("state", text, { qos: 1 }, () => acknowledged.push(text));
    try {
      device.client.subscribe("set", { qos: 1 }, () => subscribed++);
      device.client.connect();
      await device.until("subscribed", () => subscribed > 0);
      // A session that is away, for what the device sends; it has to be on disk before the power goes.
      const away = await WireClient.open(broker.url);
      await away.connect({ clientId: "observer", clean: false });
      await away.subscribe(["state"]);
      away.send({ cmd: "pingreq" });
      await away.next("pingresp");
      away.terminate();

      await broker.kill();
      await device.until("offline", () => device.closes.length > 0);
      expect(device.closes[0]).toMatchObject({ code: expect.stringMatching(/^socket-(closed|error)$/), online: true });
      publish("one");
      publish("two");
      await device.until("refused", () => device.closes.length >= 3);
      expect(device.closes[2]).toMatchObject({ code: "socket-error", online: false });
      expect(device.closes[2].message).toContain("ECONNREFUSED");

      broker = await startMosquitto({ directory, persistence: true, port: broker.port });
      await device.until("delivered", () => acknowledged.length === 2);
      expect(device.sessions).toEqual([false, true]);
      const observer = await WireClient.open(broker.url);
      expect((await observer.connect({ clientId: "observer", clean: false })).sessionPresent).toBe(true);
      for (const text of ["one", "two"]) expect((await observer.next("publish")).payload.toString()).toBe(text);
      observer.publish("set", "on", { qos: 1 });
      await device.until("the session still has its subscription", () => device.received.length > 0);
      expect([subscribed, device.received, device.errors]).toEqual([1, ["on"], []]);
      observer.terminate();
    } finally {
      device.kill();
      await broker.kill();
      rmSync(directory, { recursive: true });
    }
  },
  20_000,
);
