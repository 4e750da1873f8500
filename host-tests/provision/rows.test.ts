/** Which board each row of a CSV is for: refused as a whole before any board is touched. */
import { setField } from "../../tools/device-json/json";
import type { Row } from "../../tools/provision/rows";
import { checkRows, chooseRows } from "../../tools/provision/rows";
import { deviceJson } from "../fixtures/device-json";

function row(number: number, where: { port?: string; serial?: string }): Row {
  const device = structuredClone(deviceJson("broker"));
  setField(device, "broker.clientId", `bench-${number}`);
  return { number, device, ...where };
}

test("two rows by port for one port are refused", () => {
  const rows = [row(1, { port: "/dev/ttyUSB0" }), row(2, { port: "/dev/ttyUSB0" })];
  expect(() => chooseRows(rows, {})).toThrow(/nothing was written:\s+row 2: has the same port as row 1/);
  expect(chooseRows(rows, { row: 2 })).toEqual({ rows: [rows[1]] });
});

test("two rows for one serial number are refused, in either case of its letters", () => {
  const rows = [row(1, { serial: "a0b1" }), row(2, { serial: "A0B1" })];
  expect(() => checkRows(rows)).toThrow(/nothing was written:\s+row 2: has the same serial as row 1/);
});

test("rows for boards of their own are taken", () => {
  const rows = [
    row(1, { port: "/dev/ttyUSB0", serial: "a" }),
    row(2, { port: "/dev/ttyUSB1", serial: "b" }),
    row(3, {}),
  ];
  expect(() => checkRows(rows)).not.toThrow();
});

test("a port that is none is refused with its row", () => {
  const rows = [row(1, { port: "tcp://127.0.0.1" }), row(2, { port: "tcp://127.0.0.1:99999" })];
  expect(() => checkRows(rows)).toThrow(/nothing was written:\s+row 2: tcp:\/\/127.0.0.1:99999 is not of the form/);
});
