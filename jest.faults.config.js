"use strict";

/** `npm run test:faults`: the long ones, under every fault. */
module.exports = { ...require("./jest.config"), roots: ["<rootDir>/host-tests/faults"], testPathIgnorePatterns: [] };
