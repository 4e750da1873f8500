/** A console over TCP: a board that loses its power says no goodbye. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, Socket } from "node:net";
import { openPort } from "../../tools/console/open-port";

test("a TCP console probes a silent board", async () => {
  const server = createServer((peer) => peer.resume()).listen(0, "127.0.0.1");
  await once(server, "listening");
  const keepAlive = jest.spyOn(Socket.prototype, "setKeepAlive");
  const port = await openPort(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    expect(keepAlive).toHaveBeenCalledWith(true, 30_000);
  } finally {
    keepAlive.mockRestore();
    await port.close();
    server.close();
  }
});
