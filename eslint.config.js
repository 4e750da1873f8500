"use strict";
const js = require("@eslint/js");
const ts = require("typescript-eslint");

/** Everything above a folder's own floor is out of its reach (see ARCHITECTURE.md). */
const above = (...folders) => ({
  "no-restricted-imports": [
    "error",
    { patterns: folders.map((folder) => ({ regex: folder, message: "a lower floor must not import a higher one" })) },
  ],
});

module.exports = ts.config(
  { ignores: ["dist/", "coverage/", "node_modules/"] },
  js.configs.recommended,
  ...ts.configs.recommended,
  {
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-console": "off",
      "@typescript-eslint/no-require-imports": "off",
      "@typescript-eslint/consistent-type-imports": "error",
      "no-undef": "off",
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // The board runs ES5 without hoisting: `var` and plain functions cost nothing to compile and read as they run.
    files: ["firmware/**/*.ts"],
    rules: {
      "@typescript-eslint/prefer-for-of": "off",
      "no-control-regex": "off",
      "@typescript-eslint/no-use-before-define": [
        "error",
        { functions: true, classes: true, variables: false, typedefs: false },
      ],
    },
  },
  {
    files: ["firmware/{bytes,seams}.ts", "firmware/vendor/**/*.ts"],
    rules: above("\\./(mqtt|websocket|platforms|board|device)"),
  },
  {
    files: ["firmware/mqtt/{packets,parser}.ts"],
    rules: above("\\.\\./(websocket|platforms|board|device)", "\\./(client|keepalive|outbox|backoff)"),
  },
  {
    files: ["firmware/mqtt/{keepalive,outbox,backoff}.ts"],
    rules: above("\\.\\./(websocket|platforms|board|device)", "\\./client"),
  },
  { files: ["firmware/mqtt/client.ts"], rules: above("\\.\\./(board|device)") },
  { files: ["firmware/websocket/*.ts"], rules: above("\\.\\./(mqtt|platforms|board|device)") },
  { files: ["firmware/platforms/*.ts"], rules: above("\\.\\./(mqtt|websocket|board|device)") },
  { files: ["firmware/board/*.ts"], rules: above("\\.\\./(mqtt|websocket|platforms|device)") },
);
