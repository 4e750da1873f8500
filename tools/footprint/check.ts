/** What has grown past the record. */
import type { BundleBytes, Footprint, Variables } from "./figures";
import { sameKind, VARIABLES } from "./figures";
import type { BundleName } from "./uses";

/** How far a count may go above the record: a timer or a packet more or less in flight. */
const SLACK: Record<keyof Variables, number> = {
  loaded: 2,
  loadedInMemory: 2,
  connected: 4,
  connectedInMemory: 4,
  peakConnecting: 20,
  peakBurst: 40,
};

/** A line for each figure of `now` that is above `then`; kinds of interpreter that `then` does not know are passed over. */
export function growth(now: Footprint, then: Footprint): string[] {
  const names = Object.keys(now.bytes) as BundleName[];
  return [
    ...names.flatMap((name) => bytesGrown(name, now.bytes[name], then.bytes[name])),
    ...now.variables.flatMap(({ build, bundles }) => {
      const before = then.variables.find((counted) => sameKind(counted.build, build))?.bundles;
      return before ? names.flatMap((name) => variablesGrown(name, bundles[name], before[name])) : [];
    }),
  ];
}

/** Gzip's length hangs on the Node that runs it, so it is not held against the record. */
function bytesGrown(name: string, now: BundleBytes, then: BundleBytes): string[] {
  if (now.minified <= then.minified) return [];
  const modules = Object.entries(now.modules)
    .map(([path, { minified }]) => ({ path, more: minified - (then.modules[path]?.minified ?? 0) }))
    .filter(({ more }) => more > 0)
    .sort((a, b) => b.more - a.more)
    .map(({ path, more }) => `${path || "the bundler's own"} +${more}`);
  return [`${name}: ${now.minified} bytes minified, recorded are ${then.minified} (${modules.join(", ")})`];
}

function variablesGrown(name: string, now: Variables, then: Variables): string[] {
  return VARIABLES.filter(([figure]) => now[figure] > then[figure] + SLACK[figure]).map(
    ([figure, what]) => `${name}: ${now[figure]} variables ${what}, recorded are ${then[figure]}`,
  );
}
