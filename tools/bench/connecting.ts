/** How long a connection takes, from the call to CONNACK, on a board of its own each time. */
import type { Bundle } from "../measure/bundle";
import { runOnBoard } from "../measure/board-run";
import { deviceFile } from "../measure/device";
import type { Peers } from "../measure/peers";
import { startServer } from "../measure/server";
import { parseStatus } from "../status-line";
import { STOCK } from "./messages";
import type { Series } from "./statistics";

export interface ConnectingOptions {
  binary: string;
  library: Bundle;
  firmware: Bundle;
  peers: Peers;
  runs: number;
  progress(what: string): void;
}

const TELL = `function(){print("~connected "+(getTime()-since)*1000)}`;

const OURS = (code: string, port: number) => `Modules.addCached("mqtt-ws",${JSON.stringify(code)});
var mqtt=require("mqtt-ws"),since=getTime();
mqtt.connect("ws://127.0.0.1:${port}/mqtt",{clientId:"ours"}).on("connect",${TELL});`;

const STOCK_CODE = (code: string, port: number) => `Modules.addCached("MQTT",${JSON.stringify(code)});
var client=require("MQTT").create("127.0.0.1",{client_id:"stock",port:${port}}),since=getTime();
client.on("connected",${TELL});
client.connect();`;

/** The library over WebSocket beside the stock module over bare TCP, and the firmware with signing. */
export async function measureConnecting(options: ConnectingOptions): Promise<Series[]> {
  const { binary, library, firmware, peers, runs, progress } = options;
  const server = await startServer();
  const clients: Series = { what: "connect", unit: "ms", ours: [], beside: peers.MQTT ? { [STOCK]: [] } : {} };
  const signing: Series = { what: "connect and sign, firmware", unit: "ms", ours: [], beside: {} };
  const timed = (code: string) =>
    runOnBoard({ code, inMemory: true, binary }, async (board) => Number(await board.told("~connected")));
  try {
    for (let run = 0; run < runs; run++) {
      progress(`run ${run + 1} of ${runs}: connect`);
      clients.ours.push(await timed(OURS(library.code, server.webSocketPort)));
      if (peers.MQTT) clients.beside[STOCK].push(await timed(STOCK_CODE(peers.MQTT.code, server.tcpPort)));
      const files = { "device.json": JSON.stringify(deviceFile(server.webSocketPort)) };
      const online = await runOnBoard({ code: firmware.code, files, inMemory: true, binary }, (board) =>
        board.line((line) => parseStatus(line)?.event === "online", "connection"),
      );
      signing.ours.push(Number(parseStatus(online)!.ms));
    }
  } finally {
    await server.close();
  }
  return [clients, signing];
}
