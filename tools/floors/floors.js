"use strict";

/**
 * The floors of firmware/ (ARCHITECTURE.md): which files each one may import, as paths below firmware/. A path that ends
 * in a slash stands for the whole folder. Anything else is above, or beside.
 */
const FLOORS = [
  { files: ["seams", "vendor/**/*"], may: [] },
  { files: ["errors", "bytes"], may: ["seams"] },
  { files: ["events"], may: ["seams", "errors"] },
  { files: ["mqtt/packets"], may: ["seams", "bytes", "errors"] },
  { files: ["mqtt/parser", "mqtt/topics"], may: ["seams", "bytes", "errors", "mqtt/packets"] },
  {
    files: ["mqtt/options", "mqtt/connect", "mqtt/client-events"],
    may: ["seams", "bytes", "errors", "mqtt/packets", "mqtt/parser", "mqtt/topics", "mqtt/options"],
  },
  {
    files: ["keepalive", "backoff", "countdown", "journal"].map((name) => `mqtt/${name}`),
    may: ["seams", "bytes", "errors", "mqtt/packets"],
  },
  { files: ["mqtt/pace"], may: ["seams"] },
  { files: ["mqtt/outbox", "mqtt/subscriptions"], may: ["seams", "errors", "events", "mqtt/packets"] },
  {
    files: ["mqtt/keeper"],
    may: [
      "seams",
      "errors",
      "events",
      ...["countdown", "journal", "outbox", "packets", "topics"].map((n) => `mqtt/${n}`),
    ],
  },
  { files: ["mqtt/client"], may: ["seams", "errors", "events", "mqtt/", "features/enabled"] },
  { files: ["websocket/frames", "websocket/handshake"], may: ["seams", "bytes", "errors"] },
  { files: ["websocket/client"], may: ["seams", "bytes", "errors", "websocket/"] },
  { files: ["platforms/*"], may: ["seams", "bytes", "platforms/", "vendor/", "features/enabled"] },
  { files: ["board/*"], may: ["seams", "errors", "board/", "vendor/"] },
  {
    files: ["device/*"],
    may: ["seams", "bytes", "errors", "events", "board/", "mqtt/", "websocket/", "platforms/", "device/", "features/"],
  },
  { files: ["features/enabled"], may: [] },
  {
    files: ["features/!(enabled)"],
    may: [
      ...["seams", "bytes", "errors", "events", "mqtt/", "websocket/", "platforms/", "vendor/", "features/"],
      ...["device/status", "device/records"],
    ],
  },
];

/** A regular expression for every relative import, as a file in `folder` writes it, but those of `may`. */
function refused(folder, may) {
  const written = may.map((path) => {
    const inside = folder && path.startsWith(`${folder}/`);
    const from = inside ? `\\./${path.slice(folder.length + 1)}` : `${folder ? "\\.\\./" : "\\./"}${path}`;
    return path.endsWith("/") ? `${from}[^.].*` : from;
  });
  return `^(?!(${written.join("|")})$)\\.`;
}

/** ESLint's configuration for each row. */
const floorRules = FLOORS.flatMap(({ files, may }) =>
  files.map((file) => ({
    files: [`firmware/${file}.ts`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: refused(file.includes("/") ? file.slice(0, file.indexOf("/")) : "", may),
              message: "this floor does not reach there (ARCHITECTURE.md)",
            },
          ],
        },
      ],
    },
  })),
);

module.exports = { floorRules };
