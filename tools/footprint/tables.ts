/** The footprint as Markdown: what the command prints and what the README shows. */
import { describeBuild } from "../measure/board-run";
import type { Cell } from "../measure/markdown";
import { markdownTable } from "../measure/markdown";
import type { Bytes, Counted, Footprint } from "./figures";
import { VARIABLES } from "./figures";
import { against } from "./targets";
import type { BundleName } from "./uses";

/** Bytes of a variable on an ESP32; counts on builds with larger ones are not a board's. */
const ESP32 = 14;

const BUNDLES: BundleName[] = ["mqtt-ws.js", "firmware.js"];

const BYTES: [keyof Bytes, string][] = [
  ["raw", "before minifying"],
  ["minified", "minified"],
  ["gzip", "minified, gzip"],
];

/** All tables, one under the other. */
export function describeFootprint(footprint: Footprint): string {
  return [
    bytesTable(footprint),
    ...footprint.variables.flatMap((counted) => [
      `Variables on ${describeBuild(counted.build)}:`,
      variablesTable(counted),
    ]),
    ...featuresTable(footprint),
    ...peersTables(footprint),
    "<details><summary>Bytes by module</summary>",
    modulesTable(footprint),
    "</details>",
  ].join("\n\n");
}

function bytesTable({ bytes }: Footprint): string {
  const rows = BYTES.map(([figure, what]) => [
    what,
    ...BUNDLES.flatMap((name) => {
      const value = bytes[name][figure];
      return [value, figure === "minified" ? against(name, figure, value) : ""];
    }),
  ]);
  return markdownTable(["bytes", ...BUNDLES.flatMap((name) => [name, "target"])], rows);
}

/** On an ESP32's variables with bytes and targets. */
function variablesTable({ build, bundles }: Counted): string {
  if (build.blocksize !== ESP32) {
    const rows = VARIABLES.map(([figure, what]) => [what, ...BUNDLES.map((name) => bundles[name][figure])]);
    return markdownTable(["variables", ...BUNDLES], rows);
  }
  const rows = VARIABLES.map(([figure, what]) => [
    what,
    ...BUNDLES.flatMap((name) => {
      const value = bundles[name][figure];
      return [inKilobytes(value), against(name, figure, value)];
    }),
  ]);
  return markdownTable(["variables", ...BUNDLES.flatMap((name) => [name, "target"])], rows);
}

/** A row for each feature, and the firmware that they add to. */
function featuresTable({ features, variables }: Footprint): string[] {
  if (!features) return [];
  const counted = variables.filter((entry) => entry.features);
  const columns = counted.flatMap(({ build }) =>
    ["loaded", "connected"].map(
      (when) => `${when}: variables of ${build.blocksize} bytes${build.crypto ? "" : ", no native hashes"}`,
    ),
  );
  const rows = Object.entries(features).map(([name, minified]): Cell[] => {
    const more = (value: number | undefined, target = "") => {
      if (value === undefined) return "";
      const figure = Math.abs(value).toLocaleString("en-US");
      if (name !== "none") return `${value < 0 ? "−" : "+"}${figure}`;
      return target ? `${figure} (${target})` : figure;
    };
    return [
      name === "none" ? "the firmware without any" : name,
      more(minified, against("firmware.js", "minified", minified)),
      ...counted.flatMap(({ build, features: added }) => {
        const connected = added![name]?.connected;
        const target = build.blocksize === ESP32 && connected ? against("firmware.js", "connected", connected) : "";
        return [more(added![name]?.loaded), more(connected, target)];
      }),
    ];
  });
  return [
    "What each feature adds, by itself, to firmware.js without any (code in Storage):",
    markdownTable(["feature", "bytes minified", ...columns], rows),
  ];
}

function inKilobytes(variables: number): string {
  return `${variables.toLocaleString("en-US")} (${((variables * ESP32) / 1000).toFixed(1)} kB)`;
}

/** The stock modules, and what the library is of the two it stands for. */
function peersTables({ bytes, variables, peers }: Footprint): string[] {
  if (!peers) return [];
  const names = Object.keys(peers);
  const row = (what: string, of: (name: string) => number | undefined, ours?: number): Cell[] => {
    const [mqtt, ws] = [of("MQTT"), of("ws")];
    const ratio = ours !== undefined && mqtt !== undefined && ws !== undefined ? (ours / (mqtt + ws)).toFixed(2) : "";
    return [what, ...names.map((name) => of(name) ?? ""), ours ?? "", ratio];
  };
  const rows = BYTES.map(([figure, what]) =>
    row(`bytes ${what}`, (name) => peers[name][figure], bytes["mqtt-ws.js"][figure]),
  );
  // One kind of interpreter is enough to compare on: the one most like a board, which comes first.
  const { build, bundles, peers: counted } = variables.find((entry) => entry.peers) ?? {};
  for (const [figure, what] of VARIABLES) {
    if (names.every((name) => counted?.[name]?.[figure] === undefined)) continue;
    const label = `variables of ${build!.blocksize} bytes, ${what}`;
    rows.push(row(label, (name) => counted![name]?.[figure], bundles!["mqtt-ws.js"][figure]));
  }
  return [
    "Beside the stock modules, minified by terser with its defaults (MQTT connects over bare TCP):",
    markdownTable(["", ...names, "mqtt-ws.js", "ratio to MQTT + ws"], rows),
  ];
}

function modulesTable({ bytes }: Footprint): string {
  const [library, firmware] = BUNDLES.map((name) => bytes[name].modules);
  const paths = [...new Set([...Object.keys(firmware), ...Object.keys(library)])];
  const rows = paths.map((path): Cell[] => {
    const part = firmware[path] ?? library[path];
    return [
      path || "(the bundler's own)",
      part.raw,
      firmware[path]?.minified ?? 0,
      library[path]?.minified ?? 0,
      part.gzip,
    ];
  });
  return markdownTable(["module", "before minifying", "in firmware.js", "in mqtt-ws.js", "gzip, by itself"], rows);
}
