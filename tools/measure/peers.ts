/** The stock modules of espruino.com/modules, where somebody has put them: the project itself holds none of them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { minify } from "terser";
import { Failure } from "../command-line/exit";

export interface Peer {
  /** As it is published. */
  source: string;
  /** Minified by terser, with its defaults. */
  code: string;
}

export const PEER_NAMES = ["MQTT", "ws", "hmac", "crypto"] as const;
export type PeerName = (typeof PEER_NAMES)[number];
export type Peers = Partial<Record<PeerName, Peer>>;

/** Reads what a folder has of MQTT.js, ws.js, hmac.js and crypto.js. Throws where it has none of them. */
export async function readPeers(folder: string): Promise<Peers> {
  const peers: Peers = {};
  for (const name of PEER_NAMES) {
    const file = join(folder, `${name}.js`);
    if (!existsSync(file)) continue;
    const source = readFileSync(file, "utf8");
    // What squeezes our bundles costs these variables: more of their functions would stay.
    const { code } = await minify(source, { ecma: 5, toplevel: true, format: { ascii_only: true } });
    peers[name] = { source, code: code! };
  }
  if (Object.keys(peers).length === 0) {
    throw new Failure(`${folder} holds none of ${PEER_NAMES.map((name) => `${name}.js`).join(", ")}`);
  }
  return peers;
}
