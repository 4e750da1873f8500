/** What the footprint is made of, and the record of it that `npm run check` compares with. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Build } from "../measure/board-run";
import type { BundleName } from "./uses";

export interface Bytes {
  /** Bundled ES5 before minifying, comments among it. */
  raw: number;
  minified: number;
  /** The minified text at gzip's level 9; of a module, its own part alone. */
  gzip: number;
}

export interface BundleBytes extends Bytes {
  /** By path from the project's root; "" is what the bundler wrote. Minified bytes add up to the bundle's. */
  modules: Record<string, Bytes>;
}

/** Variables above those of the same board without the bundle, after garbage collection. */
export interface Variables {
  /** At rest after its own code has run, connected to nothing, out of Storage and out of RAM. */
  loaded: number;
  loadedInMemory: number;
  /** Connected, subscribed and idle. */
  connected: number;
  connectedInMemory: number;
  /** The most there was until it was subscribed, when a function began or returned; out of Storage. */
  peakConnecting: number;
  /** The same while it publishes until its queue is full and receives as much. */
  peakBurst: number;
}

/** The counts in words, in the order of a board's life. */
export const VARIABLES: readonly (readonly [keyof Variables, string])[] = [
  ["loaded", "loaded, code in Storage"],
  ["loadedInMemory", "loaded, code in RAM"],
  ["connected", "connected and subscribed, code in Storage"],
  ["connectedInMemory", "connected and subscribed, code in RAM"],
  ["peakConnecting", "peak of connecting and signing"],
  ["peakBurst", "peak of a burst"],
];

/** The firmware with one feature alone: what it has above the firmware without any. `none` is that one itself, above nothing. */
export type ByFeature<T> = Record<string, T>;

/** What was counted on one kind of interpreter. */
export interface Counted {
  build: Build;
  bundles: Record<BundleName, Variables>;
  /** Out of Storage. */
  features?: ByFeature<Pick<Variables, "loaded" | "connected">>;
  /** The stock modules' counts, where they were at hand: by the module's name. */
  peers?: Record<string, Partial<Variables>>;
}

export interface Footprint {
  bytes: Record<BundleName, BundleBytes>;
  /** Bytes minified. */
  features?: ByFeature<number>;
  variables: Counted[];
  /** The stock modules. */
  peers?: Record<string, Bytes>;
}

/** The record that is kept with the project. */
export const RECORD = join(__dirname, "footprint.json");

export function readFootprint(file: string): Footprint {
  return JSON.parse(readFileSync(file, "utf8")) as Footprint;
}

export function writeFootprint(footprint: Footprint, file: string): void {
  writeFileSync(file, `${JSON.stringify(footprint, null, 2)}\n`);
}

/** True where figures of one interpreter hold for the other. */
export function sameKind(a: Build, b: Build): boolean {
  return (
    a.version === b.version &&
    a.blocksize === b.blocksize &&
    a.unicode === b.unicode &&
    a.crypto === b.crypto &&
    a.tls === b.tls
  );
}

/** `fresh`, and from `kept` what `fresh` did not look at: other kinds of interpreter, the features, the peers. */
export function merged(fresh: Footprint, kept: Footprint | undefined): Footprint {
  const variables = fresh.variables.map((counted): Counted => {
    const before = kept?.variables.find(({ build }) => sameKind(build, counted.build));
    return { ...counted, features: counted.features ?? before?.features, peers: counted.peers ?? before?.peers };
  });
  for (const counted of kept?.variables ?? []) {
    if (!variables.some(({ build }) => sameKind(build, counted.build))) variables.push(counted);
  }
  variables.sort((a, b) => a.build.blocksize - b.build.blocksize || Number(b.build.crypto) - Number(a.build.crypto));
  const { bytes, features = kept?.features, peers = kept?.peers } = fresh;
  return { bytes, features, variables, peers };
}
