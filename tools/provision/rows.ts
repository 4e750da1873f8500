/** A CSV of boards: a row each, a column for each field of device.json, and two columns that say which board a row is for. */
import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { Failure, UsageError } from "../command-line/exit";
import { tcpAddress } from "../console/open-port";
import { checkDevice } from "../device-json/check";
import type { Json } from "../device-json/json";
import { getField, setField, typedValue } from "../device-json/json";

export interface Row {
  /** As a person counts: 1 is the row below the header. */
  number: number;
  /** Where its board is, from the column `port`. */
  port?: string;
  /** Its board's serial number, from the column `serial`. */
  serial?: string;
  device: Json;
}

/** The rows of a CSV file, each over a copy of `base`. Empty cells say nothing. Throws a UsageError. */
export function readRows(file: string, base: Json): Row[] {
  let records: Record<string, string>[];
  try {
    const text = readFileSync(file, "utf8");
    records = parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true }) as Record<string, string>[];
  } catch (error) {
    // What the parser quotes of the file may be a secret.
    const { code, lines } = error as { code?: string; lines?: number };
    throw new UsageError(
      `cannot read ${file}: ${lines ? `line ${lines}` : ""} ${code ?? "no CSV"}`.replace(/\s+/g, " "),
    );
  }
  if (records.length === 0) throw new UsageError(`${file} has no rows below its header`);
  return records.map((record, at) => {
    const device = structuredClone(base);
    const row: Row = { number: at + 1, device };
    for (const [column, text] of Object.entries(record)) {
      if (text === "") continue;
      if (column === "port") row.port = text;
      else if (column === "serial") row.serial = text;
      else setField(device, column, typedValue(column, text));
    }
    return row;
  });
}

/** Who a device is to its platform. */
function identity({ device }: Row): string {
  const fields = [
    "aliyun.productKey",
    "aliyun.deviceName",
    "ucloud.productSN",
    "ucloud.deviceSN",
    "broker.clientId",
    "url",
  ];
  return JSON.stringify([device.platform, ...fields.map((path) => getField(device, path))]);
}

/** What is wrong where two rows have the same of something; rows without it are not compared. */
function repeated(rows: readonly Row[], what: string, of: (row: Row) => string | undefined): string[] {
  const seen = new Map<string, number>();
  return rows.flatMap((row) => {
    const value = of(row);
    if (value === undefined) return [];
    const same = seen.get(value);
    if (same !== undefined) return [`row ${row.number}: has the same ${what} as row ${same}`];
    seen.set(value, row.number);
    return [];
  });
}

function refuse(faults: readonly string[]): void {
  if (faults.length > 0) throw new Failure(`nothing was written:\n  ${faults.join("\n  ")}`);
}

/** Throws a Failure with every fault of every row, and rows that would be one device: the platform puts each off in turn. */
export function checkRows(rows: readonly Row[]): void {
  const faults: string[] = [];
  const seen = new Map<string, number>();
  for (const row of rows) {
    for (const fault of checkDevice(row.device).faults) faults.push(`row ${row.number}: ${fault}`);
    try {
      tcpAddress(row.port ?? "");
    } catch (error) {
      faults.push(`row ${row.number}: ${(error as Error).message}`);
    }
    const same = seen.get(identity(row));
    if (same !== undefined) faults.push(`row ${row.number}: is the same device as row ${same}`);
    else seen.set(identity(row), row.number);
  }
  faults.push(...repeated(rows, "serial", ({ serial }) => serial?.toLowerCase()));
  refuse(faults);
}

/**
 * The rows to write, each with the port of its board:
 * `--row` names one row, for the board at `--port`; otherwise, with a column `port`, every row, one board after the other;
 * otherwise, with a column `serial`, the row of the board at `--port`, once its serial number is known (`bySerial`).
 */
export function chooseRows(
  rows: readonly Row[],
  given: { row?: number; port?: string },
): { rows: Row[] } | { bySerial: true } {
  if (given.row !== undefined) {
    const row = rows[given.row - 1];
    if (!row) throw new UsageError(`--row ${given.row}: there are rows 1 to ${rows.length}`);
    return { rows: [{ ...row, port: given.port ?? row.port }] };
  }
  if (given.port === undefined && rows.some(({ port }) => port !== undefined)) {
    const without = rows.filter(({ port }) => port === undefined);
    if (without.length > 0) throw new UsageError(`no port in row ${without.map(({ number }) => number).join(", ")}`);
    refuse(repeated(rows, "port", ({ port }) => port));
    return { rows: [...rows] };
  }
  if (rows.some(({ serial }) => serial !== undefined)) return { bySerial: true };
  throw new UsageError(
    "which row is for which board? Name a --row for the board at --port, or add a column port, or a column serial with what " +
      "getSerial() says on each board",
  );
}

/** The row of a board. Throws a Failure where there is none. */
export function rowOfSerial(rows: readonly Row[], serial: string): Row {
  const row = rows.find((row) => row.serial?.toLowerCase() === serial.toLowerCase());
  if (!row) throw new Failure(`no row is for this board: its serial number is ${serial}; nothing was written`);
  return row;
}
