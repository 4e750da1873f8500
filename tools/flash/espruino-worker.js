"use strict";
/**
 * The `espruino` package at work, in a thread of its own: it keeps its state in global variables and prints what it does.
 *
 * It talks to the board by the port that the parent has open. Messages from the parent: `{type: "bytes", bytes}` came from
 * the board, `{type: "written", id}`, `{type: "run", expression}`. To the parent: `{type: "ready"}`, `{type: "write", id, bytes}`,
 * `{type: "result", result}` with JSON, or undefined where the board gave no answer.
 */
const { parentPort } = require("node:worker_threads");

// What it prints is for those who develop it; what matters is told by messages.
for (const method of ["log", "info", "warn", "error"]) console[method] = () => undefined;

/** Any name will do: there is one port, and it is open. */
const PORT = "board";

let receive = () => undefined;
const written = new Map();
let lastWrite = 0;

/** The package's own way to bring a connection along. */
const device = {
  name: "Port of the parent",
  getPorts: (callback) => callback([{ path: PORT, description: "board" }], true),
  open(_path, opened, received) {
    receive = received;
    opened("Ok");
  },
  write(data, done) {
    written.set(++lastWrite, done);
    parentPort.postMessage({ type: "write", id: lastWrite, bytes: Buffer.from(data, "latin1") });
  },
  close: () => undefined,
};

require("espruino").init(() => {
  const { Espruino } = globalThis;
  Object.assign(Espruino.Config, {
    // It would ask the board what it is, and then a server on the Internet about it.
    ENV_ON_CONNECT: false,
    BOARD_JSON_URL: "",
    // What it sends in large blocks is never reported as sent when it is short.
    SERIAL_THROTTLE_SEND: 1,
    // Each piece is answered before the next is sent; a pause after each would only take time.
    STORAGE_UPLOAD_METHOD: 1,
  });
  // Whatever it may still want to fetch, it gets nothing.
  Espruino.addProcessor("getURL", (request, callback) => callback({ ...request, data: "" }));
  Espruino.Core.Serial.devices.splice(0, Infinity, device);
  Espruino.Core.Serial.startListening(() => undefined);
  Espruino.Core.Serial.open(PORT, (info) => parentPort.postMessage({ type: info ? "ready" : "failed" }));

  parentPort.on("message", (message) => {
    if (message.type === "bytes") {
      const { buffer, byteOffset, byteLength } = message.bytes;
      receive(buffer.slice(byteOffset, byteOffset + byteLength));
    } else if (message.type === "written") {
      const done = written.get(message.id);
      written.delete(message.id);
      if (done) done();
    } else {
      Espruino.Core.Utils.executeExpression(message.expression, (result) => {
        parentPort.postMessage({ type: "result", result });
      });
    }
  });
});
