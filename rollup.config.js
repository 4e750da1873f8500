"use strict";
require("tsx/cjs");
const typescript = require("@rollup/plugin-typescript");
const terser = require("@rollup/plugin-terser");
const { execFileSync } = require("node:child_process");
const { join } = require("node:path");
const { coldPlugin, unwrapPlugin } = require("./tools/build/cold");
const { featuresPlugin, parseFeatures } = require("./tools/build/features");
const { modulesPlugin } = require("./tools/build/modules");
const { gatePlugin } = require("./tools/gate");
const { version } = require("./package.json");

/** What tools/build/bundle.ts hands over: the features, the folder to build in, the one bundle that is wanted. */
const { BUILD_FEATURES, BUILD_DIST: DIST = "dist", BUILD_ONLY } = process.env;
const features = featuresPlugin(parseFeatures(BUILD_FEATURES));

/**
 * TypeScript to ES5, one file, squeezed for an interpreter that reads the source as it runs and does not hoist:
 * functions and variables move to the top of their scope, private names shrink, and nothing but ASCII is written.
 */
const squeeze = () =>
  terser({
    ecma: 5,
    toplevel: true,
    compress: {
      ecma: 5,
      passes: 3,
      hoist_funs: true,
      hoist_vars: true,
      // Called once or inlined, these would only grow loops and functions that the interpreter reads again each time.
      inline: 1,
      reduce_funcs: false,
      global_defs: { VERSION: version },
    },
    mangle: { toplevel: true, properties: { regex: /^_/ } },
    format: { ascii_only: true },
  });

/** What runs at boot or once for each connect. */
const COLD = [
  "firmware/board/entropy.ts",
  "firmware/device/config.ts",
  "firmware/device/survival.ts",
  "firmware/features/registration.ts",
  "firmware/features/shadow-messages.ts",
  "firmware/features/thing-messages.ts",
  "firmware/mqtt/connect.ts",
  "firmware/mqtt/options.ts",
  "firmware/platforms/endpoint.ts",
  "firmware/vendor/tiny-hmac-sha1/index.ts",
  "firmware/websocket/handshake.ts",
];

/** What those use and other code needs all the time. */
const HOT = [
  "firmware/board/storage.ts",
  "firmware/bytes.ts",
  "firmware/device/status.ts",
  "firmware/errors.ts",
  "firmware/mqtt/client.ts",
  "firmware/mqtt/packets.ts",
  "firmware/mqtt/topics.ts",
  "firmware/websocket/client.ts",
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

const bundle = (input, file, format, ...more) => ({
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
    features,
    coldPlugin(COLD, HOT, [features]),
    typescript({ tsconfig: "firmware/tsconfig.json", noEmit: false, sourceMap: true, include: ["firmware/**/*.ts"] }),
    unwrapPlugin(),
    squeeze(),
    gatePlugin(),
    modulesPlugin(__dirname),
    ...more,
  ],
});

module.exports = [
  bundle("firmware/main.ts", join(DIST, "firmware.js"), "iife"),
  bundle("firmware/index.ts", join(DIST, "mqtt-ws.js"), "cjs", declarations()),
].filter(({ output }) => !BUILD_ONLY || output.file === join(DIST, BUILD_ONLY));
