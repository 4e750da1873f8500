"use strict";
const js = require("@eslint/js");
const ts = require("typescript-eslint");

const { floorRules } = require("./tools/floors/floors");

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
  ...floorRules,
);
