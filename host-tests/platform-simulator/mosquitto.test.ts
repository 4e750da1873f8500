import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { findMosquitto, startMosquitto } from "../fixtures/mosquitto";
import { WireClient } from "../fixtures/wire-client";
import { online } from "./devices";

const found = findMosquitto() ? describe : describe.skip;

found("the Mosquitto fixture", () => {
  test("takes MQTT over WebSocket and plain TCP, and is gone after stop", async () => {
    const broker = await startMosquitto();
    const client = await online(broker.url, { clientId: "one" });
    expect(await client.subscribe(["lamp/set"])).toEqual([1]);
    const socket = connect(broker.tcpPort, "127.0.0.1");
    await once(socket, "connect");
    socket.destroy();
    // All of 127/8 is this machine: an address of it that was not asked for shows who listens everywhere.
    for (const port of [broker.port, broker.tcpPort]) await once(connect(port, "127.0.0.2"), "error");
    await broker.stop();
    await client.closed;
    await expect(WireClient.open(broker.url)).rejects.toThrow("ECONNREFUSED");
    expect(() => process.kill(broker.pid, 0)).toThrow("ESRCH");
  });

  test("keeps what it acknowledged through a kill, in a directory of its user's own", async () => {
    const directory = mkdtempSync(join(tmpdir(), "mosquitto-test-"));
    const first = await startMosquitto({ directory, persistence: true });
    const sender = await online(first.url, { clientId: "sender" });
    sender.publish("lamp/state", "on", { qos: 1, retain: true });
    await sender.next("puback");
    // It saves between two rounds of its loop.
    sender.send({ cmd: "pingreq" });
    await sender.next("pingresp");
    await first.kill();
    const second = await startMosquitto({ directory, persistence: true, port: first.port });
    expect(second.url).toBe(first.url);
    const reader = await online(second.url, { clientId: "reader" });
    await reader.subscribe(["lamp/state"]);
    expect((await reader.next("publish")).payload.toString()).toBe("on");
    await second.stop();
    expect(existsSync(directory)).toBe(true);
    rmSync(directory, { recursive: true });
  });

  test("tells why it did not start", async () => {
    const broker = await startMosquitto();
    await expect(startMosquitto({ port: broker.port })).rejects.toThrow(
      /mosquitto ended with \d+:[^]*listener on port/,
    );
    await broker.stop();
  });
});
