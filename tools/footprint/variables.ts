/** Variables that the bundles take on the interpreter, counted by it. */
import { runOnBoard } from "../measure/board-run";
import { deviceFile } from "../measure/device";
import { startServer } from "../measure/server";
import { Snapshot } from "./snapshot";

/** All variables of the firmware when it is connected, subscribed and idle. */
export async function snapshotConnected(firmware: string, binary: string): Promise<Snapshot> {
  const server = await startServer();
  const code = `${firmware}\nsetTimeout(function(){E.dumpVariables();print("~end")},1500);`;
  const files = { "device.json": JSON.stringify(deviceFile(server.webSocketPort)) };
  try {
    return await runOnBoard({ code, files, binary }, async (run) => {
      await run.told("~end");
      if (!run.lines.some((line) => line.includes('"event":"subscribed"')))
        throw new Error("it did not subscribe in time");
      return new Snapshot(run.lines);
    });
  } finally {
    await server.close();
  }
}
