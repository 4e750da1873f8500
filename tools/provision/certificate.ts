import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { UsageError } from "../command-line/exit";

/** A certificate file, PEM or DER, as DER in a byte string: the one form that a board takes. Throws a UsageError. */
export function readCertificate(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${(error as Error).message}`);
  }
  const count = bytes.toString("latin1").split("-----BEGIN CERTIFICATE-----").length - 1;
  if (count > 1) throw new UsageError(`${file} holds ${count} certificates: leave only the CA's`);
  try {
    return new X509Certificate(bytes).raw.toString("latin1");
  } catch {
    throw new UsageError(`${file} is not a certificate in PEM or DER`);
  }
}
