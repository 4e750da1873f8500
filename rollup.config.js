"use strict";
require("tsx/cjs");
const typescript = require("@rollup/plugin-typescript");
const terser = require("@rollup/plugin-terser");
const { execFileSync } = require("node:child_process");
const { join } = require("node:path");
const { unwrapPlugin } = require("./tools/build/unwrap-classes");
const { featuresPlugin, parseFeatures } = require("./tools/build/features");
const { devirtualizePlugin } = require("./tools/build/devirtualize");
const { inlinePlugin } = require("./tools/build/inline");
const { foldPlugin } = require("./tools/build/fold");
const { globalsPlugin, RARE, RESERVED } = require("./tools/build/names");
const { rarePlugin } = require("./tools/build/rare");
const { shelfPlugin } = require("./tools/build/shelf");
const { uniqueMethods } = require("./tools/build/unique-methods");
const { modulesPlugin } = require("./tools/build/modules");
const { gatePlugin } = require("./tools/gate");
const { version } = require("./package.json");

/** What tools/build/bundle.ts hands over: the features, the folder to build in, the one bundle that is wanted. */
const { BUILD_FEATURES, BUILD_DIST: DIST = "dist", BUILD_ONLY } = process.env;
const features = parseFeatures(BUILD_FEATURES);

/**
 * Squeezed for an interpreter that reads the source as it runs and does not hoist: functions and variables move to the top of
 * their scope, and what is never used goes.
 */
const compress = () =>
  terser({
    ecma: 5,
    toplevel: true,
    compress: {
      ecma: 5,
      passes: 3,
      hoist_funs: true,
      hoist_vars: true,
      // The interpreter skips a block that it does not run much faster than the other branch of an expression.
      conditionals: false,
      sequences: false,
      // Called once or inlined, these would only grow loops and functions that the interpreter reads again each time.
      inline: 1,
      reduce_funcs: false,
      global_defs: { VERSION: version },
    },
    mangle: false,
    format: { beautify: true, ascii_only: true },
  });

/** Properties of the firmware's own objects, which neither the interpreter, device.json nor a user's program ever sees. */
const INNER =
  "returnCode sessionPresent oversize silent quiet owed ticks tick packet flying stale gone done waiting topicBytes " +
  "topicSlashes subscriptions plain limits endpoint store told exposure client runtime asked " +
  "timing theirs prefix step own cloud";

/** Private names shrink, and nothing but ASCII is written. */
const mangle = () =>
  terser({
    ecma: 5,
    toplevel: true,
    compress: false,
    keep_fnames: RARE,
    mangle: {
      toplevel: true,
      reserved: RESERVED,
      properties: { builtins: true, regex: new RegExp(`^(_.*|${INNER.replace(/ /g, "|")})$`) },
    },
    format: { ascii_only: true, braces: true },
  });

/** What runs for each message, and what others run all the time. */
const HOT = [
  "publishPacket",
  "packet",
  "uint16",
  "uint16At",
  "isAsBefore",
  "Outbox$waiting",
  "Outbox$flying",
  "Outbox$fits",
  "clientFrame",
  "pubackPacket",
  "WebSocketClient$send",
  "WebSocketClient$data",
  "WebSocketClient$drain",
  "WebSocketClient$_frames",
  "WebSocketClient$_write",
  "BoardSocket$write",
  "Client$publish",
  "Client$channelBytes",
  "Client$channelDrain",
  "Client$_send",
  "Client$_pump",
  "Client.receive",
  "Client.keep",
  "Client.hold",
  "BoardRuntime$setTimeout",
  "BoardRuntime$now",
  "BoardRuntime$random",
  "BoardRuntime$buffer",
  "BoardRuntime$bytes",
  "BoardRuntime$encode",
  "BoardRuntime$decode",
  "Client$_message",
  "Events$emit",
  "Parser$push",
  "asText",
];

/** Methods of faces that only the firmware itself calls. */
const TOLD = [
  "Client.channelOpen",
  "Client.channelBytes",
  "Client.channelDrain",
  "Client.channelClose",
  "Client.ping",
  "Client.dead",
  "Client.due",
  "Client.receive",
  "Client.keep",
  "Client.hold",
  "Device.told",
  "Device.tell",
  "Device.endpoint",
  "Device.online",
  "Device.session",
  "Device.networkUp",
  "Device.networkDown",
];

/** Writes dist/types and dist/mqtt-ws.d.ts, the library's face for TypeScript users. */
const declarations = () => ({
  name: "declarations",
  writeBundle() {
    execFileSync(process.execPath, [
      require.resolve("typescript/bin/tsc"),
      ...[
        "-p",
        "firmware",
        "--noEmit",
        "false",
        "--emitDeclarationOnly",
        "--declaration",
        "--outDir",
        join(DIST, "types"),
      ],
    ]);
    require("node:fs").writeFileSync(join(DIST, "mqtt-ws.d.ts"), 'export * from "./types/index";\n');
  },
});

const bundle = (input, file, format, { faces, features }, ...more) => ({
  input,
  output: {
    file,
    format,
    sourcemap: "hidden",
    strict: false,
    esModule: false,
    exports: format === "cjs" ? "named" : undefined,
  },
  plugins: [
    featuresPlugin(features),
    typescript({
      ...{ tsconfig: "firmware/tsconfig.json", noEmit: false, sourceMap: true, include: ["firmware/**/*.ts"] },
      transformers: { before: [uniqueMethods] },
    }),
    unwrapPlugin(),
    devirtualizePlugin(faces, TOLD),
    inlinePlugin(HOT),
    foldPlugin(HOT),
    compress(),
    gatePlugin(),
    rarePlugin(HOT),
    ...(format === "es" ? [globalsPlugin()] : []),
    mangle(),
    shelfPlugin(),
    gatePlugin(true),
    modulesPlugin(__dirname),
    ...more,
  ],
});

module.exports = [
  bundle("firmware/main.ts", join(DIST, "firmware.js"), "es", { faces: ["Device"], features: features }),
  bundle("firmware/index.ts", join(DIST, "mqtt-ws.js"), "cjs", { faces: ["Client"], features: [] }, declarations()),
].filter(({ output }) => !BUILD_ONLY || output.file === join(DIST, BUILD_ONLY));
