"use strict";

/** Packages that ship ES modules only; jest's own module system wants them as CommonJS. */
const esModules = ["aedes", "@noble"];

module.exports = {
  testEnvironment: "node",
  // The tests of boards mostly wait; by default jest leaves one core idle.
  maxWorkers: 2,
  roots: ["<rootDir>/host-tests"],
  // These have a command of their own.
  testPathIgnorePatterns: ["/node_modules/", "/host-tests/faults/"],
  testMatch: ["**/*.test.ts"],
  transform: {
    "^.+\\.[tj]s$": [
      "ts-jest",
      {
        tsconfig: { target: "ES2022", module: "CommonJS", allowJs: true, esModuleInterop: true, isolatedModules: true },
        diagnostics: false,
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esModules.join("|")})/)`, "/dist/"],
};
