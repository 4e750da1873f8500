/** A device.json onto a board: what `npm run provision` does once it knows what to write. */
import { textToBytes } from "../board/board";
import { Failure } from "../command-line/exit";
import type { BoardConsole } from "../console/board-console";
import { readFile, writeFile } from "../console/board-storage";
import { removeSavedNetwork } from "../console/saved-network";
import { checkDevice } from "../device-json/check";
import type { Json } from "../device-json/json";
import { hideSecrets } from "../device-json/secrets";

/** The file in Storage that tells the board who it is. */
const CONFIG = "device.json";
/** The private CA's certificate for wss, in DER. */
const CERTIFICATE = "ca.der";

/** A row of what happens: a word, and what there is to say. */
export type Show = (what: string, text: string) => void;

/** Writes a device.json, and the certificate where there is one. Rejects with a Failure. */
export async function provisionBoard(
  board: BoardConsole,
  device: Json,
  certificate: string | undefined,
  show: Show,
): Promise<void> {
  await removeSavedNetwork(board, show);
  if (certificate !== undefined) await put(board, CERTIFICATE, certificate, show);
  await put(board, CONFIG, textToBytes(JSON.stringify(device)), show);
}

async function put(board: BoardConsole, name: string, content: string, show: Show): Promise<void> {
  if ((await readFile(board, name)) === content)
    return show("same", `${name} is there already, not written: ${content.length} bytes`);
  await writeFile(board, name, content);
  show("written", `${name}, ${content.length} bytes, read back`);
}

/** What is on the board, secrets hidden. Rejects with a Failure where there is nothing, or nothing sound. */
export async function showBoard(board: BoardConsole, show: Show): Promise<void> {
  const certificate = await readFile(board, CERTIFICATE);
  if (certificate !== undefined) show(CERTIFICATE, `${certificate.length} bytes`);
  const content = await readFile(board, CONFIG);
  if (content === undefined) throw new Failure(`there is no ${CONFIG} on the board`);
  let device: unknown;
  try {
    device = JSON.parse(Buffer.from(content, "latin1").toString("utf8"));
  } catch {
    throw new Failure(`the board's ${CONFIG} is not JSON (${content.length} bytes)`);
  }
  console.log(JSON.stringify(hideSecrets(device), null, 2));
  const { faults } = checkDevice(device);
  if (faults.length > 0) throw new Failure(`the firmware refuses this:\n  ${faults.join("\n  ")}`);
}
